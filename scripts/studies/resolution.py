"""How long incidents take, by priority, counting those that are still open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from studies.incident_log import CUT, HOUR_S, Booleans, Incidents, read_incidents
from zhiheng.measure import survival
from zhiheng.measure.service import NEVER
from zhiheng.measure.survival import LogRank, Survival

PRIORITIES = ("1", "2", "3", "4")


@dataclass(frozen=True)
class ResolutionStudy:
    """A curve per priority and one for all, the test of equal curves, and the shortcut for comparison."""

    curves: dict[str, Survival]
    whole: Survival
    test: LogRank
    urgent_against_normal: LogRank
    closed_only_p90: float
    naive_p90: float
    n: int
    still_open: int
    unstamped: int


def curve(incidents: Incidents, chosen: Booleans) -> Survival:
    """Hours from opening to resolution; what was open at the cut counts as "longer than until then"."""
    hours = (np.minimum(incidents.resolved, CUT) - incidents.opened) / HOUR_S
    resolved = incidents.resolved <= CUT
    return survival.kaplan_meier(hours[chosen], resolved[chosen], unit="h")


def compare(incidents: Incidents, chosen: Booleans) -> LogRank:
    """Whether the curves of the priorities differ."""
    hours = (np.minimum(incidents.resolved, CUT) - incidents.opened) / HOUR_S
    resolved = incidents.resolved <= CUT
    return survival.log_rank(hours[chosen], resolved[chosen], incidents.priority[chosen])


def study() -> ResolutionStudy:
    """The whole study."""
    incidents = read_incidents()
    before = incidents.opened < CUT
    closed = before & (incidents.resolved <= CUT)
    return ResolutionStudy(
        curves={name: curve(incidents, before & (incidents.priority == name)) for name in PRIORITIES},
        whole=curve(incidents, before),
        test=compare(incidents, before),
        urgent_against_normal=compare(incidents, before & np.isin(incidents.priority, ("1", "3"))),
        closed_only_p90=float(np.quantile((incidents.resolved - incidents.opened)[closed], 0.9)) / HOUR_S,
        naive_p90=_naive_p90(incidents, before),
        n=int(before.sum()),
        still_open=int((before & ~closed).sum()),
        unstamped=int((before & ~incidents.stamped & (incidents.resolved < NEVER)).sum()),
    )


def _naive_p90(incidents: Incidents, chosen: Booleans) -> float:
    """Hours for nine in ten, had the incidents without a stamp been taken for open."""
    stamped = np.where(incidents.stamped, incidents.resolved, NEVER)
    hours = (np.minimum(stamped, CUT) - incidents.opened) / HOUR_S
    return survival.quantile(hours[chosen], (stamped <= CUT)[chosen], share=0.9, unit="h").value or np.inf
