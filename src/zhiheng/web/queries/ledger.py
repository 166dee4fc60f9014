"""The journal as its page shows it: entries by filters, handlers and how far they are, what was given up, the seal."""

from __future__ import annotations

import time as clock
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Max, Q
from django.utils import timezone

from zhiheng.accounts.models import Person
from zhiheng.kernel.actor import ActorKind
from zhiheng.platform.journal import EntryView, view_of
from zhiheng.platform.journal.anchors import Anchor, read_anchors
from zhiheng.platform.journal.archive.checking import missing_files
from zhiheng.platform.journal.archive.reading import (
    ArchiveState,
    Search,
    archive_floor,
    archive_state,
    archived_before,
    archived_of_operation,
    archived_of_record,
)
from zhiheng.platform.journal.cursors import entries_ahead, journal_head
from zhiheng.platform.journal.handlers import handlers
from zhiheng.platform.journal.parking import dead_letters
from zhiheng.platform.models.journal import ArchiveFile, Entry, HandlerCursor, Parked, ParkedState, Seal
from zhiheng.records.listing.timelimit import limit_s, time_limit, too_slow

PAGE = 50


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """What entries are looked for; empty parts do not narrow."""

    record_type: str = ""
    record_id: int | None = None
    act: str = ""
    cause: str = ""
    username: str = ""
    since: date | None = None
    until: date | None = None
    correlation: UUID | None = None

    @property
    def indexed(self) -> bool:
        """Whether an index leads to the rows, so that no time limit is needed."""
        return bool(self.correlation or (self.record_type and self.record_id is not None) or self.username)

    @property
    def given(self) -> bool:
        """Whether it narrows at all."""
        return self != EntryFilter()

    def q(self) -> Q:
        """The filter as a condition."""
        exact = {"record_type": self.record_type, "cause": self.cause, "record_id": self.record_id}
        condition = Q(**{name: value for name, value in exact.items() if value not in ("", None)})
        if self.act:
            condition &= Q(act__startswith=self.act)
        if self.username:
            people = Person.objects.filter(username=self.username).values("pk")
            condition &= Q(actor_kind=ActorKind.PERSON.value, actor_id__in=people)
        if self.since:
            condition &= Q(recorded_at__gte=_start_of(self.since))
        if self.until:
            condition &= Q(recorded_at__lt=_start_of(self.until + timedelta(days=1)))
        return condition & Q(correlation=self.correlation) if self.correlation else condition

    def keeps(self) -> Callable[[Entry], bool]:
        """The filter for entries that no database asks for."""
        exact = {"record_type": self.record_type, "cause": self.cause, "record_id": self.record_id,
                 "correlation": self.correlation}  # fmt: skip
        wanted = {name: value for name, value in exact.items() if value not in ("", None)}
        people: set[int] | None = None
        if self.username:
            people = set(Person.objects.filter(username=self.username).values_list("pk", flat=True))
        since = _start_of(self.since) if self.since else None
        until = _start_of(self.until + timedelta(days=1)) if self.until else None

        def kept(entry: Entry) -> bool:
            return (
                all(getattr(entry, name) == value for name, value in wanted.items())
                and entry.act.startswith(self.act)
                and (
                    people is None
                    or (entry.actor_kind == ActorKind.PERSON.value and entry.actor_id in people)
                )
                and (since is None or entry.recorded_at >= since)
                and (until is None or entry.recorded_at < until)
            )

        return kept

    def may_lie_in(self, file: ArchiveFile) -> bool:
        """Whether an archive file can hold what is looked for, by what its row says of it."""
        held = file.contents
        return (
            any(act.startswith(self.act) for act in held["acts"])
            and (not self.cause or self.cause in held["causes"])
            and (not self.record_type or self.record_type in held["types"])
            and (self.since is None or file.recorded_to >= _start_of(self.since))
            and (self.until is None or file.recorded_from < _start_of(self.until + timedelta(days=1)))
        )


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def entry_page(wanted: EntryFilter, *, before: int | None) -> tuple[list[EntryView], int | None]:
    """A page of entries, newest first, and the id that the next page begins after. Raises TooSlow."""
    rows = Entry.objects.filter(wanted.q()).order_by("-id")
    if before:
        rows = rows.filter(pk__lt=before)
    with time_limit(needed=wanted.given and not wanted.indexed):
        found = list(rows[: PAGE + 1])
    # Asked after the table: entries that were archived in between are in one of the two.
    floor = archive_floor()
    if floor and (len(found) <= PAGE or found[-1].pk <= floor):
        found = [entry for entry in found if entry.pk > floor]
        found += _archived(wanted, before, limit=PAGE + 1 - len(found))
    return [view_of(entry) for entry in found[:PAGE]], found[PAGE - 1].pk if len(found) > PAGE else None


def _archived(wanted: EntryFilter, before: int | None, *, limit: int) -> list[Entry]:
    """Entries out of the archive, newest first. Raises TooSlow."""
    if not wanted.given:
        return archived_before(before, limit=limit)
    keeps = wanted.keeps()
    if wanted.correlation or (wanted.record_type and wanted.record_id is not None):
        led_to = (
            archived_of_operation(wanted.correlation)
            if wanted.correlation
            else archived_of_record(wanted.record_type, wanted.record_id)
        )
        return [entry for entry in led_to if keeps(entry) and (not before or entry.pk < before)][:limit]
    deadline = clock.monotonic() + limit_s()

    def look() -> None:
        if clock.monotonic() > deadline:
            raise too_slow()

    return archived_before(before, limit=limit, search=Search(keeps, wanted.may_lie_in, look))


def actor_names(views: Iterable[EntryView]) -> dict[int, str]:
    """Names of the persons who acted, in one query."""
    ids = {view.actor.id for view in views if view.actor.kind is ActorKind.PERSON and view.actor.id}
    return {person.pk: str(person) for person in Person.objects.filter(pk__in=ids).only("name", "username")}


@dataclass(frozen=True, slots=True)
class HandlerState:
    """How far one handler is."""

    name: str
    behind: int
    leased: bool
    waiting: int
    dead: int


def handler_states() -> list[HandlerState]:
    """Every handler with the entries it has still to get, what it holds back and what it gave up. Five queries."""
    ahead = entries_ahead()
    rows = HandlerCursor.objects.order_by().values_list("handler").annotate(leases=Count("owner"))
    leases = dict(rows)
    parked: dict[tuple[str, bool], int] = {}
    for name, state, count in Parked.objects.order_by().values_list("handler", "state").annotate(Count("id")):
        key = (name, state == ParkedState.DEAD)
        parked[key] = parked.get(key, 0) + count
    return [
        HandlerState(
            name=name,
            behind=ahead.get(name, 0),
            leased=bool(leases.get(name)),
            waiting=parked.get((name, False), 0),
            dead=parked.get((name, True), 0),
        )
        for name in sorted({*handlers, *leases})
    ]


def given_up(limit: int = PAGE) -> list[Parked]:
    """The newest dead letters."""
    return list(dead_letters()[:limit])


@dataclass(frozen=True, slots=True)
class SealState:
    """How much of the journal is protected, and since when."""

    head: int
    sealed_to: int
    sealed_at: datetime | None
    anchored_to: int
    anchored_at: datetime | None

    @property
    def unsealed(self) -> int:
        """Entries that nothing protects yet."""
        return max(0, self.head - self.sealed_to)


def seal_state() -> SealState:
    """The seal and the last head that was signed."""
    last = Seal.objects.aggregate(to=Max("last_entry"), at=Max("sealed_at"))
    anchor = max(
        (each for each in read_anchors() if isinstance(each, Anchor)),
        key=lambda each: each.last_entry,
        default=None,
    )
    return SealState(
        head=journal_head(), sealed_to=last["to"] or 0, sealed_at=last["at"],
        anchored_to=anchor.last_entry if anchor else 0,
        anchored_at=datetime.fromisoformat(anchor.anchored_at) if anchor else None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ArchiveLook:
    """What lies in files, when the last of them was written, and which are not there or not whole."""

    held: ArchiveState
    last_run_at: datetime | None
    missing: list[str]


def archive_look() -> ArchiveLook | None:
    """The archive; None where nothing is archived. Three queries and a look at each file, none of which is opened."""
    held = archive_state()
    if held is None:
        return None
    last = ArchiveFile.objects.filter(live=True).aggregate(at=Max("archived_at"))
    return ArchiveLook(held, last["at"], missing_files())
