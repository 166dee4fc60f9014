"""Reading notifications, and what people wish to hear."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from zhiheng.kernel.errors import InvalidInput
from zhiheng.kernel.time import now
from zhiheng.platform.journal import acts
from zhiheng.platform.models import Notification, NotificationPreference, Watch
from zhiheng.platform.notifications.rules import matches


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
