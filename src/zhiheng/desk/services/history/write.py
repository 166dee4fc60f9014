"""Cases as rows worked out to the last parameter, and the writing of them, which is then nothing but inserts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from zhiheng.desk import events
from zhiheng.desk.models import Ticket, TicketClock, TicketItem
from zhiheng.desk.models.clocks import LIVE
from zhiheng.desk.services.history.cases import Case
from zhiheng.desk.services.history.insert import Keys, Table
from zhiheng.desk.services.history.rows import Frame, clocks_of, steps_of, ticket_values
from zhiheng.platform.db.buffer import Pending
from zhiheng.platform.journal import append_encoded, encode_history
from zhiheng.records.models import SearchDocument
from zhiheng.records.registry import registry
from zhiheng.records.search.index import columns_of_documents

Parameters = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """The keys kept free for one case."""

    number: str
    ticket_id: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """A case worked out to the last parameter, and not yet written."""

    ticket: Parameters
    clocks: list[Parameters]
    entries: list[Pending]
    documents: list[Parameters]
    items: list[TicketItem]


class Writer:
    """The tables that loading writes, with the keys kept free in them. ``entries`` counts what was written."""

    def __init__(self) -> None:
        self.entries = 0
        self._tickets, self._clocks, self._documents = (
            Table(Ticket),
            Table(TicketClock),
            Table(SearchDocument),
        )
        self._clock_keys, self._document_keys = Keys(TicketClock), Keys(SearchDocument)
        self._record_type = registry["desk.ticket"]

    def prepare(self, case: Case, place: Place, frame: Frame) -> Prepared:
        """Everything about a case that needs no lock on its rows."""
        values = ticket_values(case, frame) | {"id": place.ticket_id, "number": place.number}
        clocks = clocks_of(case, values, frame)
        values["next_due_at"] = min(
            (clock["due_at"] for clock in clocks if clock["state"] in LIVE and clock["due_at"]), default=None
        )
        ticket = self._tickets.row(values)
        item_id = frame.directory.items.get(case.texts.get("ci", ""))
        return Prepared(
            ticket=self._tickets.parameters(ticket),
            clocks=[
                self._clocks.parameters(self._clocks.row({"id": next(self._clock_keys), **clock}))
                for clock in clocks
            ],
            entries=encode_history(
                steps_of(case, ticket, frame),
                act=events.RECORDED,
                record_type=self._record_type.label,
                record_id=place.ticket_id,
            ),
            documents=[
                self._documents.parameters(self._documents.row({"id": next(self._document_keys), **columns}))
                for columns in columns_of_documents(
                    self._record_type, SimpleNamespace(**ticket), {}, record_id=place.ticket_id
                )
            ],
            items=[TicketItem(ticket_id=place.ticket_id, item_id=item_id)] if item_id else [],
        )

    def write(self, prepared: Sequence[Prepared]) -> None:
        """Write some cases inside the caller's transaction."""
        self._tickets.insert([each.ticket for each in prepared])
        if items := [item for each in prepared for item in each.items]:
            TicketItem.objects.bulk_create(items)
        self._clocks.insert([clock for each in prepared for clock in each.clocks])
        self._documents.insert([document for each in prepared for document in each.documents])
        for each in prepared:
            append_encoded(each.entries)
            self.entries += len(each.entries)
