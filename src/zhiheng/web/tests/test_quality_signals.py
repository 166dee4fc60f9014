"""How the page of a defect shows a signal that lacks a threshold, or both."""

from __future__ import annotations

import pytest
from django.utils import translation

from zhiheng.definitions.definition import Signal
from zhiheng.definitions.diagnosis import SignalResult, State
from zhiheng.measure.result import Measurement
from zhiheng.web.views.quality_diagnosis import signal_row


def result(*, watch: float | None, confirmed: float | None, state: State) -> SignalResult:
    signal = Signal(
        id="s",
        name={"zh": "信号", "en": "signal"},
        direction="up",
        watch=watch,
        confirmed=confirmed,
        confirm_by="limit",
        tag="O",
    )
    return SignalResult(signal, state, Measurement(value=2.0, unit="ratio", n=40, low=1.5, high=2.5), (), {})


@pytest.mark.parametrize(
    ("watch", "confirmed", "state", "words", "limits"),
    [
        (None, 1.0, "confirmed", "Confirmed", "— / 1.00"),
        (1.0, None, "watch", "Watch", "1.00 / —"),
        (None, None, "told", "Beside", None),
    ],
)
def test_a_missing_threshold_is_a_dash_and_a_figure_without_any_stands_beside(
    watch: float | None, confirmed: float | None, state: State, words: str, limits: str | None
) -> None:
    with translation.override("en"):
        cells = signal_row(result(watch=watch, confirmed=confirmed, state=state)).cells
        assert (str(cells[0].value), cells[4].value) == (words, limits)
    with translation.override("zh-hans"):
        told = signal_row(result(watch=None, confirmed=None, state="told")).cells
        assert str(told[0].value) == "对照"
