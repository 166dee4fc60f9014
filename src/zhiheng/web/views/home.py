"""The first page: work for those who work here, the portal for everybody else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from zhiheng.desk.models import Ticket
from zhiheng.kernel.actor import current
from zhiheng.platform.grants import may
from zhiheng.ui.navigation import Group, allowed_items
from zhiheng.web.queries.places import has_workspace
from zhiheng.web.views.page import signed_in_page

MY_WORK = "desk:my_work"


@signed_in_page
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Lead a person to where their day begins: tickets, the figures, or the first page that they may open."""
    actor = current().actor
    if not has_workspace(actor):
        return redirect("web:portal")
    if may(actor, "note", Ticket):
        return redirect(MY_WORK)
    items = allowed_items(request)
    measuring = [item for item in items if item.group is Group.MEASURE]
    return redirect((measuring or items)[0].url if items else "web:portal")
