"""The first page: work for those who work here, the portal for everybody else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from zhiheng.accounts.models import Person
from zhiheng.desk.models import Ticket
from zhiheng.kernel.actor import current
from zhiheng.platform.grants import may
from zhiheng.platform.models import Entry, Parked, RoleAssignment
from zhiheng.records.registry import registry
from zhiheng.records.routes import record_url
from zhiheng.ui.navigation import Group, allowed_items
from zhiheng.web.queries.places import has_workspace
from zhiheng.web.views.page import signed_in_page

MY_WORK = "desk:my_work"
# What each administrative role alone may do, and the list its work begins with.
ADMINISTRATION = (("change", Parked, Person), ("add", RoleAssignment, RoleAssignment))


@signed_in_page
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Lead a person to where their day begins: tickets, administration, figures, or the first page they may open."""
    actor = current().actor
    if not has_workspace(actor):
        return redirect("web:portal")
    if may(actor, "note", Ticket):
        return redirect(MY_WORK)
    for action, model, listed in ADMINISTRATION:
        record_type = registry.of(listed)
        if record_type is not None and may(actor, action, model):
            return redirect(record_url(record_type, "list"))
    if may(actor, "view", Entry):
        return redirect("web:journal")
    items = allowed_items(request)
    measuring = [item for item in items if item.group is Group.MEASURE]
    return redirect((measuring or items)[0].url if items else "web:portal")
