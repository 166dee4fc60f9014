"""Making notifications from entries, reading them, and what people wish to hear."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Model
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from zhiheng.kernel.actor import Actor, ActorKind
from zhiheng.kernel.errors import InvalidInput
from zhiheng.kernel.time import now
from zhiheng.platform.grants import person_of
from zhiheng.platform.jobs import enqueue
from zhiheng.platform.journal import EntryView, acts
from zhiheng.platform.links import visible_record
from zhiheng.platform.models import Notification, NotificationPreference, Watch
from zhiheng.platform.notifications.jobs import mail_notification
from zhiheng.platform.notifications.queries import watcher_ids, wishes_of
from zhiheng.platform.notifications.recipients import concerned_by, may_be_told
from zhiheng.platform.notifications.rules import decide, matches

TITLE_LENGTH = 300


def notify(entry: EntryView) -> list[Notification]:
    """Tell watchers and those the act concerns, each once, also when repeated for the same entry."""
    if entry.id is None or entry.record_id is None:
        return []
    wanted = {*watcher_ids(entry.record_type, entry.record_id), *concerned_by(entry)} - {
        person_of(entry.actor)
    }
    if not wanted:
        return []
    known = set(Notification.objects.filter(entry_id=entry.id).values_list("person_id", flat=True))
    people = get_user_model()._default_manager.in_bulk(wanted - known)
    wishes = wishes_of(set(people))
    doer = _name_of(entry.actor)
    made = []
    for person_id, person in sorted(people.items()):
        wish = decide(wishes[person_id], entry.act)
        by_mail = wish.by_mail and bool(person.email)
        if not person.is_active or not (wish.in_app or by_mail):
            continue
        actor = Actor(ActorKind.PERSON, person_id)
        record = visible_record(actor, entry.record_type, entry.record_id)
        if record is None or not may_be_told(actor, entry, record):
            continue
        made.append(
            _tell(entry, record, person_id, person.language, doer, in_app=wish.in_app, by_mail=by_mail)
        )
    return made


def mark_read(*, person_id: int, notification_id: int) -> Notification | None:
    """Mark one line of the person's own inbox as read; None when it is not theirs."""
    found = Notification.objects.filter(pk=notification_id, person_id=person_id).first()
    if found is not None and found.read_at is None:
        found.read_at = now()
        found.save(update_fields=["read_at"])
    return found


def mark_all_read(*, person_id: int, up_to_id: int) -> int:
    """Mark everything up to the newest line shown as read; what arrived since stays unread."""
    unread = Notification.objects.filter(person_id=person_id, read_at=None, pk__lte=up_to_id)
    return unread.update(read_at=now())


def set_preference(
    *, person_id: int, acts_wanted: str, in_app: bool, by_mail: bool
) -> NotificationPreference:
    """How a person wants to hear of an act, or of all acts with a prefix. Raises InvalidInput if there is none."""
    if not (acts_wanted == "*" or any(matches(acts_wanted, name) for name in acts)):
        raise InvalidInput(
            _("There is no act “%(act)s”.") % {"act": acts_wanted}, code="unknown_act", field="acts_wanted"
        )
    with transaction.atomic():
        found = NotificationPreference.objects.filter(person_id=person_id, acts=acts_wanted).first()
        preference = found or NotificationPreference(person_id=person_id, acts=acts_wanted)
        preference.in_app, preference.by_mail = in_app, by_mail
        preference.save()
    return preference


def clear_preference(*, person_id: int, acts_wanted: str) -> None:
    """Go back to the next wider preference, or to the default."""
    NotificationPreference.objects.filter(person_id=person_id, acts=acts_wanted).delete()


def watch(*, person_id: int, record: Model) -> Watch:
    """Let a person follow a record. The caller has checked that they may view it."""
    record_type = record._meta.label_lower
    with transaction.atomic():
        found = Watch.objects.filter(
            person_id=person_id, record_type=record_type, record_id=record.pk
        ).first()
        return found or Watch.objects.create(
            person_id=person_id, record_type=record_type, record_id=record.pk
        )


def unwatch(*, person_id: int, record: Model) -> None:
    """Stop following a record."""
    Watch.objects.filter(
        person_id=person_id, record_type=record._meta.label_lower, record_id=record.pk
    ).delete()


def _tell(
    entry: EntryView, record: Model, person_id: int, language: str, doer: str, *, in_app: bool, by_mail: bool
) -> Notification:
    with translation.override(language or settings.LANGUAGE_CODE):
        title = f"{record}{translation.gettext(': ')}{entry.label}"[:TITLE_LENGTH]
    assert entry.id is not None
    assert entry.record_id is not None
    made = Notification.objects.create(
        person_id=person_id,
        entry_id=entry.id,
        act=entry.act,
        record_type=entry.record_type,
        record_id=entry.record_id,
        title=title,
        actor_name=doer,
        in_app=in_app,
        created_at=now(),
    )
    if by_mail:
        enqueue(mail_notification, notification_id=made.pk)
    return made


def _name_of(actor: Actor) -> str:
    person_id = person_of(actor)
    person = get_user_model()._default_manager.filter(pk=person_id).first() if person_id else None
    return str(person or "")
