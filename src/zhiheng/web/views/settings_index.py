"""Settings: one page that names everything an administrator can set, as far as the person may."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from zhiheng.kernel.actor import current
from zhiheng.platform.grants import may
from zhiheng.records import registry
from zhiheng.records.routes import record_url
from zhiheng.web.views.page import signed_in_page


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the settings: record types of some apps."""

    title: Promise
    text: Promise
    icon: str
    apps: tuple[str, ...]


AREAS = (
    Area(
        _("People and access"),
        _("Who works here, in which teams, and what they may do."),
        "users-group",
        ("accounts", "platform"),
    ),
    Area(
        _("Services and agreements"),
        _("What is provided and what is promised."),
        "heart-handshake",
        ("catalog", "agreements"),
    ),
    Area(
        _("Processes and priorities"),
        _("How work runs, and what comes first."),
        "route",
        ("processes", "desk"),
    ),
    Area(
        _("Working time"),
        _("Service hours, holidays and make-up working days."),
        "calendar-time",
        ("calendars",),
    ),
    Area(_("Configuration"), _("Classes, items and their relations."), "server", ("cmdb",)),
)
NOT_SETTINGS = frozenset({"desk.ticket"})


@signed_in_page
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Areas with the lists that the person may open."""
    actor = current().actor
    areas = []
    for area in AREAS:
        links = [
            (record_type.title_plural, record_url(record_type, "list"))
            for record_type in registry
            if record_type.app in area.apps
            and record_type.label not in NOT_SETTINGS
            and may(actor, "view", record_type.model)
        ]
        if links:
            areas.append((area, links))
    return render(request, "web/operations/settings.html", {"areas": areas})
