"""Figure: the only way a measured number is shown. Value and unit, verdict against its target, interval,
trend, n, links.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from zhiheng.ui.components.basic import Link
from zhiheng.ui.components.drawing import Spark, Whisker, draw_spark, draw_whisker
from zhiheng.ui.formatting import NBSP, Quantity, number, quantity
from zhiheng.ui.navigation import Text


class Verdict(StrEnum):
    """What a value says about its target. The two uncertain ones: the interval includes the target."""

    MET = "met"
    NOT_MET = "not_met"
    MET_UNCERTAIN = "met_uncertain"
    NOT_MET_UNCERTAIN = "not_met_uncertain"
    NOT_ENOUGH_DATA = "not_enough_data"
    NOT_COMPUTABLE = "not_computable"
    NO_TARGET = "no_target"

    @property
    def label(self) -> Text:
        """Its word."""
        return LOOKS[self][0]

    @property
    def explanation(self) -> Text:
        """What it means, in a sentence; "" where the word says it all."""
        return EXPLANATIONS.get(self, "")

    @property
    def icon(self) -> str:
        """Its icon: colour is never the only sign."""
        return LOOKS[self][1]

    @property
    def tone(self) -> str:
        """Class of its tag."""
        return LOOKS[self][2]

    @property
    def line_class(self) -> str:
        """Class that colours whisker and sparkline."""
        return LOOKS[self][3]


LOOKS: dict[Verdict, tuple[Text, str, str, str]] = {
    Verdict.MET: (_("Met"), "check", "ok", "verdict-met"),
    Verdict.NOT_MET: (_("Not met"), "x", "miss", "verdict-not-met"),
    Verdict.MET_UNCERTAIN: (_("Uncertain"), "question-mark", "risk", "verdict-uncertain"),
    Verdict.NOT_MET_UNCERTAIN: (_("Uncertain"), "question-mark", "risk", "verdict-uncertain"),
    Verdict.NOT_ENOUGH_DATA: (_("Not enough data"), "circle-dashed", "none", "verdict-none"),
    Verdict.NOT_COMPUTABLE: (_("Not computable"), "circle-dashed", "none", "verdict-none"),
    Verdict.NO_TARGET: (_("No target"), "minus", "", "verdict-plain"),
}


EXPLANATIONS: dict[Verdict, Text] = {
    Verdict.MET_UNCERTAIN: _("The value meets the target, but the interval includes it."),
    Verdict.NOT_MET_UNCERTAIN: _("The value misses the target, but the interval includes it."),
}


@dataclass(frozen=True, slots=True)
class Trend:
    """The last values, oldest first (None: no value in that period), with limits of a control chart where
    known.
    """

    values: tuple[float | None, ...]
    lower: float | None = None
    upper: float | None = None
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A measured number with all that is needed to judge it.

    `value`, `low`, `high`, `target`, `scale` and trend are in `unit` as `measure` gives it ("share" is 0..1).
    `higher_is_better` decides how the target reads (≥ or ≤), `target_source` says whose it is. `missing` says what is
    missing when there is no value.
    """

    name: Text
    unit: str
    value: float | None
    verdict: Verdict
    n: int | None = None
    low: float | None = None
    high: float | None = None
    confidence: float = 0.95
    target: float | None = None
    target_source: Text = ""
    higher_is_better: bool = True
    scale: tuple[float, float] | None = None
    decimals: int | None = None
    trend: Trend | None = None
    missing: Text = ""
    definition_url: str = ""
    rows_url: str = ""
    rows: int | None = None
    note: Text = ""
    next_step: Link | None = None

    @property
    def lacking(self) -> bool:
        """Whether it is shown hatched and grey instead of as a number."""
        return self.value is None or self.verdict in {Verdict.NOT_ENOUGH_DATA, Verdict.NOT_COMPUTABLE}

    @property
    def shown(self) -> Quantity:
        """The value as text."""
        return quantity(self.value, self.unit, self.decimals)

    @property
    def shown_target(self) -> str:
        """`≤ 2 h`: the target without needless zeros."""
        if self.target is None:
            return ""
        sign = "≥" if self.higher_is_better else "≤"
        return f"{sign}{NBSP}{self._short(self.target)}"

    @property
    def shown_interval(self) -> str:
        """`2.2–2.6 h`, or "" where no interval is defined; an open end is shown as `…`."""
        if self.low is None and self.high is None:
            return ""
        ends = [
            "…" if end is None else quantity(end, self.unit, self.decimals).number
            for end in (self.low, self.high)
        ]
        return str(Quantity("–".join(ends), self.shown.unit))

    @property
    def shown_confidence(self) -> str:
        """`95 %`."""
        return str(quantity(self.confidence, "share", 0))

    @property
    def shown_n(self) -> str:
        """The sample size."""
        return number(self.n)

    @property
    def whisker(self) -> Whisker | None:
        """Interval, point and target on one axis."""
        if self.lacking or self.value is None:
            return None
        return draw_whisker(self.value, self.low, self.high, self.target, scale=self.scale or self._scale())

    @property
    def spark(self) -> Spark | None:
        """The trend with limits and target."""
        if self.trend is None or sum(value is not None for value in self.trend.values) < 2:
            return None
        return draw_spark(
            self.trend.values, lower=self.trend.lower, upper=self.trend.upper, target=self.target
        )

    def _short(self, value: float) -> str:
        shown = quantity(value, self.unit, 2 if self.decimals is None else self.decimals)
        trimmed = shown.number.rstrip("0").rstrip(".") if "." in shown.number else shown.number
        return str(Quantity(trimmed, shown.unit))

    def _scale(self) -> tuple[float, float]:
        """A range that holds everything; a share never runs past 0 or 1."""
        marks = list(_known((self.value, self.low, self.high, self.target)))
        span = max(marks) - min(marks) or abs(max(marks)) or 1.0
        start, end = min(marks) - 0.25 * span, max(marks) + 0.25 * span
        if self.unit == "share":
            return max(0.0, start), min(1.0, end)
        return (max(0.0, start) if min(marks) >= 0 else start), end


def _known(values: Iterable[float | None]) -> Iterable[float]:
    return (value for value in values if value is not None)
