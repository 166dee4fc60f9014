"""The quality overview: a question per row, the answer in words, then the figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiheng.desk.models import Ticket
from zhiheng.indicators.jobs import refresh_mirror
from zhiheng.indicators.queries import (
    LATE,
    course_of,
    diagnoses,
    indicators,
    judged_figures,
    judged_groups,
    judged_with_exempt,
)
from zhiheng.kernel.actor import current
from zhiheng.platform.grants import require
from zhiheng.platform.jobs import enqueue
from zhiheng.ui.components import Empty, Figure, Link
from zhiheng.web.queries.quality import Look, newest_refresh, refresh_by_id
from zhiheng.web.queries.quality_desk import overdue_url
from zhiheng.web.queries.quality_figures import rows_url, shown
from zhiheng.web.queries.quality_texts import gap
from zhiheng.web.queries.quality_words import (
    QUESTIONS,
    answer,
    defects_answer,
    lateness,
    resolution_answer,
    volume_answer,
)
from zhiheng.web.views.page import signed_in_page
from zhiheng.web.views.quality_charts import resolution_chart, volume_chart
from zhiheng.web.views.quality_page import job_card, page, quality_page
from zhiheng.web.views.quality_tables import defects_table, teams_table


@dataclass(frozen=True, slots=True)
class Row:
    """One question with its answer and figures."""

    key: str
    asked: str
    answer: SafeString
    figures: tuple[Figure, ...]
    link: Link | None = None
    work: Link | None = None


@quality_page
def show(request: HttpRequest, look: Look) -> HttpResponse:
    """The overview of the tickets that the person may see."""
    found = judged_figures(look.lens)
    exempt = judged_with_exempt(look.lens)
    teams = judged_groups(look.lens, LATE, "team")
    late = lateness(teams)
    diagnosed = list(diagnoses(look.lens).values())
    rows = [
        Row(
            key=question.key,
            asked=str(question.asked),
            answer=answer([found[name] for name in question.ids if name in found]),
            figures=tuple(shown(look, found[name], exempt) for name in question.ids if name in found),
            link=_late_link(look, late) if LATE in question.ids else None,
            work=_work_link(look, late) if LATE in question.ids else None,
        )
        for question in QUESTIONS
    ]
    context: dict[str, Any] = {
        "rows": rows,
        "defects": defects_table([item for item in diagnosed if item.state in ("confirmed", "watch")], look),
        "defects_answer": defects_answer(diagnosed),
        "teams": teams_table(teams, look),
        **_course(look),
    }
    return page(request, "overview", look, context)


@signed_in_page
@require_POST
def refresh_now(request: HttpRequest) -> HttpResponse:
    """Build a new snapshot now; one that already waits or runs is enough."""
    require(current().actor, "view", Ticket)
    if newest_refresh(live_only=True) is None:
        enqueue(refresh_mirror)
    messages.success(request, _("The facts are being read anew. The page shows them when they are ready."))
    return redirect("quality:overview")


@signed_in_page
@require_GET
def refresh_card(request: HttpRequest, job_id: int) -> HttpResponse:
    """The card of a refresh while it runs."""
    require(current().actor, "view", Ticket)
    job = refresh_by_id(job_id)
    if job is None:
        raise Http404
    return render(request, "web/quality/job.html", {"job": job_card(job), "finished": job.is_finished})


def _late_link(look: Look, late: tuple[str, int, float] | None) -> Link | None:
    if late is None or look.lens.chosen.get("team"):
        return None
    name, count, part = late
    indicator = indicators()[LATE]
    label = _("%(team)s holds %(share)s %% of what was late: see these %(count)s tickets") % {
        "team": look.names.of("team", name),
        "share": f"{100 * part:.0f}",
        "count": f"{count:,}",
    }
    return Link(
        label=label,
        url=rows_url(look, indicator, team=name) if name else reverse("quality:rows", args=[LATE]),
    )


def _work_link(look: Look, late: tuple[str, int, float] | None) -> Link | None:
    """What can still be done about it: the tickets of that team that are open and overdue now."""
    if late is None or not late[0]:
        return None
    return Link(label=_("Open and overdue now"), url=overdue_url(look, team=late[0]))


def _course(look: Look) -> dict[str, Any]:
    found = course_of(look.lens)
    volume, resolution = found["volume"], found["resolution"]
    if not volume or not resolution or not volume["periods"]:
        return {"course_empty": Empty(title=_("No tickets in this period"), icon="chart-line")}
    return {
        "volume": volume_chart(volume, look),
        "course_answer": gap().join((volume_answer(volume["periods"]), resolution_answer(resolution["all"]))),
        "resolution": resolution_chart(resolution),
    }
