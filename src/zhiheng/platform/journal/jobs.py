"""The journal's own job: seals what was written and anchors the head."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhiheng.platform.jobs import job, report
from zhiheng.platform.journal.sealing import seal_journal


@job(title=_("Seal the journal"), schedule="*/5 * * * *", unique=lambda: "all")
def seal_entries() -> int:
    """Seal all entries written since the last time. Returns how many."""
    sealed = seal_journal()
    if sealed.anchor is not None:
        report(f"head {sealed.anchor.digest} up to entry {sealed.anchor.last_entry}")
    return sealed.entries
