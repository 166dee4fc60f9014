"""Volume and backlog by week or month, in the organisation's zone."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from zhiheng.analyze.facts import CaseFacts
from zhiheng.analyze.facts.lifecycle import NEVER

WEEKS_AT_MOST = 80


def period_edges(from_s: int, to_s: int, zone: str, *, by: str | None = None) -> tuple[str, list[int]]:
    """The borders of the weeks (from Monday) or months that cover a window; months when there are too many weeks."""
    tz = ZoneInfo(zone)
    start = datetime.fromtimestamp(from_s, tz)
    if by is None:
        by = "week" if (to_s - from_s) / 604800 <= WEEKS_AT_MOST else "month"
    day = start.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    current = day - timedelta(days=day.weekday()) if by == "week" else day.replace(day=1)
    edges = [int(current.timestamp())]
    while edges[-1] < to_s:
        if by == "week":
            current += timedelta(days=7)
        else:
            current = (current + timedelta(days=32)).replace(day=1)
        edges.append(int(current.timestamp()))
    return by, edges


def volume_figures(facts: CaseFacts, *, from_s: int, to_s: int, zone: str) -> dict[str, Any]:
    """Cases received and resolved in each period, and open at its end."""
    by, edges = period_edges(from_s, to_s, zone)
    received, resolved = facts.seconds("received_s"), facts.seconds("resolved_s")
    assert received is not None
    inside = (received >= from_s) & (received < to_s)
    arrivals = np.sort(received[inside])
    limits = np.minimum(np.array(edges), to_s)
    arrived = np.searchsorted(arrivals, limits)
    if resolved is None:
        done = None
    else:
        finished = np.sort(resolved[inside & (resolved != NEVER)])
        done = np.searchsorted(finished, np.minimum(limits, facts.cut_s))
    periods = [
        {
            "from_s": edges[number],
            "to_s": edges[number + 1],
            "received": int(arrived[number + 1] - arrived[number]),
            "resolved": None if done is None else int(done[number + 1] - done[number]),
            "open": None if done is None else int(arrived[number + 1] - done[number + 1]),
            "whole": edges[number] >= from_s and edges[number + 1] <= to_s,
        }
        for number in range(len(edges) - 1)
    ]
    return {"by": by, "periods": periods}
