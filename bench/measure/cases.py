"""The cases: what is computed, of how much, and what else computes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from lifelines import KaplanMeierFitter
from scipy import stats
from statsmodels.duration.survfunc import SurvfuncRight

from zhiheng.measure.index import CompositeIndex, Goalposts, Group, Indicator, Points, Veto
from zhiheng.measure.satisfaction import bootstrap_interval
from zhiheng.measure.spc import laney_p_chart, laney_p_charts
from zhiheng.measure.survival import kaplan_meier

Work = Callable[[], object]

RESPONDENTS, REPLICATES = 10_000, 10_000
SERVICES, MONTHS, DRAWS = 1_000, 36, 1_000
TICKETS = 1_000_000
SERIES, POINTS = 10_000, 52


@dataclass(frozen=True)
class Case:
    """`prepare` makes the data and answers with our work and that of the other package (None: there is none)."""

    what: str
    beside: str
    prepare: Callable[[], tuple[Work, Work | None]]
    rounds: int


def bootstrap() -> tuple[Work, Work]:
    """The mean of ratings that are all different, so that nothing can be counted together."""
    values = np.random.default_rng(1).normal(4, 1, RESPONDENTS)

    def ours() -> object:
        return bootstrap_interval(values, seed=1, replicates=REPLICATES)

    def theirs() -> object:
        return stats.bootstrap(
            (values,), np.mean, n_resamples=REPLICATES, batch=100, method="percentile",
            rng=np.random.default_rng(1),
        )  # fmt: skip

    return ours, theirs


def service_quality_index() -> tuple[Work, None]:
    """Two groups of three indicators with a red line: every month's values, then its sensitivity to weights."""
    percent = Goalposts(0, 100)
    hours = Points(((48, 0), (24, 60), (8, 80), (2, 100)))
    groups = tuple(
        Group(
            name, tuple(Indicator(f"{name} {k}", scale, 1 / 3) for k, scale in enumerate(scales)), weight=0.5
        )
        for name, scales in (("speed", (hours, percent, percent)), ("trust", (percent, hours, percent)))
    )
    index = CompositeIndex.of(
        "SQI", Group("SQI", groups), version="1", vetoes=[Veto("trust 0", 59, below=20)]
    )
    random = np.random.default_rng(2)
    table = np.where(
        [scale is hours for scale in (hours, percent, percent, percent, hours, percent)],
        random.lognormal(2, 0.8, (SERVICES * MONTHS, 6)),
        random.uniform(10, 100, (SERVICES * MONTHS, 6)),
    )
    table[random.random(table.shape) < 0.03] = np.nan

    def ours() -> object:
        whole = index.evaluate_many(table)
        for month in range(MONTHS):
            rows = table[month * SERVICES : (month + 1) * SERVICES]
            index.sensitivity(rows, seed=month, replicates=DRAWS)
        return whole

    return ours, None


def _times() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(3)
    return np.ceil(random.lognormal(9, 2, TICKETS)), random.random(TICKETS) < 0.9


def survival_statsmodels() -> tuple[Work, Work]:
    """A million tickets, one in ten still open, in whole seconds."""
    seconds, seen = _times()
    status = seen.astype(float)
    return lambda: kaplan_meier(seconds, seen), lambda: SurvfuncRight(seconds, status)


def survival_lifelines() -> tuple[Work, Work]:
    """The same beside the other package."""
    seconds, seen = _times()
    return lambda: kaplan_meier(seconds, seen), lambda: KaplanMeierFitter().fit(seconds, seen)


def control_charts() -> tuple[Work, Work]:
    """A year of weeks for each of ten thousand series, all four rules. No package draws Laney's chart: beside it
    stands our own chart, one series after the other."""
    random = np.random.default_rng(4)
    sizes = random.integers(20, 400, (SERIES, POINTS))
    events = random.binomial(sizes, random.uniform(0.02, 0.3, (SERIES, 1)))

    def one_by_one() -> object:
        return [laney_p_chart(*row) for row in zip(events, sizes, strict=True)]

    return lambda: laney_p_charts(events, sizes), one_by_one


CASES = {
    "bootstrap": Case(
        f"{REPLICATES:,} bootstrap replicates of the mean of {RESPONDENTS:,} answers",
        "scipy.stats.bootstrap", bootstrap, 5,
    ),
    "index": Case(
        f"index of {SERVICES:,} services × {MONTHS} months, with {DRAWS:,} draws of weights for each month",
        "", service_quality_index, 1,
    ),
    "survival": Case(
        f"Kaplan-Meier curve of {TICKETS:,} tickets with its band",
        "statsmodels SurvfuncRight", survival_statsmodels, 7,
    ),
    "survival-lifelines": Case(
        f"Kaplan-Meier curve of {TICKETS:,} tickets with its band",
        "lifelines KaplanMeierFitter", survival_lifelines, 5,
    ),
    "charts": Case(
        f"Laney p' charts of {SERIES:,} series of {POINTS} points, four rules",
        "laney_p_chart, one series after the other", control_charts, 1,
    ),
}  # fmt: skip
