"""The first page: work for those who work here, the portal for everybody else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET

from zhiheng.desk.queries import works_the_desk
from zhiheng.kernel.actor import current
from zhiheng.ui.navigation import allowed_items
from zhiheng.web.queries.places import has_workspace
from zhiheng.web.views.page import signed_in_page

MY_WORK = "desk:my_work"


@signed_in_page
@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Lead a person to where their day begins."""
    actor = current().actor
    if not has_workspace(actor):
        return redirect("web:portal")
    if works_the_desk(actor):
        return redirect(MY_WORK)
    items = allowed_items(request)
    return redirect(items[0].url if items else "web:portal")
