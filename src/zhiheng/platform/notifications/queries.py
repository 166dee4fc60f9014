"""Inbox, preferences and watchers."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Model, QuerySet

from zhiheng.platform.models import Notification, NotificationPreference, Watch
from zhiheng.platform.notifications.rules import Wish

RecordKey = tuple[str, int]
PAGE = 50


def inbox_of(*, person_id: int, before_id: int | None = None, limit: int = PAGE) -> list[Notification]:
    """A person's notifications, newest first; `before_id` continues after the last one shown."""
    rows = Notification.objects.filter(person_id=person_id, in_app=True)
    if before_id is not None:
        rows = rows.filter(id__lt=before_id)
    return list(rows.order_by("-id")[:limit])


def unread_count(*, person_id: int, most: int = 100) -> int:
    """How many lines of the inbox are unread, counted no further than `most`."""
    unread = Notification.objects.filter(person_id=person_id, in_app=True, read_at=None)
    return unread.values("pk")[:most].count()


def preferences_of(*, person_id: int) -> QuerySet[NotificationPreference]:
    """What a person wants to hear of."""
    return NotificationPreference.objects.filter(person_id=person_id).order_by("acts")


def wishes_of(person_ids: set[int]) -> dict[int, list[Wish]]:
    """Preferences of several persons in one query."""
    found: dict[int, list[Wish]] = {person_id: [] for person_id in person_ids}
    for row in NotificationPreference.objects.filter(person_id__in=person_ids):
        found[row.person_id].append(Wish(row.acts, row.in_app, row.by_mail))
    return found


def watchers_of(record: Model) -> list[int]:
    """Ids of the persons who watch a record."""
    return watcher_ids(record._meta.label_lower, record.pk)


def watchers_by_record(records: Collection[RecordKey]) -> dict[RecordKey, list[int]]:
    """Ids of the persons who watch each of these records, of one type in one query."""
    found: dict[RecordKey, list[int]] = {}
    for record_type in {name for name, _record_id in records}:
        ids = {record_id for name, record_id in records if name == record_type}
        rows = Watch.objects.filter(record_type=record_type, record_id__in=ids).order_by("person_id")
        for record_id, person_id in rows.values_list("record_id", "person_id"):
            found.setdefault((record_type, record_id), []).append(person_id)
    return found


def watcher_ids(record_type: str, record_id: int) -> list[int]:
    """Ids of the persons who watch the record of this type and id."""
    rows = Watch.objects.filter(record_type=record_type, record_id=record_id)
    return list(rows.order_by("person_id").values_list("person_id", flat=True))


def watches(*, person_id: int, record: Model) -> bool:
    """Whether a person watches a record."""
    return Watch.objects.filter(
        person_id=person_id, record_type=record._meta.label_lower, record_id=record.pk
    ).exists()


def watched_by(*, person_id: int, record_type: str) -> QuerySet[Watch, int]:
    """Ids of the records of a type that a person watches, as a subquery for a list's filter."""
    return Watch.objects.filter(person_id=person_id, record_type=record_type).values_list(
        "record_id", flat=True
    )
