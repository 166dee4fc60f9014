"""The list of tickets: the derived page with the way to the board."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from zhiheng.desk.records.tickets import TICKET
from zhiheng.records.views.listing import ListPage


class Queue(ListPage):
    """`/desk/tickets/`."""

    record_type = TICKET

    def render(self, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """The list, its heading the name of the queue."""
        if template == "records/list.html":
            template = "desk/queue.html"
            context["board_url"] = f"{reverse('desk:board')}?{context.get('query', '')}"
        return super().render(template, context, status)
