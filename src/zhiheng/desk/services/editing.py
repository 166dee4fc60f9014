"""Changing what a ticket says of itself: title, service, customer … State, assignee and priority have acts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhiheng.desk.models import Ticket
from zhiheng.desk.services.clocks import drive_clocks
from zhiheng.kernel.errors import InvalidInput
from zhiheng.kernel.time import now

EDITABLE = frozenset(
    {
        "title", "requester", "organisation", "contract", "service", "offering", "channel", "category", "subcategory",
        "symptom", "location", "cause_code", "solution", "service_effect", "onset_at", "confidential", "is_test",
    }
)  # fmt: skip


def edit_ticket(*, ticket: Ticket, **values: Any) -> Ticket:
    """Set the given fields of a ticket whose row the caller has locked.

    Commitments that come to apply by it, or no longer do, move the clocks. Raises InvalidInput for a field that only
    an act may change, and for a fault that begins in the future.
    """
    for name in values:
        if name not in EDITABLE:
            raise InvalidInput(
                _("This field is changed by an act of its own."), code="not_editable", field=name
            )
    onset: datetime | None = values.get("onset_at")
    if onset is not None and onset > now():
        raise InvalidInput(_("This time lies in the future."), code="in_future", field="onset_at")
    for name, value in values.items():
        setattr(ticket, name, value)
    ticket.full_clean(exclude=["kind"])
    ticket.updated_at = now()
    ticket.save()
    drive_clocks(ticket=ticket)
    return ticket
