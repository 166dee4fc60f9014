"""The usual question: all tickets over the last weeks, as whoever sees everything opens the quality overview.

What the overview asks stands here, so that the job that builds a snapshot can answer it before anybody looks.
"""

from __future__ import annotations

from django.conf import settings

from zhiheng.indicators.mirror import Manifest
from zhiheng.indicators.queries.cases import course_of
from zhiheng.indicators.queries.choices import choices_of
from zhiheng.indicators.queries.diagnoses import diagnoses
from zhiheng.indicators.queries.exemptions import with_exempt
from zhiheng.indicators.queries.figures import by_group, figures
from zhiheng.indicators.queries.lens import Lens, lens_for
from zhiheng.indicators.queries.opening import facts_shared
from zhiheng.indicators.rules import USUAL_WEEKS, weeks_before
from zhiheng.kernel.actor import SYSTEM

# The promise whose misses the overview follows to the team.
LATE, LATE_BY = "resolution_committed", "team"
FILTERED_BY = ("service", "team", "priority")


def usual_lens(manifest: Manifest) -> Lens:
    """The lens of somebody who sees everything, without a filter, over the usual weeks."""
    start = weeks_before(manifest.cut_s, USUAL_WEEKS, settings.TIME_ZONE)
    return lens_for(SYSTEM, manifest, from_s=start, zone=settings.TIME_ZONE)


def answer_overview(lens: Lens) -> None:
    """Ask what the overview of a lens asks, so that the answers are kept."""
    with facts_shared():
        figures(lens)
        with_exempt(lens)
        by_group(lens, LATE, LATE_BY)
        diagnoses(lens)
        course_of(lens)
        for scope in FILTERED_BY:
            choices_of(lens, scope)
