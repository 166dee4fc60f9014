"""The list of tickets: the derived page with the way to the board; and which of its tabs a person's queue opens on."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from zhiheng.desk import queries
from zhiheng.desk.records.tickets import TICKET
from zhiheng.kernel.actor import Actor
from zhiheng.platform.grants import person_of
from zhiheng.platform.views import saved_view
from zhiheng.records.routes import record_url
from zhiheng.records.views.base import RecordView
from zhiheng.records.views.listing import ListPage

YEAR_S = 365 * 86_400
ALL = "all"


class Queue(ListPage):
    """`/desk/tickets/`. The tab that is looked at is remembered, so that the queue opens there the next time."""

    record_type = TICKET

    def render(self, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """The list, its heading the name of the queue."""
        if template != "records/list.html":
            return super().render(template, context, status)
        context["board_url"] = f"{reverse('desk:board')}?{context.get('query', '')}"
        response = super().render("desk/queue.html", context, status)
        tab = tab_of(self.request)
        if tab and self.request.COOKIES.get(cookie_of(self.actor)) != tab:
            # A cookie, not a row: reading a list must not write.
            response.set_cookie(
                cookie_of(self.actor), tab, max_age=YEAR_S, path=reverse("desk:my_work"), httponly=True,
                samesite="Lax", secure=self.request.is_secure(),
            )  # fmt: skip
        return response


class OpenQueue(RecordView):
    """`/desk/queue/`: on to the tab looked at last; at first to the one where the person's work is."""

    record_type = TICKET

    def get(self, request: HttpRequest) -> HttpResponse:
        self.demand("view")
        query = remembered(self.actor, request.COOKIES.get(cookie_of(self.actor), ""))
        if query is None:
            query = f"view={queries.first_queue(self.actor)}"
        return redirect(record_url(TICKET, "list") + (f"?{query}" if query else ""))


def tab_of(request: HttpRequest) -> str:
    """The tab that an address asks for, in few letters; "" for a list that was reached by a filter alone."""
    for name in ("saved", "view"):
        if request.GET.get(name):
            return f"{name}:{request.GET[name]}"
    return "" if request.GET else ALL


def cookie_of(actor: Actor) -> str:
    """The cookie that remembers the tab: each person who shares a device has one."""
    return f"zhiheng_queue_{person_of(actor) or 0}"


def remembered(actor: Actor, tab: str) -> str | None:
    """The query of a remembered tab; None where nothing is remembered or the tab is gone."""
    if tab == ALL:
        return ""
    name, _colon, value = tab.partition(":")
    if name == "view" and any(view.name == value for view in TICKET.views):
        return f"view={value}"
    if name == "saved" and value.isdigit() and (kept := saved_view(actor, int(value))) is not None:
        return f"{kept.query}&saved={kept.pk}"
    return None
