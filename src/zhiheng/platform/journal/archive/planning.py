"""What may be archived: the oldest whole seals, anchored and passed by every handler; and what stops more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db.models import Max, Min
from django.utils.translation import gettext as _

from zhiheng.platform.journal.anchors import Anchor, read_anchors
from zhiheng.platform.journal.archive.reading import archive_floor
from zhiheng.platform.journal.handlers import handlers
from zhiheng.platform.models.journal import Entry, HandlerCursor, Parked, Seal

ENTRIES_A_FILE = 50_000
SEALS_A_READ = 500
SEALING = "zhiheng journal seal"


@dataclass(frozen=True, slots=True)
class Span:
    """Entries from the one after `after` to `last`: those of whole seals."""

    after: int
    last: int
    entries: int


@dataclass(frozen=True, slots=True)
class Stop:
    """What allows entries to be archived up to `at` only."""

    at: int
    text: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The files to make, in order, and what stops more of the old entries, the lowest first."""

    files: list[Span]
    stops: list[Stop]

    @property
    def entries(self) -> int:
        """How many entries would be archived."""
        return sum(span.entries for span in self.files)


def plan_archive(*, before: datetime) -> Plan:
    """What can be archived of the entries recorded before this moment."""
    floor = archive_floor()
    old = list(_old_seals(floor, before))
    reached = old[-1].last if old else floor
    stops = sorted(_stops(reached), key=lambda stop: stop.at)
    allowed = min((stop.at for stop in stops), default=reached)
    unsealed = _unsealed(before)
    return Plan(
        list(_files(floor, [span for span in old if span.last <= allowed])),
        stops if unsealed is None else [*stops, unsealed],
    )


def _old_seals(floor: int, before: datetime) -> Iterator[Span]:
    """The seals after `floor` up to the first whose last entry is not old enough."""
    after = floor
    seals = (
        Seal.objects.filter(last_entry__gt=floor).order_by("last_entry").values_list("last_entry", "entries")
    )
    source = iter(seals.iterator(chunk_size=SEALS_A_READ))
    while batch := list(islice(source, SEALS_A_READ)):
        lasts = [last for last, _entries in batch]
        recorded = dict(Entry.objects.filter(pk__in=lasts).values_list("pk", "recorded_at"))
        for last, entries in batch:
            # An entry that is missing does not stop here: archiving compares with the seal, and says so.
            if last in recorded and recorded[last] >= before:
                return
            yield Span(after, last, entries)
            after = last


def _stops(reached: int) -> Iterator[Stop]:
    anchored = _anchored_to()
    if anchored < reached:
        text = _("entries after %(entry)s are in no signed head. Run: %(command)s")
        yield Stop(anchored, text % {"entry": anchored, "command": SEALING})
    rows = HandlerCursor.objects.order_by().values("handler").annotate(low=Min("position"))
    positions = {row["handler"]: row["low"] for row in rows}
    for item in handlers.values():
        # One without cursors starts at the head when a worker runs, unless it wants all there ever was.
        low = positions.get(item.name, 0 if item.from_start else reached)
        if low < reached:
            text = _("the handler %(name)s has passed entry %(entry)s only. Let the worker run")
            yield Stop(low, text % {"name": item.name, "entry": low})
    parked = Parked.objects.filter(entry_id__lte=reached).order_by()
    for row in parked.values("handler").annotate(first=Min("entry_id")).order_by("first"):
        text = _(
            "entry %(entry)s waits for the handler %(name)s, or was given up by it. Let the worker"
            " run, or drop the dead letter on the page of the journal's state"
        )
        yield Stop(row["first"] - 1, text % {"entry": row["first"], "name": row["handler"]})


def _anchored_to() -> int:
    """The last entry under a signed head that fits its seal."""
    digests = dict(Seal.objects.values_list("pk", "digest").iterator())
    good = (
        anchor.last_entry
        for anchor in read_anchors()
        if isinstance(anchor, Anchor) and digests.get(anchor.seal) == anchor.digest
    )
    return max(good, default=0)


def _unsealed(before: datetime) -> Stop | None:
    """Says so when old entries lie behind the last seal."""
    sealed = Seal.objects.aggregate(last=Max("last_entry"))["last"] or 0
    first = Entry.objects.filter(pk__gt=sealed).order_by("pk").values_list("pk", "recorded_at").first()
    if first is None or first[1] >= before:
        return None
    text = _("entries after %(entry)s are not sealed yet. Run: %(command)s")
    return Stop(sealed, text % {"entry": sealed, "command": SEALING})


def _files(floor: int, spans: list[Span]) -> Iterator[Span]:
    """Whole seals put together into files."""
    after, last, entries = floor, floor, 0
    for span in spans:
        if entries and entries + span.entries > ENTRIES_A_FILE:
            yield Span(after, last, entries)
            after, entries = last, 0
        last, entries = span.last, entries + span.entries
    if entries:
        yield Span(after, last, entries)
