"""Background work on the mirror and on figures that are kept."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhiheng.indicators.mirror import Manifest, current, refresh, store
from zhiheng.indicators.queries import answer_overview, usual_lens
from zhiheng.indicators.services import pinned_snapshots, store_last_month
from zhiheng.kernel.time import now, to_epoch
from zhiheng.platform.jobs import job, report


def _one_at_a_time(**_arguments: object) -> str:
    return "one"


@job(title=_("Refresh the facts"), schedule="*/10 * * * *", unique=_one_at_a_time, yields=True)
def refresh_mirror(full: bool = False) -> dict[str, int | str]:
    """Build a new snapshot of the mirror, answer what most people ask of it, and sweep those that nobody needs."""
    manifest = refresh(full=full, prepare=_answer_the_usual)
    gone = store.sweep(now_s=to_epoch(now()), pinned=pinned_snapshots())
    tickets = manifest.rows("facts/tickets.parquet")
    told = {"snapshot": manifest.id, "tickets": tickets, "gone": len(gone)}
    report(gettext("Snapshot %(snapshot)s: %(tickets)s tickets; %(gone)s older ones removed") % told)
    return {"snapshot": manifest.id, "tickets": tickets, "head": manifest.head}


def _answer_the_usual(manifest: Manifest) -> None:
    if manifest.rows("facts/tickets.parquet"):
        answer_overview(usual_lens(manifest))


@job(title=_("Keep the figures of last month"), schedule="30 1 1 * *", unique=_one_at_a_time)
def keep_last_month() -> dict[str, int]:
    """Store the figures of the month that ended, and pin the snapshot they were computed from."""
    manifest = current() or refresh()
    return {"figures": store_last_month(manifest)}
