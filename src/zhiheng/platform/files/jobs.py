"""Sweeping content that nothing holds."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhiheng.kernel.time import now, to_epoch
from zhiheng.platform.files import store
from zhiheng.platform.jobs import job, report
from zhiheng.platform.models import Attachment, StoredFile

# A day is far longer than any transaction: what is older and unreferenced will not be referenced any more.
AGE = timedelta(hours=24)


@job(title=_("Sweep orphaned files"), schedule="20 3 * * *", unique=lambda: "sweep")
def sweep_files() -> dict[str, int]:
    """Remove content that has been without an attachment for a day, and drafts of broken uploads."""
    before = now() - AGE
    orphans = StoredFile.objects.filter(stored_at__lt=before).exclude(
        Exists(Attachment.objects.filter(file=OuterRef("pk")))
    )
    rows = 0
    for orphan in orphans.iterator():
        rows += _forget(orphan)
    files = _remove_unknown(to_epoch(before))
    report(gettext("Removed: %(rows)s rows, %(files)s files") % {"rows": rows, "files": files})
    return {"rows": rows, "files": files}


def _forget(orphan: StoredFile) -> int:
    with transaction.atomic():
        # Locked first and asked after: an attachment made meanwhile holds the same lock until it commits.
        locked = StoredFile.objects.select_for_update().filter(pk=orphan.pk).first()
        if locked is None or Attachment.objects.filter(file=locked).exists():
            return 0
        locked.delete()
        return 1


def _remove_unknown(before_s: int) -> int:
    return sum(
        store.remove_if_old(path, before_s=before_s)
        for path in store.stored_paths()
        if not StoredFile.objects.filter(sha256=path.name).exists()
    )
