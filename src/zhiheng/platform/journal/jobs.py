"""The journal's own jobs: seals what was written and anchors the head; verifies all of it every night."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhiheng.platform.jobs import job, report
from zhiheng.platform.journal.archive.archiving import sweep_archive
from zhiheng.platform.journal.sealing import seal_journal
from zhiheng.platform.journal.verification import verify_journal

MOST_PROBLEMS = 100
"""So many are told in the job's log; the command `zhiheng journal verify` tells all."""


@job(title=_("Seal the journal"), schedule="*/5 * * * *", unique=lambda: "all", yields=True)
def seal_entries() -> int:
    """Seal all entries written since the last time. Returns how many."""
    sweep_archive()
    sealed = seal_journal()
    if sealed.anchor is not None:
        told = {"digest": sealed.anchor.digest, "entry": sealed.anchor.last_entry}
        report(gettext("Head %(digest)s up to entry %(entry)s") % told)
    return sealed.entries


@job(title=_("Verify the journal"), schedule="40 2 * * *", unique=lambda: "all", yields=True)
def verify_entries() -> dict[str, int]:
    """Check all entries against the seals and the signed heads. Returns the counts, and how many problems there are."""
    outcome = verify_journal()
    for problem in outcome.problems[:MOST_PROBLEMS]:
        report(problem.text)
    return {
        "entries": outcome.entries, "seals": outcome.seals, "anchors": outcome.anchors,
        "anchored_to": outcome.anchored_to, "unsealed": outcome.unsealed, "problems": len(outcome.problems),
    }  # fmt: skip
