"""Which files hang on a record, and their content."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from pathlib import Path

from django.db.models import Model, Q

from zhiheng.kernel.actor import Actor
from zhiheng.platform.files.store import path_of
from zhiheng.platform.links import visible_record
from zhiheng.platform.models import Attachment


def attachments_of(record: Model) -> list[Attachment]:
    """Files of one record, oldest first."""
    return attachments_of_many(record._meta.label_lower, [record.pk])[record.pk]


def attachments_of_many(record_type: str, ids: Collection[int]) -> dict[int, list[Attachment]]:
    """Files of many records of one type in one query, by record id."""
    found: dict[int, list[Attachment]] = defaultdict(list)
    for (_type, record_id), attachments in attachments_of_each({record_type: ids}).items():
        found[record_id] = attachments
    return found


def attachments_of_each(ids: Mapping[str, Collection[int]]) -> dict[tuple[str, int], list[Attachment]]:
    """Files of records of several types in one query, by type and id."""
    asked = Q(pk__in=())
    for record_type, of_type in ids.items():
        asked |= Q(record_type=record_type, record_id__in=of_type)
    found: dict[tuple[str, int], list[Attachment]] = defaultdict(list)
    for attachment in (
        Attachment.objects.filter(asked).select_related("file", "added_by").order_by("added_at", "id")
    ):
        found[attachment.record_type, attachment.record_id].append(attachment)
    return found


def content_of(attachment: Attachment) -> Path:
    """Where the content lies."""
    return path_of(attachment.file.sha256)


def visible_attachment(actor: Actor, attachment_id: int) -> Attachment | None:
    """The attachment, if the actor may view the record it hangs on."""
    attachment = Attachment.objects.select_related("file").filter(pk=attachment_id).first()
    if attachment is None or visible_record(actor, attachment.record_type, attachment.record_id) is None:
        return None
    return attachment
