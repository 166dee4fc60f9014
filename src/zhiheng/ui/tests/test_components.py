"""View models of the components: what they decide, by hand arithmetic."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils.translation import override

from zhiheng.ui.components import (
    ActGroup,
    Avatar,
    Clock,
    ClockState,
    Figure,
    JobCard,
    JobState,
    Message,
    Timeline,
    Trend,
    Verdict,
)
from zhiheng.ui.components.drawing import PAD, SPARK_HEIGHT, WIDTH, draw_spark, draw_whisker
from zhiheng.ui.gallery import samples

FIGURE = Figure(
    name="Response", unit="h", value=2.4, low=2.2, high=2.6, target=2.0, n=1842, verdict=Verdict.NOT_MET
)
CLOCK = Clock(label="Restoration", state=ClockState.RUNNING, target_s=4 * 3600, elapsed_s=3600)


def test_whisker_places_values_on_its_axis() -> None:
    drawn = draw_whisker(5, 2.5, 7.5, 10, scale=(0, 10))
    inner = WIDTH - 2 * PAD
    assert drawn.point == PAD + inner / 2
    assert (drawn.low, drawn.high) == (PAD + inner / 4, PAD + inner * 3 / 4)
    assert drawn.target == WIDTH - PAD
    assert not drawn.cut_left and not drawn.cut_right


def test_whisker_shows_an_open_or_cut_interval() -> None:
    drawn = draw_whisker(5, None, 99, None, scale=(0, 10))
    assert drawn.cut_left and drawn.cut_right
    assert (drawn.low, drawn.high) == (PAD, WIDTH - PAD)
    bare = draw_whisker(5, None, None, None, scale=(5, 5))
    assert bare.low is None and bare.high is None and bare.target is None


def test_spark_breaks_at_gaps_and_marks_what_is_outside() -> None:
    drawn = draw_spark([0, 10, None, 5], lower=1, upper=9, target=5)
    assert drawn.lines[0].split()[0] == f"{PAD:g},{SPARK_HEIGHT - PAD:g}"
    assert len(drawn.lines) == 2
    assert len(drawn.gaps) == 1
    assert drawn.last == (WIDTH - PAD, SPARK_HEIGHT / 2)
    assert len(drawn.outside) == 2
    assert drawn.target == SPARK_HEIGHT / 2
    assert (
        drawn.band is not None and drawn.band[0] < drawn.band[1]
    )  # the upper limit is drawn above the lower
    assert draw_spark([3, 3]).band is None


def test_figure_reads_its_target_and_interval() -> None:
    with override("en"):
        lower_is_better = replace(FIGURE, higher_is_better=False)
        assert lower_is_better.shown_target == "≤\u00a02\u00a0h"
        assert FIGURE.shown_interval == "2.2–2.6\u00a0h"
        assert replace(FIGURE, high=None).shown_interval == "2.2–…\u00a0h"
        assert replace(FIGURE, low=None, high=None).shown_interval == ""
        assert replace(FIGURE, unit="share", target=0.95).shown_target == "≥\u00a095\u00a0%"
        assert replace(FIGURE, target=None).shown_target == ""


@pytest.mark.parametrize("verdict", [Verdict.NOT_ENOUGH_DATA, Verdict.NOT_COMPUTABLE])
def test_too_little_data_is_never_drawn_as_a_value(verdict: Verdict) -> None:
    figure = replace(FIGURE, verdict=verdict)
    assert figure.lacking and figure.whisker is None
    assert replace(FIGURE, value=None).lacking


def test_figure_scale_holds_everything_and_stays_within_a_share() -> None:
    share = replace(FIGURE, unit="share", value=0.99, low=0.97, high=1.0, target=0.95)
    drawn = share.whisker
    assert drawn is not None and drawn.low is not None and drawn.target is not None
    assert drawn.target < drawn.low < drawn.point
    assert not drawn.cut_right
    assert replace(FIGURE, trend=Trend((1.0, None))).spark is None
    assert replace(FIGURE, trend=Trend((1.0, 2.0))).spark is not None


def test_every_verdict_differs_by_more_than_colour() -> None:
    looks = {(each.tone, each.icon) for each in Verdict}
    assert len({icon for _tone, icon in looks}) >= 4
    assert all(str(each.label) for each in Verdict)


@pytest.mark.parametrize(
    ("state", "elapsed_s", "text", "look"),
    [
        (ClockState.RUNNING, 2280, "3:22 left", "running"),
        (ClockState.RUNNING, 11520, "0:48 left", "at-risk"),
        (ClockState.PAUSED, 3600, "On hold, 3:00 left", "paused"),
        (ClockState.PAUSED, 21900, "On hold, 2:05 over", "paused"),
        (ClockState.MET, 720, "Met in 0:12", "met"),
        (ClockState.BREACHED, 21900, "2:05 over", "breached"),
        (ClockState.MISSED, 18000, "Missed by 1:00", "breached"),
        (ClockState.PENDING, 0, "Not started", "pending"),
        (ClockState.CANCELLED, 60, "Cancelled", "cancelled"),
    ],
)
def test_clock_says_where_it_stands(state: ClockState, elapsed_s: int, text: str, look: str) -> None:
    clock = replace(CLOCK, state=state, elapsed_s=elapsed_s)
    with override("en"):
        assert clock.text == text
    assert clock.look == look


def test_a_clock_writes_its_promise_in_the_days_of_its_hours() -> None:
    with override("en"):
        assert (
            replace(CLOCK, target_s=5 * 8 * 3600, day_s=8 * 3600).shown_target == "5\u00a0working\u00a0days"
        )
        assert replace(CLOCK, target_s=90_000, day_s=86_400).shown_target == "1\u00a0d\u00a01\u00a0h"


def test_clock_states_differ_by_shape() -> None:
    icons = [replace(CLOCK, state=state).icon for state in ClockState]
    assert len(set(icons)) == len(icons)
    assert replace(CLOCK, elapsed_s=99_999).share == 1.0
    assert replace(CLOCK, target_s=0).share == 1.0


def test_timeline_folds_acts_between_messages() -> None:
    stream = samples.timeline().stream
    assert [type(each) for each in stream] == [ActGroup, Message, Message, ActGroup, Message, ActGroup]
    middle = stream[3]
    assert isinstance(middle, ActGroup)
    assert middle.folded == 2
    assert middle.shown is middle.acts[-1]
    assert Timeline(()).stream == []


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("王小明", "王"),
        ("Lin Host", "LH"),
        ("john.smith", "JS"),
        ("Ann van der Berg", "AV"),
        ("", "?"),
        ("42", "4"),
    ],
)
def test_initials(name: str, initials: str) -> None:
    assert Avatar(name).initials == initials


def test_job_progress() -> None:
    job = JobCard(name="Import", state=JobState.RUNNING, done=1, total=4)
    assert job.share == 0.25 and job.live
    assert replace(job, total=0).share is None
    assert replace(job, done=9).share == 1.0
    assert replace(job, state=JobState.DEAD).tone == "failed"
