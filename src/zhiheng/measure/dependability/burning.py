"""Alerts on the burn rate of an error budget: a long window says that it matters, a short one that it goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zhiheng.measure.arrays import Booleans, Floats, count, floats, same_length
from zhiheng.measure.dependability.budget import allowed_ratio
from zhiheng.measure.errors import MeasureError

HOUR_S = 3600
DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class BurnPolicy:
    """Alert while the burn rate over both windows is at least `burn`; `severity` is "page" or "ticket"."""

    severity: str
    long_s: int
    short_s: int
    burn: float


SRE_POLICIES = (
    BurnPolicy("page", HOUR_S, 5 * 60, 14.4),
    BurnPolicy("page", 6 * HOUR_S, 30 * 60, 6.0),
    BurnPolicy("ticket", 3 * DAY_S, 6 * HOUR_S, 1.0),
)
"""For a budget of 30 days: 2 % of it in an hour, 5 % in six, 10 % in three days (Beyer et al. 2018, table 5-8)."""


@dataclass(frozen=True, slots=True)
class BurnAlert:
    """One spell of alert: slots `first` to `last` (included), its highest burn over the long window."""

    policy: BurnPolicy
    first: int
    last: int
    peak: float
    n: int
    """Events in the long window when the alert began."""

    def __str__(self) -> str:
        shown = f"{self.policy.severity}: burn {self.peak:.1f} ≥ {self.policy.burn:g}"
        return f"{shown} in slots {self.first}–{self.last} (n={self.n})"


def burn_rate_alerts(
    bad: object,
    total: object,
    *,
    objective: float,
    slot_s: int,
    policies: Sequence[BurnPolicy] = SRE_POLICIES,
    minimum_events: int = 10,
) -> tuple[BurnAlert, ...]:
    """The spells in which each policy alerts: (bad / total) / (1 − objective) ≥ burn over long and short window.

    `bad` and `total` count events per slot of `slot_s` seconds, in time order; for time-based objectives they are
    bad and all seconds. A window reaches back from the end of its slot, and at the beginning over what there is.
    No alert with fewer than `minimum_events` in the long window: one failure of three calls is no emergency.
    Windows must be whole numbers of slots (Beyer et al. 2018, ch. 5).

    Unit: slots, by position; burn in times the allowed rate. Errors: unequal lengths, more bad than all,
    windows that are no whole numbers of slots, an objective outside 0..1.
    """
    ratio = allowed_ratio(objective)
    lost, seen = floats("bad", bad, minimum=0), floats("total", total, minimum=0)
    same_length(bad=lost, total=seen)
    if (lost > seen).any():
        raise MeasureError("bad", "must not exceed total")
    count("slot_s", slot_s, minimum=1)
    count("minimum_events", minimum_events)
    alerts: list[BurnAlert] = []
    for policy in policies:
        _check(policy, slot_s)
        long_events = _over(seen, policy.long_s // slot_s)
        long_burn = _burn(lost, seen, policy.long_s // slot_s, ratio)
        short_burn = _burn(lost, seen, policy.short_s // slot_s, ratio)
        level = policy.burn * (1 - 1e-12)  # a burn that meets the limit exactly must not hang on rounding
        firing = (long_burn >= level) & (short_burn >= level) & (long_events >= minimum_events)
        for first, last in spells(firing):
            peak = float(long_burn[first : last + 1].max())
            alerts.append(BurnAlert(policy, first, last, peak, int(long_events[first])))
    return tuple(sorted(alerts, key=lambda alert: alert.first))


def spells(flags: Booleans) -> list[tuple[int, int]]:
    """First and last position of each unbroken run of true."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return [(first, last - 1) for first, last in edges.reshape(-1, 2).tolist()]


def _check(policy: BurnPolicy, slot_s: int) -> None:
    if policy.burn <= 0:
        raise MeasureError("policies", f"must have a burn above 0, has {policy.burn!r}")
    if not 0 < policy.short_s < policy.long_s:
        raise MeasureError("policies", "must have a short window above 0 and below the long one")
    if policy.short_s % slot_s or policy.long_s % slot_s:
        raise MeasureError("policies", f"must have windows of whole slots of {slot_s} s")


def _over(values: Floats, slots: int) -> Floats:
    sums = np.concatenate(([0.0], np.cumsum(values)))
    back = np.maximum(np.arange(values.size) + 1 - slots, 0)
    result: Floats = sums[1:] - sums[back]
    return result


def _burn(bad: Floats, total: Floats, slots: int, ratio: float) -> Floats:
    seen = _over(total, slots)
    return np.divide(_over(bad, slots), seen, out=np.zeros_like(seen), where=seen > 0) / ratio
