"""Writing the cases of a log in short, rested transactions; run again, it goes on where it stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from zhiheng.accounts.models import Organisation
from zhiheng.accounts.queries import ancestors_of
from zhiheng.agreements.queries import terms_in_force
from zhiheng.analyze.log import EventLog
from zhiheng.calendars.queries import version_in_force
from zhiheng.desk.models import Ticket, TicketClock
from zhiheng.desk.services.clocks import earliest_due
from zhiheng.desk.services.history.cases import Case, Window, cases_of
from zhiheng.desk.services.history.directory import build_directory
from zhiheng.desk.services.history.process import process_for_log
from zhiheng.desk.services.history.rows import Frame, clocks_of, entries_of, ticket_of
from zhiheng.kernel.actor import Cause, acting, current
from zhiheng.kernel.time import now
from zhiheng.platform.jobs import checkpoint, paced, progress
from zhiheng.platform.journal import append_history
from zhiheng.processes.models import Kind
from zhiheng.processes.services import next_numbers


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

    Idempotent by ``external_ref``: cases loaded before are left alone, so that an interrupted load can be started again.
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
        written = [0]

        def write(chunk: Sequence[Case]) -> None:
            written[0] += write_cases(chunk, frame)

        def after(count: int) -> None:
            progress(done=count, total=len(fresh))
            checkpoint()

        paced(fresh, write, after=after)
    return LoadResult(tickets=len(fresh), entries=written[0], already_there=len(cases) - len(fresh))


def write_cases(cases: Sequence[Case], frame: Frame) -> int:
    """Write some cases inside the caller's transaction. Returns the number of entries."""
    numbers = next_numbers(kind=frame.kind, count=len(cases))
    tickets = [ticket_of(case, number, frame) for case, number in zip(cases, numbers, strict=True)]
    clocks = [clocks_of(case, ticket, frame) for case, ticket in zip(cases, tickets, strict=True)]
    for ticket, own in zip(tickets, clocks, strict=True):
        ticket.next_due_at = earliest_due(own)
    Ticket.objects.bulk_create(tickets)
    for ticket, own in zip(tickets, clocks, strict=True):
        for clock in own:
            clock.ticket_id = ticket.pk
    TicketClock.objects.bulk_create([clock for own in clocks for clock in own])
    return append_history(
        entry
        for case, ticket in zip(cases, tickets, strict=True)
        for entry in entries_of(case, ticket, frame)
    )


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
        calendar_versions={
            each.calendar_id: version_in_force(calendar=each.calendar).pk
            for each in commitments.values()
            if each.calendar is not None and each.calendar_id is not None
        },
        organisation_ids=tuple(ancestors_of(organisation.pk)) if organisation else (),
        source=source,
        as_of=as_of or now(),
    )
