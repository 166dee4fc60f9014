"""Whether incidents come back, by three ways of recognising them, and how much of it is chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from studies.incident_log import CUT, DAY_S, MISSING, Incidents, Integers, read_incidents
from zhiheng.measure import service
from zhiheng.measure.service import Recurrence

LOG_DAYS = 92
"""29 February to 30 May 2016: the days over which the faults of a key are counted."""


@dataclass(frozen=True)
class RecurrenceStudy:
    """The rate of each matcher, with its excess over chance."""

    by_matcher: dict[str, Recurrence]
    without_item: float


def recurrence(incidents: Incidents, key: Integers, matcher: str) -> Recurrence:
    """The 30-day rate. Chance: as often as the other incidents of the key fell anywhere into the log."""
    keyed = key >= 0
    same_key = np.bincount(key[keyed], minlength=1)[np.maximum(key, 0)]
    per_second = np.where(keyed, same_key - 1, 0) / (LOG_DAYS * DAY_S)
    return service.recurrence_rate(
        key,
        incidents.opened,
        incidents.resolved,
        matcher=matcher,
        cut_s=CUT,
        window_s=30 * DAY_S,
        key_rate=per_second,
    )


def study() -> RecurrenceStudy:
    """The whole study."""
    incidents = read_incidents()
    keys = {
        "caller_subcategory": incidents.key(incidents.caller, incidents.subcategory),
        "location_subcategory": incidents.key(incidents.location, incidents.subcategory),
        "caller": incidents.key(incidents.caller),
    }
    return RecurrenceStudy(
        {name: recurrence(incidents, key, name) for name, key in keys.items()},
        without_item=float((incidents.item == MISSING).mean()),
    )
