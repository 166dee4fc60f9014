"""Stored content, and what it is attached to."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiheng.platform.journal import JournaledModel


class StoredFile(models.Model):
    """Content on disk, known by its SHA-256; the same content is kept once."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.BigIntegerField(_("size"))
    media_type = models.CharField(_("type"), max_length=100)
    stored_at = models.DateTimeField(_("stored at"))

    class Meta:
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")
        indexes = [models.Index(fields=["stored_at"], name="platform_storedfile_age")]

    def __str__(self) -> str:
        return self.sha256


class Attachment(JournaledModel):
    """A file under a name, on a record of any type."""

    record_type = models.CharField(_("record type"), max_length=100)
    record_id = models.BigIntegerField(_("record"))
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="attachments", verbose_name=_("file"))
    name = models.CharField(_("name"), max_length=255)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("added by")
    )
    added_at = models.DateTimeField(_("added at"))

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["added_at", "id"]
        indexes = [models.Index(fields=["record_type", "record_id"], name="platform_attachment_record")]

    def __str__(self) -> str:
        return self.name
