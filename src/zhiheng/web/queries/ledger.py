"""The journal as its page shows it: entries by filters, handlers and how far they are, what was given up, the seal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from zhiheng.accounts.models import Person
from zhiheng.kernel.actor import ActorKind
from zhiheng.platform.journal import EntryView, view_of
from zhiheng.platform.journal.anchors import Anchor, read_anchors
from zhiheng.platform.journal.cursors import journal_head
from zhiheng.platform.journal.handlers import handlers
from zhiheng.platform.journal.parking import dead_letters
from zhiheng.platform.models.journal import Entry, HandlerCursor, Parked, ParkedState, Seal
from zhiheng.records.listing.timelimit import time_limit

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


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def entry_page(wanted: EntryFilter, *, before: int | None) -> tuple[list[EntryView], int | None]:
    """A page of entries, newest first, and the id that the next page begins after. Raises TooSlow."""
    rows = Entry.objects.filter(wanted.q()).order_by("-id")
    if before:
        rows = rows.filter(pk__lt=before)
    with time_limit(needed=wanted.given and not wanted.indexed):
        found = list(rows[: PAGE + 1])
    return [view_of(entry) for entry in found[:PAGE]], found[PAGE - 1].pk if len(found) > PAGE else None


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
    """Every handler with the entries it has still to pass, what it holds back and what it gave up. Four queries."""
    head = journal_head()
    rows = (
        HandlerCursor.objects.order_by()
        .values("handler")
        .annotate(low=Min("position"), leases=Count("owner"))
    )
    cursors = {row["handler"]: row for row in rows}
    parked: dict[tuple[str, bool], int] = {}
    for name, state, count in Parked.objects.order_by().values_list("handler", "state").annotate(Count("id")):
        key = (name, state == ParkedState.DEAD)
        parked[key] = parked.get(key, 0) + count
    return [
        HandlerState(
            name=name,
            behind=max(0, head - cursors[name]["low"]) if name in cursors else 0,
            leased=bool(name in cursors and cursors[name]["leases"]),
            waiting=parked.get((name, False), 0),
            dead=parked.get((name, True), 0),
        )
        for name in sorted({*handlers, *cursors})
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
