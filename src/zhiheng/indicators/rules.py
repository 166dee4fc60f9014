"""Pure decisions about figures: the periods to look at, limits of a trend, what must not be shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

WEEK_S = 7 * 86_400
# Wheeler's constant for individual values: 3 ÷ d2 of two neighbours (1.128).
SPREAD = 2.66
LIMITS_FROM = 8
WEEKS_AT_MOST = 30
FEWEST_PERSONS = 3
# How far back somebody looks who chose nothing.
USUAL_WEEKS = 13


def period_edges(from_s: int, to_s: int, zone: str) -> tuple[str, list[int]]:
    """Whole weeks (from Monday), or months where they would be too many, inside a window; at least one period.

    A period that the window holds only in part is left out: half a week is no point of a trend.
    """
    tz = ZoneInfo(zone)
    by = "week" if (to_s - from_s) / WEEK_S <= WEEKS_AT_MOST else "month"
    start = datetime.fromtimestamp(from_s, tz).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    current = start - timedelta(days=start.weekday()) if by == "week" else start.replace(day=1)
    edges: list[int] = []
    while (second := int(current.timestamp())) <= to_s:
        if second >= from_s:
            edges.append(second)
        current = (
            current + timedelta(days=7) if by == "week" else (current + timedelta(days=32)).replace(day=1)
        )
    return by, edges if len(edges) > 1 else [from_s, to_s]


def weeks_before(to_s: int, weeks: int, zone: str) -> int:
    """The Monday from which `weeks` whole weeks, and the running one, lead up to a moment."""
    tz = ZoneInfo(zone)
    day = datetime.fromtimestamp(to_s, tz).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return int((day - timedelta(days=day.weekday() + 7 * weeks)).timestamp())


def natural_limits(values: Sequence[float | None]) -> tuple[float, float] | None:
    """The natural process limits of an XmR chart, mean ± 2.66 × mean moving range; None with too few values.

    Wheeler, Understanding Variation (1993). Periods without a value are passed over.
    """
    known = [value for value in values if value is not None]
    if len(known) < LIMITS_FROM:
        return None
    mean = sum(known) / len(known)
    moving = sum(abs(b - a) for a, b in pairwise(known)) / (len(known) - 1)
    return mean - SPREAD * moving, mean + SPREAD * moving


def is_suppressed(*, persons: int, own: bool) -> bool:
    """Whether a figure would tell about one or two people to somebody outside their scope."""
    return 0 < persons < FEWEST_PERSONS and not own


def is_settled(*, in_force_from: date, today: date) -> bool:
    """Whether a target has judged a day that is over, so that what was judged by it would change with it."""
    return in_force_from < today
