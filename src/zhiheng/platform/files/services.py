"""Attaching files to records and taking them off again."""

from __future__ import annotations

from django.core.files.base import File
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from zhiheng.kernel.actor import current
from zhiheng.kernel.errors import InvalidInput
from zhiheng.kernel.time import now
from zhiheng.platform.files import store
from zhiheng.platform.files.types import safe_name
from zhiheng.platform.grants import person_of
from zhiheng.platform.models import Attachment, StoredFile


def attach_file(*, record: Model, upload: File[bytes], name: str = "") -> Attachment:
    """Keep the content and attach it to the record.

    The caller has checked that the actor may change the record. Raises InvalidInput for a name, size or type
    that is refused, Conflict when the disk is full.
    """
    clean = safe_name(name or upload.name or "")
    if not clean:
        raise InvalidInput(_("The file has no name."), code="file_name")
    # Before the transaction: if it is rolled back, the content is an orphan that the sweep removes.
    content = store.write(upload.chunks(), name=clean)
    with transaction.atomic():
        stored, _created = StoredFile.objects.select_for_update().get_or_create(
            sha256=content.sha256,
            defaults={"size": content.size, "media_type": content.type.media_type, "stored_at": now()},
        )
        return Attachment.objects.create(
            record_type=record._meta.label_lower,
            record_id=record.pk,
            file=stored,
            name=clean,
            added_by_id=person_of(current().actor),
            added_at=now(),
        )


def detach_file(*, attachment: Attachment) -> None:
    """Take a file off its record. Content that nothing holds any more is swept a day later."""
    attachment.delete()
