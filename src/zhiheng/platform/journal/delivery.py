"""Delivers entries to handlers.

Short transactions that hold the handlers' writes and the cursor that counts them.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection, transaction

from zhiheng.kernel.actor import Actor, ActorKind, Cause, acting
from zhiheng.platform.jobs.pace import Rests, size_after, timed_transaction
from zhiheng.platform.journal.archive.reading import archive_floor, archived_after
from zhiheng.platform.journal.cursors import LAZY_ENTRIES, journal_head, move_cursor
from zhiheng.platform.journal.entries import stored_entry, view_of
from zhiheng.platform.journal.handlers import Handler, Plan, handlers
from zhiheng.platform.journal.parking import RecordKey, behind, blocked_records, due_heads, note_failure, park
from zhiheng.platform.models.journal import Entry, HandlerCursor, Parked, ParkedState

Done = TypeVar("Done")

logger = logging.getLogger("zhiheng.journal")

BUDGET_SECONDS = 0.008
# Planned handlers add rows and move their own cursor: on PostgreSQL nobody waits for these.
WHOLE_SECONDS = 0.2
ENTRIES_A_READ = 200
# Entries planned together: fewer save no time, since what a chunk costs whatever its size outweighs them.
FEWEST_PLANNED = 32


class Lane:
    """One handler in one partition, as the worker that leases its cursor serves it."""

    def __init__(self, cursor: HandlerCursor) -> None:
        self.cursor = cursor
        self.handler: Handler = handlers[cursor.handler]
        self._seen = cursor.position
        self._read: list[Entry] = []
        self._chunk = FEWEST_PLANNED
        self._rests = Rests()

    def deliver(
        self, *, head: int, budget_seconds: float = BUDGET_SECONDS, rests: Rests | None = None
    ) -> int:
        """Handle entries up to `head` for about `budget_seconds`, in one transaction.

        `rests` are those of the thread, where it serves other lanes too. Returns how many were handled.

        Raises CursorLost if another worker leases the cursor: then nothing of this call counts.
        """
        self._rests = rests or self._rests
        if not self._read and self._seen < head:
            self._fill(head)
        if not self._read:
            if self._seen - self.cursor.position >= LAZY_ENTRIES:
                self._move(self._seen)
            return 0
        try:
            if self.handler.plan is not None:
                return self._deliver_planned(self.handler.plan, budget_seconds)
            return self._transact(budget_seconds, careful=False)
        except HandlerFailed:
            return self._transact(budget_seconds, careful=True)

    def _deliver_planned(self, plan: Plan, budget_seconds: float) -> int:
        """Handle a chunk at once: what it needs is read before the transaction, which then only writes.

        Raises HandlerFailed if the handler does, or if an entry must wait behind a parked one.
        """
        chunk = self._read[: self._chunk]
        if {(entry.record_type, entry.record_id) for entry in chunk} & self._blocked():
            raise HandlerFailed
        write = _guarded(self.handler, lambda: plan([view_of(entry) for entry in chunk]))
        self._rests.rest()
        with timed_transaction() as span:
            _commit_lazily()
            _guarded(self.handler, write)
            move_cursor(self.cursor, to=chunk[-1].pk)
        self._rests.owe(span)
        size = size_after(span, self._chunk, budget_seconds=budget_seconds, whole_seconds=WHOLE_SECONDS)
        self._chunk = min(max(size, FEWEST_PLANNED), ENTRIES_A_READ)
        self.cursor.position = chunk[-1].pk
        del self._read[: len(chunk)]
        return len(chunk)

    def _blocked(self) -> set[RecordKey]:
        return blocked_records(handler=self.handler.name, partition=self.cursor.partition)

    def _transact(self, budget_seconds: float, *, careful: bool) -> int:
        """Handle a batch and move the cursor in one transaction.

        A savepoint per entry triples the round trips, so they are taken only after a batch without them
        failed and was rolled back.
        """
        self._rests.rest()
        with timed_transaction() as span:
            _commit_lazily()
            done = self._handle(self._read, budget_seconds, careful=careful)
            last = self._read[done - 1].pk
            move_cursor(self.cursor, to=last)
        self._rests.owe(span)
        self.cursor.position = last
        del self._read[:done]
        return done

    def _fill(self, head: int) -> None:
        wanted = Entry.objects.filter(self.handler.wanted, partition=self.cursor.partition)
        self._read = list(wanted.filter(id__gt=self._seen, id__lte=head).order_by("id")[:ENTRIES_A_READ])
        full = len(self._read) == ENTRIES_A_READ
        # Asked after the table: entries that were archived in between are in one of the two.
        if self._seen < archive_floor():
            self._read, self._seen = archived_after(self._seen, self._wants)
            return
        self._seen = self._read[-1].pk if full else head

    def _wants(self, entry: Entry) -> bool:
        return entry.partition == self.cursor.partition and self.handler.wants(entry.act, entry.cause)

    def _move(self, to: int) -> None:
        with transaction.atomic(durable=True):
            move_cursor(self.cursor, to=to)
        self.cursor.position = to

    def _handle(self, entries: Sequence[Entry], budget_seconds: float, *, careful: bool) -> int:
        """Handle or park entries in order until the time is up; at least one. Returns how many."""
        deadline = time.perf_counter() + budget_seconds
        blocked = self._blocked()
        count = 0
        for entry in entries:
            key = (entry.record_type, entry.record_id)
            if key in blocked:
                park(self.cursor, entry, error=None, handler=self.handler)
            elif not careful:
                handle_now(self.handler, entry)
            elif (error := attempt(self.handler, entry)) is not None:
                park(self.cursor, entry, error=error, handler=self.handler)
                blocked.add(key)
            count += 1
            if time.perf_counter() >= deadline:
                break
        return count

    def retry(self) -> int:
        """Try the parked entries whose time has come, each record's in order.

        Returns how many were handled.
        """
        heads = due_heads(handler=self.handler.name, partition=self.cursor.partition)
        return sum(self._retry_record(head) for head in heads)

    def _retry_record(self, head: Parked) -> int:
        """One transaction per entry; stops at the first that fails again."""
        handled = 0
        row: Parked | None = head
        while row is not None:
            following = behind(row).first()
            with transaction.atomic(durable=True):
                entry = stored_entry(row.entry_id)
                error = attempt(self.handler, entry)
                if error is None:
                    row.delete()
                else:
                    note_failure(row, error, handler=self.handler)
                    row.save()
                move_cursor(self.cursor, to=self.cursor.position)
            if error is not None and row.state != ParkedState.DEAD:
                break
            handled += error is None
            row = following
        return handled


def _commit_lazily() -> None:
    """Do not wait for the disk: a crash of the server loses the handler's writes and the cursor together."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO off")


class HandlerFailed(Exception):  # noqa: N818 - read as a statement
    """A handler raised in a batch without savepoints.

    The batch is rolled back and handled again with them.
    """


def _guarded(handler: Handler, act: Callable[[], Done]) -> Done:
    """Do part of a handler's work on many entries. Raises HandlerFailed, or what says that the database is lost."""
    try:
        with acting(Actor(ActorKind.SYSTEM, label=handler.name), Cause.JOB):
            return act()
    except (OperationalError, InterfaceError):
        if not connection.is_usable():
            raise
        raise HandlerFailed from None
    except Exception:  # it is raised again, and logged, when the entries are handled one by one
        raise HandlerFailed from None


def _run(handler: Handler, entry: Entry) -> None:
    actor = Actor(ActorKind.SYSTEM, label=handler.name)
    with acting(actor, Cause.JOB, correlation=entry.correlation):
        handler.handle(view_of(entry))


def handle_now(handler: Handler, entry: Entry) -> None:
    """Run the handler on one entry. Raises HandlerFailed, or what says that the database is lost."""
    try:
        _run(handler, entry)
    except (OperationalError, InterfaceError):
        if not connection.is_usable():
            raise
        raise HandlerFailed from None
    except Exception:  # it is raised again, and logged, when the batch is repeated with savepoints
        raise HandlerFailed from None


def attempt(handler: Handler, entry: Entry) -> Exception | None:
    """Run the handler on one entry in a savepoint. Returns what it raised; a lost database is raised on."""
    try:
        with transaction.atomic():
            _run(handler, entry)
    except Exception as error:
        lost = isinstance(error, (OperationalError, InterfaceError)) and not connection.is_usable()
        if lost or connection.needs_rollback:
            raise
        logger.warning("handler %s failed on entry %s: %s", handler.name, entry.pk, error, exc_info=error)
        return error
    return None


def deliver_all(lanes: Sequence[Lane], *, rests: Rests | None = None) -> int:
    """One round over all lanes, which share the rests between their transactions. Returns how many were handled."""
    head, shared = journal_head(), rests or Rests()
    return sum(lane.deliver(head=head, rests=shared) for lane in lanes)
