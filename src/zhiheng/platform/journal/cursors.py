"""Cursors of handlers.

One per handler and partition, leased by a worker, moved only by the worker that leases it.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max

from zhiheng.platform.db.buffer import PARTITIONS
from zhiheng.platform.journal.archive.reading import archive_floor
from zhiheng.platform.journal.handlers import handlers
from zhiheng.platform.models.journal import Entry, HandlerCursor

# An idle lane's cursor is moved past entries of no interest only now and then.
LAZY_ENTRIES = 1_000


class CursorLost(Exception):  # noqa: N818 - read as a statement
    """Another worker leases the cursor now; what this one did in the open transaction must not count."""


def journal_head() -> int:
    """The id of the last committed entry, 0 for an empty journal.

    Nothing with a lower id can still appear.
    """
    return Entry.objects.aggregate(head=Max("id"))["head"] or archive_floor()


def ensure_cursors() -> int:
    """Give every registered handler its cursors. A new handler starts at the head unless it asks for all."""
    known = set(HandlerCursor.objects.values_list("handler", "partition"))
    missing = [
        (item, partition)
        for item in handlers.values()
        for partition in range(PARTITIONS)
        if (item.name, partition) not in known
    ]
    if not missing:
        return 0
    with transaction.atomic():
        head = journal_head()
        rows = [
            HandlerCursor(handler=item.name, partition=partition, position=0 if item.from_start else head)
            for item, partition in missing
        ]
        # Another worker may add the same at the same time; whose head is taken does not matter.
        HandlerCursor.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def lease_cursors(*, owner: UUID, share: int) -> list[HandlerCursor]:
    """The cursors `owner` leases, up to `share`.

    Takes free ones, gives back what is over. Returns them in order.
    """
    mine = list(
        HandlerCursor.objects.filter(owner=owner, handler__in=list(handlers)).order_by("partition", "id")
    )
    if len(mine) > share:
        over = [row.pk for row in mine[share:]]
        HandlerCursor.objects.filter(pk__in=over, owner=owner).update(owner=None)
        return mine[:share]
    if len(mine) == share:
        return mine
    free = HandlerCursor.objects.filter(owner=None, handler__in=list(handlers)).order_by("partition", "id")
    if not free.exists():
        return mine
    with transaction.atomic():
        skip = connection.features.has_select_for_update_skip_locked
        taken = list(free.select_for_update(skip_locked=skip)[: share - len(mine)])
        HandlerCursor.objects.filter(pk__in=[row.pk for row in taken]).update(owner=owner)
    for row in taken:
        row.owner = owner
    return [*mine, *taken]


def free_cursors_of(owners: Collection[UUID]) -> int:
    """Give back the cursors of workers that died or stopped."""
    return HandlerCursor.objects.filter(owner__in=owners).update(owner=None)


def move_cursor(cursor: HandlerCursor, *, to: int) -> None:
    """Move a cursor at the end of the open transaction.

    Raises CursorLost unless it is still ours and where it was.
    """
    held = HandlerCursor.objects.filter(pk=cursor.pk, owner=cursor.owner, position=cursor.position)
    if held.update(position=to) != 1:
        raise CursorLost(f"cursor {cursor.handler}/{cursor.partition} was taken over")


def entries_ahead() -> dict[str, int]:
    """How many entries each handler has still to get. Three queries.

    Cursors of idle lanes stand still while entries of no interest pass, so these are looked at one by one; of a cursor
    that is further back than that, all entries after it count.
    """
    head = journal_head()
    rows = HandlerCursor.objects.filter(handler__in=list(handlers))
    positions = list(rows.values_list("handler", "partition", "position"))
    late = Entry.objects.filter(id__gt=head - LAZY_ENTRIES - 1, id__lte=head)
    entries = list(late.values_list("id", "partition", "act", "cause"))
    low = {
        name: min(position for other, _partition, position in positions if other == name)
        for name, _p, _at in positions
    }
    ahead = {}
    for name, position in low.items():
        if head - position > LAZY_ENTRIES:
            ahead[name] = head - position
            continue
        passed = {partition: at for other, partition, at in positions if other == name}
        ahead[name] = sum(
            number > passed.get(partition, head) and handlers[name].wants(act, cause)
            for number, partition, act, cause in entries
        )
    return ahead


def replay_handler(*, name: str, after: int = 0) -> int:
    """Move a handler's cursors back, so that it gets all entries with an id over `after` again.

    Returns how many moved.
    """
    return HandlerCursor.objects.filter(handler=name, position__gt=after).update(position=after)
