"""Whether the share of missed service levels is stable: Laney's p' charts by week and by working day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from studies.incident_log import CUT, DAY_S, FIRST_MONDAY, Incidents, Integers, read_incidents
from zhiheng.measure import spc
from zhiheng.measure.spc import ControlChart

WEEKS = 13
"""Whole weeks from 29 February to 29 May 2016."""
SETTLED_FROM, BASELINE = 25, 30
"""Working days: the baseline begins with the sixth week, Monday, 4 April, and holds 30 days."""


@dataclass(frozen=True)
class StabilityStudy:
    """The charts: all weeks, all working days, the baseline (phase I) and the days after it (phase II).

    `plain` are the same days on ordinary p charts, which take chance for the only source of variation.
    """

    weeks: ControlChart
    plain_weeks: ControlChart
    days: ControlChart
    phase_1: ControlChart
    phase_2: ControlChart
    plain_1: ControlChart
    plain_2: ControlChart
    missed: float
    n: int


def weekly(incidents: Incidents) -> tuple[Integers, Integers]:
    """Per week of opening the missed service levels and the incidents."""
    return _counts(incidents, incidents.day // 7, np.arange(WEEKS))


def daily(incidents: Incidents) -> tuple[Integers, Integers]:
    """The same per working day."""
    return _counts(incidents, incidents.day, working_days())


def working_days() -> Integers:
    """Mondays to Fridays of the log, counted from its first Monday; holidays are among them, with few incidents."""
    days = np.arange((CUT - FIRST_MONDAY) // DAY_S)
    return days[days % 7 < 5]


def phases(missed: Integers, opened: Integers) -> tuple[ControlChart, ControlChart]:
    """Phase I estimates the limits from the baseline, phase II judges later days by them, unchanged."""
    settled = slice(SETTLED_FROM, SETTLED_FROM + BASELINE)
    later = slice(settled.stop, None)
    phase_1 = spc.laney_p_chart(missed[settled], opened[settled])
    phase_2 = spc.laney_p_chart(missed[later], opened[later], limits=phase_1.limits)
    return phase_1, phase_2


def study() -> StabilityStudy:
    """The whole study."""
    incidents = read_incidents()
    weeks, days = weekly(incidents), daily(incidents)
    settled = slice(SETTLED_FROM, SETTLED_FROM + BASELINE)
    plain_1 = spc.p_chart(*(counts[settled] for counts in days))
    plain_2 = spc.p_chart(*(counts[settled.stop :] for counts in days), limits=plain_1.limits)
    phase_1, phase_2 = phases(*days)
    return StabilityStudy(
        weeks=spc.laney_p_chart(*weeks),
        plain_weeks=spc.p_chart(*weeks),
        days=spc.laney_p_chart(*days),
        phase_1=phase_1,
        phase_2=phase_2,
        plain_1=plain_1,
        plain_2=plain_2,
        missed=float(weeks[0].sum() / weeks[1].sum()),
        n=int(weeks[1].sum()),
    )


def _counts(incidents: Incidents, period: Integers, periods: Integers) -> tuple[Integers, Integers]:
    missed = np.array([np.count_nonzero(incidents.missed & (period == each)) for each in periods])
    opened = np.array([np.count_nonzero(period == each) for each in periods])
    return missed, opened
