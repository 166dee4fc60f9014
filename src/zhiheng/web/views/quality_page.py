"""What the quality pages share: the person's look at the facts, filters, how old the facts are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhiheng.desk.models import Ticket
from zhiheng.indicators.queries import choices_of, facts_shared
from zhiheng.kernel.actor import current
from zhiheng.platform.grants import require
from zhiheng.platform.models import Job
from zhiheng.ui.components import ActButton, Chips, Choice, Empty, JobCard, JobState
from zhiheng.web.queries.quality import FILTERS, LIVE_JOBS, PERIODS, Look, look_of, newest_refresh
from zhiheng.web.views.page import signed_in_page

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Select:
    """One filter of the bar: its choices with the number of tickets."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    value: str

    @property
    def long(self) -> bool:
        """Whether it is a search rather than a list."""
        return len(self.options) > 20


def quality_page(
    view: Callable[Concatenate[HttpRequest, Look, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page over the facts for those who may see tickets; says what to do while there are no facts."""

    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        actor = current().actor
        require(actor, "view", Ticket)
        look = look_of(actor, request.GET.dict())
        if look is None:
            return render(
                request,
                "web/quality/empty.html",
                {"empty": _nothing_yet(), "job": job_card(newest_refresh())},
            )
        with facts_shared():
            return view(request, look, *args, **kwargs)

    update_wrapper(answer, view)  # as a decorator it would claim that the caller passes the look
    return signed_in_page(require_GET(answer))


def page(request: HttpRequest, template: str, look: Look, context: dict[str, Any]) -> HttpResponse:
    """A quality page with filters and the age of the facts."""
    shared = {
        "look": look,
        "query": look.query(),
        "periods": _periods(look),
        "selects": _selects(look),
        "filters_on": bool(look.lens.filters),
        "job": job_card(newest_refresh(live_only=True)),
        "refresh": ActButton(label=_("Refresh now"), post_url=reverse("quality:refresh"), icon="refresh"),
    }
    return render(request, f"web/quality/{template}.html", {**shared, **context})


def job_card(job: Job | None) -> JobCard | None:
    """The card of a refresh that waits, runs or failed."""
    if job is None:
        return None
    live = job.state in LIVE_JOBS
    return JobCard(
        name=_("Refresh the facts"),
        state=JobState(job.state),
        done=job.progress_done if live else None,
        total=job.progress_total if live else None,
        doing=job.progress_note,
        poll_url=reverse("quality:refresh_card", args=[job.pk]) if live else "",
        error=job.error.splitlines()[-1] if job.error else "",
    )


def _nothing_yet() -> Empty:
    return Empty(
        title=_("No facts yet"),
        text=_(
            "Figures are computed from a snapshot of all tickets and their entries. "
            "Open or import tickets, then build the first snapshot; after that it is renewed every ten minutes."
        ),
        icon="chart-line",
        act=ActButton(
            label=_("Build the facts now"), post_url=reverse("quality:refresh"), primary=True, icon="refresh"
        ),
    )


def _periods(look: Look) -> Chips:
    return Chips(
        label=_("Period"),
        choices=tuple(
            Choice(label=label, url=look.query(period=key) or "?", on=key == look.period)
            for key, label in PERIODS.items()
        ),
    )


def _selects(look: Look) -> tuple[Select, ...]:
    result = []
    for name, label in FILTERS.items():
        value = look.lens.chosen.get(name, "")
        found = choices_of(replace(look.lens, filters=()), name)
        ordered = sorted(found) if name == "priority" else found
        options = tuple((key, f"{look.names.of(name, key)} ({count:,})") for key, count in ordered)
        result.append(Select(name=name, label=str(label), options=options, value=value))
    return tuple(result)
