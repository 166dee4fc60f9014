"""Makes notifications from entries: who is told is read for many entries at once, the rows are written after that.

One by one an entry took a dozen questions to the database; two hundred together take some dozens.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Model
from django.utils import translation

from zhiheng.kernel.actor import Actor, ActorKind
from zhiheng.kernel.time import now
from zhiheng.platform.grants import may, person_of, remembering
from zhiheng.platform.jobs import enqueue_many
from zhiheng.platform.journal import EntryView
from zhiheng.platform.links import model_of
from zhiheng.platform.models import Notification
from zhiheng.platform.notifications.jobs import mail_notification
from zhiheng.platform.notifications.queries import RecordKey, watchers_by_record, wishes_of
from zhiheng.platform.notifications.recipients import concerned_by, concerns_somebody, may_be_told
from zhiheng.platform.notifications.rules import decide

TITLE_LENGTH = 300
Made = list[tuple[EntryView, Notification, bool]]  # the last: also by mail


def notify(entry: EntryView) -> list[Notification]:
    """Tell watchers and those the act concerns, each once, also when repeated for the same entry."""
    return plan_to_tell([entry])()


def plan_to_tell(entries: Sequence[EntryView]) -> Callable[[], list[Notification]]:
    """Find out who is told of these entries. What is returned writes it, in the transaction it is called in."""
    with remembering():
        wanted = _wanted([entry for entry in entries if entry.id is not None and entry.record_id is not None])
        made = list(_to_tell(wanted)) if wanted else []
    return partial(_write, made)


def _wanted(entries: Sequence[EntryView]) -> list[tuple[EntryView, Model, set[int]]]:
    """The entries that concern somebody, with their record and the persons; who did it need not be told."""
    watchers = watchers_by_record({_key(entry) for entry in entries})
    heard = [entry for entry in entries if _key(entry) in watchers or concerns_somebody(entry)]
    records = _records_of(heard)
    found = []
    for entry in heard:
        record = records.get(_key(entry))
        if record is not None:
            persons = {*watchers.get(_key(entry), ()), *concerned_by(entry, record)} - {
                person_of(entry.actor)
            }
            if persons:
                found.append((entry, record, persons))
    return found


def _to_tell(
    wanted: Sequence[tuple[EntryView, Model, set[int]]],
) -> Iterator[tuple[EntryView, Notification, bool]]:
    numbers = [entry.id or 0 for entry, _record, _persons in wanted]
    known = set(Notification.objects.filter(entry_id__in=numbers).values_list("entry_id", "person_id"))
    told = {person for _entry, _record, persons in wanted for person in persons}
    doers = {person_of(entry.actor) for entry, _record, _persons in wanted} - {None}
    people = get_user_model()._default_manager.in_bulk(told | doers)
    wishes = wishes_of(told & set(people))
    for entry, record, persons in wanted:
        doer = str(people.get(person_of(entry.actor), ""))
        for person_id in sorted(persons & set(people)):
            if (entry.id, person_id) in known:
                continue
            person, wish = people[person_id], decide(wishes[person_id], entry.act)
            by_mail = wish.by_mail and bool(person.email)
            if not person.is_active or not (wish.in_app or by_mail):
                continue
            actor = Actor(ActorKind.PERSON, person_id)
            if may(actor, "view", record) and may_be_told(actor, entry, record):
                yield (
                    entry,
                    _line(entry, record, person_id, person.language, doer, in_app=wish.in_app),
                    by_mail,
                )


def _write(made: Made) -> list[Notification]:
    rows = Notification.objects.bulk_create([row for _entry, row, _by_mail in made])
    mailed = [(entry, row) for (entry, _row, by_mail), row in zip(made, rows, strict=True) if by_mail]
    enqueue_many(
        mail_notification,
        [{"notification_id": row.pk} for _entry, row in mailed],
        correlations=[entry.correlation for entry, _row in mailed],
    )
    return rows


def _records_of(entries: Iterable[EntryView]) -> Mapping[RecordKey, Model]:
    ids: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        ids[entry.record_type].add(entry.record_id or 0)
    return {
        (name, pk): record
        for name, wanted in ids.items()
        if (model := model_of(name)) is not None
        for pk, record in model._base_manager.in_bulk(wanted).items()
    }


def _key(entry: EntryView) -> RecordKey:
    return entry.record_type, entry.record_id or 0


def _line(
    entry: EntryView, record: Model, person_id: int, language: str, doer: str, *, in_app: bool
) -> Notification:
    with translation.override(language or settings.LANGUAGE_CODE):
        title = f"{record}{translation.gettext(': ')}{entry.label}"[:TITLE_LENGTH]
    return Notification(
        person_id=person_id,
        entry_id=entry.id or 0,
        act=entry.act,
        record_type=entry.record_type,
        record_id=entry.record_id or 0,
        title=title,
        actor_name=doer,
        in_app=in_app,
        created_at=now(),
    )
