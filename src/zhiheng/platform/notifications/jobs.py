"""Sending one notification by e-mail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhiheng.platform.jobs import job
from zhiheng.platform.notifications.mail import send_by_mail


@job(title=_("Send a notification"), max_attempts=5)
def mail_notification(notification_id: int) -> None:
    """Send it, unless it was sent or the person is gone."""
    send_by_mail(notification_id=notification_id)
