"""The e-mail of a notification, in its reader's language."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from zhiheng.kernel.time import now
from zhiheng.platform.links import address_of
from zhiheng.platform.models import Notification

SUBJECT_LENGTH = 110


def send_by_mail(*, notification_id: int) -> bool:
    """Send the notification once. Returns whether it was sent now; raises what the mail server answers."""
    found = Notification.objects.select_related("person").filter(pk=notification_id, mailed_at=None).first()
    if found is None or not found.person.email or not found.person.is_active:
        return False
    with translation.override(found.person.language or settings.LANGUAGE_CODE):
        message_for(found).send()
    Notification.objects.filter(pk=found.pk).update(mailed_at=now())
    return True


def message_for(notification: Notification) -> EmailMessage:
    """The mail in the active language."""
    site = settings.SITE_URL
    path = address_of(notification.record_type, notification.record_id)
    body = render_to_string(
        "platform/notification.txt",
        {"notification": notification, "site": site, "link": urljoin(site, path) if path else ""},
    )
    return EmailMessage(
        subject=_("[Zhiheng] %(title)s") % {"title": notification.title[:SUBJECT_LENGTH]},
        body=body,
        to=[notification.person.email],
        headers={
            # The same for every attempt: a reader's program shows a mail that arrives twice once.
            "Message-ID": f"<notification-{notification.pk}@{urlsplit(site).hostname}>",
            "Auto-Submitted": "auto-generated",
        },
    )
