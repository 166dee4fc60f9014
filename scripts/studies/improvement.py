"""A simulated improvement, verified: an effect of known size put into one team's real incidents after a date.

Nothing in the log improved; what is found here is what was put in. That is the point: only where the truth is known
can a verdict be checked, and how often it is wrong or too weak.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from studies.incident_log import CUT, DAY_S, FIRST_MONDAY, HOUR_S, Incidents, Integers, read_incidents
from zhiheng.measure import trend
from zhiheng.measure.service import NEVER
from zhiheng.measure.trend import Guard, Verification

Floats = NDArray[np.float64]

TEAM = "Group 70"
FROM_DAY = 21
"""Monday, 21 March 2016: before that the team's times fell steeply, and what is already moving is a poor baseline."""
FEWEST = 150
"""Incidents of all teams on a working day; with fewer it was a holiday, which is left out."""
MEASURE_AT = 24
"""The measure "begins" with the 25th of the 46 working days."""
FACTOR, WORSE_GUARD, TOLERANCE = 0.5, 0.15, 0.02
FACTORS = (1.0, 0.8, 0.65, 0.5)
SEEDS = 200
OUTCOMES = ("improved", "no_effect_shown", "worse")


@dataclass(frozen=True)
class TeamDays:
    """Per working day of the team: mean logarithm of hours to resolve, incidents, weekday, share passed on."""

    value: Floats
    incidents: Integers
    weekday: Integers
    passed_on: Floats
    day: Integers

    def shuffled(self, seed: int) -> TeamDays:
        """The same days in random order, Mondays among Mondays: whatever drift there was is gone, the scatter stays."""
        random, order = np.random.default_rng(seed), np.arange(self.value.size)
        for weekday in range(5):
            places = np.flatnonzero(self.weekday == weekday)
            order[places] = random.permutation(places)
        return TeamDays(
            self.value[order], self.incidents[order], self.weekday, self.passed_on[order], self.day
        )

    def with_effect(self, factor: float) -> Floats:
        """The values if every incident opened from the measure on had taken `factor` of its time."""
        after = np.arange(self.value.size) >= MEASURE_AT
        return self.value + np.where(after, np.log(factor), 0.0)

    def with_more_passed_on(self, share: float) -> Floats:
        """The shares passed on if they were higher by `share` from the measure on."""
        after = np.arange(self.value.size) >= MEASURE_AT
        return self.passed_on + np.where(after, share, 0.0)


@dataclass(frozen=True)
class ImprovementStudy:
    """Three verdicts on the real order of days, how often each verdict falls over many seeds, and on moved dates."""

    days: TeamDays
    nothing_done: Verification
    halved: Verification
    halved_with_guard_worse: Verification
    rates: dict[float, Counter[str]]
    moved_dates: Counter[str]


def verify(days: TeamDays, values: Floats, passed_on: Floats | None = None) -> Verification:
    """The verdict: the effect on the mean logarithm of hours, with the share passed on as its guard."""
    guards = [] if passed_on is None else [Guard("passed on", passed_on, "lower", TOLERANCE, days.incidents)]
    return trend.verify_improvement(
        values,
        intervention=MEASURE_AT,
        better="lower",
        guards=guards,
        weights=days.incidents,
        season=days.weekday,
        unit="log h",
    )


@cache
def study() -> ImprovementStudy:
    """The whole study."""
    days = team_days(read_incidents())
    moved = (
        trend.verify_improvement(
            days.value, intervention=at, better="lower", weights=days.incidents, season=days.weekday
        )
        for at in range(10, days.value.size - 9)
    )
    return ImprovementStudy(
        days=days,
        nothing_done=verify(days, days.value, days.passed_on),
        halved=verify(days, days.with_effect(FACTOR), days.passed_on),
        halved_with_guard_worse=verify(days, days.with_effect(FACTOR), days.with_more_passed_on(WORSE_GUARD)),
        rates={factor: verdicts(days, factor) for factor in FACTORS},
        moved_dates=Counter(each.outcome for each in moved),
    )


def verdicts(days: TeamDays, factor: float) -> Counter[str]:
    """Over all seeds how often each verdict falls when the truth is `factor`."""
    found: Counter[str] = Counter()
    for seed in range(SEEDS):
        shuffled = days.shuffled(seed)
        found[verify(shuffled, shuffled.with_effect(factor)).outcome] += 1
    return found


def team_days(incidents: Incidents) -> TeamDays:
    """The team's working days; an incident resolved in the minute in which it was opened took one minute."""
    mine = (incidents.group == TEAM) & (incidents.resolved < NEVER)
    hours = np.maximum(incidents.resolved - incidents.opened, 60) / HOUR_S
    all_days = np.arange(FROM_DAY, (CUT - FIRST_MONDAY) // DAY_S)
    working = [day for day in all_days if day % 7 < 5 and np.count_nonzero(incidents.day == day) >= FEWEST]
    own = [mine & (incidents.day == day) for day in working]
    return TeamDays(
        value=np.array([np.log(hours[chosen]).mean() for chosen in own]),
        incidents=np.array([np.count_nonzero(chosen) for chosen in own]),
        weekday=np.array(working) % 7,
        passed_on=np.array([(incidents.passed_on[chosen] > 0).mean() for chosen in own]),
        day=np.array(working),
    )
