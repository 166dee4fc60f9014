"""Writing the cases of a log in short, rested transactions; run again, it goes on where it stopped."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from zhiheng.accounts.models import Organisation
from zhiheng.accounts.queries import ancestors_of
from zhiheng.agreements.queries import terms_in_force, terms_of
from zhiheng.analyze.log import EventLog
from zhiheng.desk.models import Ticket
from zhiheng.desk.services.history.cases import Case, Window, cases_of
from zhiheng.desk.services.history.directory import build_directory
from zhiheng.desk.services.history.insert import reserve_ids
from zhiheng.desk.services.history.process import process_for_log
from zhiheng.desk.services.history.rows import Frame, term_of
from zhiheng.desk.services.history.write import Place, Writer
from zhiheng.kernel.actor import Cause, acting, current
from zhiheng.kernel.time import now, to_epoch
from zhiheng.platform.jobs import checkpoint, paced, progress
from zhiheng.processes.models import Kind
from zhiheng.processes.services import next_numbers

WHOLE_SECONDS = 0.1
"""Longer than other paced work: its rows are new, so nobody waits for one before the transaction's end."""


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
    cases = list(cases_of(log, window))
    with acting(current().actor, Cause.HISTORY), set_aside():
        frame = _frame(
            cases, kind=kind, source=source, organisation=organisation, names=state_names or {}, as_of=as_of
        )
        known = set(
            Ticket.objects.filter(external_ref__startswith=f"{source}:").values_list(
                "external_ref", flat=True
            )
        )
        fresh = [case for case in cases if f"{source}:{case.name}"[:120] not in known]
        places = _reserve(fresh, kind) if fresh else []
        writer = Writer()

        def after(count: int) -> None:
            progress(done=count, total=len(fresh))
            checkpoint()

        # Prepared outside the transactions, lazily: working the rows out needs no lock.
        paced(
            (writer.prepare(case, place, frame) for case, place in zip(fresh, places, strict=True)),
            writer.write,
            whole_seconds=WHOLE_SECONDS,
            after=after,
        )
    return LoadResult(tickets=len(fresh), entries=writer.entries, already_there=len(cases) - len(fresh))


@contextmanager
def set_aside() -> Iterator[None]:
    """Keep what is in memory now out of the garbage collector's way.

    To go through the cases of a log takes it 0.2 s, a second for a million acts, and it may do so while a transaction
    keeps everybody else from writing.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


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
    with transaction.atomic():
        version = process_for_log(
            kind=kind, states=states, arcs=arcs, slug=f"{kind.slug}-{source}", names=names
        )
    return Frame(
        kind=kind,
        version_id=version.pk,
        directory=build_directory(cases, organisation=organisation, source=source),
        commitments={key: term_of(each) for key, each in commitments.items()},
        terms=tuple(terms_of(each) for each in commitments.values()),
        organisation_ids=tuple(ancestors_of(organisation.pk)) if organisation else (),
        source=source,
        as_of_s=to_epoch(as_of or now()),
    )
