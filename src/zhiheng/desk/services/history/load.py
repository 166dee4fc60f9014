"""Writing the cases of a log in short, rested transactions; run again, it goes on where it stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from zhiheng.accounts.models import Organisation
from zhiheng.accounts.queries import ancestors_of
from zhiheng.agreements.queries import terms_in_force, terms_of
from zhiheng.analyze.log import EventLog
from zhiheng.calendars.queries import version_in_force
from zhiheng.desk.models import Ticket, TicketClock, TicketItem
from zhiheng.desk.services.clocks import earliest_due
from zhiheng.desk.services.history.cases import Case, Window, cases_of
from zhiheng.desk.services.history.directory import build_directory
from zhiheng.desk.services.history.insert import Keys, insert_rows, parameters_of, reserve_ids
from zhiheng.desk.services.history.process import process_for_log
from zhiheng.desk.services.history.rows import Frame, clocks_of, entries_of, ticket_of
from zhiheng.kernel.actor import Cause, acting, current
from zhiheng.kernel.time import now
from zhiheng.platform.jobs import checkpoint, paced, progress
from zhiheng.platform.journal import NewEntry, append_history
from zhiheng.processes.models import Kind
from zhiheng.processes.services import next_numbers
from zhiheng.records.models import SearchDocument
from zhiheng.records.registry import registry
from zhiheng.records.search.index import documents_of


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a load did."""

    tickets: int
    entries: int
    already_there: int


def load_history(
    *,
    log: EventLog,
    kind: Kind,
    source: str,
    organisation: Organisation | None = None,
    window: Window = Window(),  # noqa: B008 - frozen value
    state_names: dict[str, dict[str, str]] | None = None,
    as_of: datetime | None = None,
) -> LoadResult:
    """Load a log: teams, requesters and services by name, a ticket per case, an entry per row, clocks derived.

    Idempotent by ``external_ref``: cases loaded before are left alone, so an interrupted load can be started again.
    Raises Cancelled (see jobs) between two transactions when somebody stops it.
    """
    with acting(current().actor, Cause.HISTORY):
        cases = list(cases_of(log, window))
        with transaction.atomic():
            frame = _frame(
                cases,
                kind=kind,
                source=source,
                organisation=organisation,
                names=state_names or {},
                as_of=as_of,
            )
        known = set(
            Ticket.objects.filter(external_ref__startswith=f"{source}:").values_list(
                "external_ref", flat=True
            )
        )
        fresh = [case for case in cases if f"{source}:{case.name}"[:120] not in known]
        places = _reserve(fresh, kind) if fresh else []
        clock_keys, document_keys = Keys(TicketClock), Keys(SearchDocument)
        written = [0]

        def write(chunk: Sequence[Prepared]) -> None:
            written[0] += write_prepared(chunk)

        def after(count: int) -> None:
            progress(done=count, total=len(fresh))
            checkpoint()

        # Prepared outside the transactions, lazily: deriving clocks is most of the work and needs no lock.
        paced(
            (
                prepare(case, place, frame, clock_keys=clock_keys, document_keys=document_keys)
                for case, place in zip(fresh, places, strict=True)
            ),
            write,
            after=after,
        )
    return LoadResult(tickets=len(fresh), entries=written[0], already_there=len(cases) - len(fresh))


@dataclass(frozen=True, slots=True)
class Place:
    """The keys kept free for one case."""

    number: str
    ticket_id: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """A case worked out to the last parameter, and not yet written."""

    ticket: tuple[Any, ...]
    clocks: list[tuple[Any, ...]]
    entries: list[NewEntry]
    documents: list[tuple[Any, ...]]
    items: list[TicketItem]


def prepare(case: Case, place: Place, frame: Frame, *, clock_keys: Keys, document_keys: Keys) -> Prepared:
    """Everything about a case that needs no lock on its rows."""
    ticket = ticket_of(case, place.number, frame)
    clocks = clocks_of(case, ticket, frame)
    ticket.next_due_at = earliest_due(clocks)
    ticket.pk = place.ticket_id
    for clock in clocks:
        clock.pk, clock.ticket_id = next(clock_keys), place.ticket_id
    documents = list(documents_of(registry["desk.ticket"], ticket, {}))
    for document in documents:
        document.pk = next(document_keys)
    item_id = frame.directory.items.get(case.texts.get("ci", ""))
    items = [TicketItem(ticket_id=place.ticket_id, item_id=item_id)] if item_id else []
    return Prepared(
        parameters_of(ticket),
        [parameters_of(clock) for clock in clocks],
        list(entries_of(case, ticket, frame)),
        [parameters_of(document) for document in documents],
        items,
    )


def write_prepared(prepared: Sequence[Prepared]) -> int:
    """Write some cases inside the caller's transaction. Returns the number of entries."""
    insert_rows(Ticket, [each.ticket for each in prepared])
    TicketItem.objects.bulk_create([item for each in prepared for item in each.items])
    insert_rows(TicketClock, [clock for each in prepared for clock in each.clocks])
    insert_rows(SearchDocument, [document for each in prepared for document in each.documents])
    return append_history(entry for each in prepared for entry in each.entries)


def _reserve(cases: Sequence[Case], kind: Kind) -> list[Place]:
    """Numbers and keys in one go: inside each short transaction they would cost as much as the rows."""
    with transaction.atomic():
        numbers = next_numbers(kind=kind, count=len(cases))
        ids = reserve_ids(Ticket, len(cases))
    return [Place(number, key) for number, key in zip(numbers, ids, strict=True)]


def _frame(
    cases: Sequence[Case], *, kind: Kind, source: str, organisation: Organisation | None,
    names: dict[str, dict[str, str]], as_of: datetime | None,
) -> Frame:  # fmt: skip
    states = {row.state: row.category for case in cases for row in case.rows}
    arcs = {(a.state, b.state) for case in cases for a, b in zip(case.rows, case.rows[1:], strict=False)}
    commitments = terms_in_force()
    return Frame(
        kind=kind,
        version=process_for_log(
            kind=kind, states=states, arcs=arcs, slug=f"{kind.slug}-{source}", names=names
        ),
        directory=build_directory(cases, organisation=organisation, source=source),
        commitments=commitments,
        terms=tuple(terms_of(each) for each in commitments.values()),
        calendar_versions={
            each.calendar_id: version_in_force(calendar=each.calendar).pk
            for each in commitments.values()
            if each.calendar is not None and each.calendar_id is not None
        },
        organisation_ids=tuple(ancestors_of(organisation.pk)) if organisation else (),
        source=source,
        as_of=as_of or now(),
    )
