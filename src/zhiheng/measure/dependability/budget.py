"""What an objective allows to go wrong, and how much of it is used."""

from __future__ import annotations

import math
from dataclasses import dataclass

from zhiheng.measure.errors import MeasureError
from zhiheng.measure.result import NOT_ENOUGH_DATA


@dataclass(frozen=True, slots=True)
class ErrorBudget:
    """The budget of a period: `allowed`, `used` and what remains, in the unit of `total` (seconds or events).

    `burn` 1 uses the budget up exactly by the end of the period. `exhausted_in`: how much longer at the burn so
    far, None when nothing was used; `share_used` may pass 1.
    """

    objective: float
    total: float
    allowed: float
    used: float
    elapsed: float
    unit: str
    flags: tuple[str, ...] = ()

    @property
    def remaining(self) -> float:
        """What may still go wrong; below 0 the objective is missed."""
        return self.allowed - self.used

    @property
    def share_used(self) -> float:
        """The share of the budget that is used."""
        return self.used / self.allowed

    @property
    def burn(self) -> float | None:
        """The error ratio so far in multiples of what the objective allows; None before anything has elapsed."""
        return self.used / self.elapsed / (1 - self.objective) if self.elapsed else None

    @property
    def exhausted_in(self) -> float | None:
        """How much more must pass, at the error ratio so far, until the budget is used up; 0 when it is."""
        if not self.used:
            return None
        return max(self.remaining, 0.0) * self.elapsed / self.used

    def __str__(self) -> str:
        shown = f"{self.share_used:.1%} of {self.allowed:,.4g} {self.unit} used"
        rest = f"objective {self.objective:.4%}, {self.remaining:,.4g} {self.unit} left"
        return f"{shown} ({', '.join((rest, *self.flags))})"


def error_budget(
    objective: float,
    *,
    total: float,
    used: float = 0.0,
    elapsed: float | None = None,
    unit: str = "s",
) -> ErrorBudget:
    """The error budget (1 − objective) × total and the use made of it (Beyer et al. 2018, ch. 2 and 5).

    `total` is the whole period in `unit` (agreed seconds, or the events expected in it), `elapsed` what of it is
    over (all of it if left out), `used` the bad part of `elapsed`. Flags: "exhausted"; "not_enough_data" while
    nothing has elapsed.

    Unit: that of `total`; `unit` names it. Errors: an objective outside 0..1, a use below 0 or above what has
    elapsed.
    """
    ratio = allowed_ratio(objective)
    if not (math.isfinite(total) and total > 0):
        raise MeasureError("total", f"must be finite and above 0, is {total!r}")
    gone = total if elapsed is None else elapsed
    if not 0 <= gone <= total:
        raise MeasureError("elapsed", f"must lie between 0 and total ({total:g}), is {elapsed!r}")
    if not 0 <= used <= gone:
        raise MeasureError("used", f"must lie between 0 and elapsed ({gone:g}), is {used!r}")
    allowed = ratio * total
    flags = (("exhausted", used > allowed), (NOT_ENOUGH_DATA, gone == 0))
    return ErrorBudget(
        objective, total, allowed, used, gone, unit, tuple(name for name, raised in flags if raised)
    )


def burn_rate(bad: float, total: float, *, objective: float) -> float:
    """The burn rate: error ratio bad / total over the allowed ratio 1 − objective; 0 without events.

    `objective` is the promised share of good events. Unit: times the allowed rate. Errors: more bad events than
    events, an objective outside 0..1. Source: Beyer et al. 2018, ch. 5.
    """
    ratio = allowed_ratio(objective)
    if not (math.isfinite(total) and 0 <= bad <= total):
        raise MeasureError("bad", f"must lie between 0 and total ({total!r}), is {bad!r}")
    return bad / total / ratio if total else 0.0


def budget_used(burn: float, *, window_s: float, period_s: float) -> float:
    """The share of a period's budget that a burn rate uses within a window: burn × window / period.

    Both lengths, `window_s` and `period_s`, in seconds. Burn 14.4 for an hour of 30 days uses 2 %. Unit: share
    of the budget. Errors: a window or period not above 0, a burn below 0. Source: Beyer et al. 2018, ch. 5.
    """
    if not (math.isfinite(burn) and burn >= 0):
        raise MeasureError("burn", f"must be finite and not negative, is {burn!r}")
    if not 0 < window_s <= period_s < math.inf:
        raise MeasureError("window_s", "must lie above 0 and not exceed period_s")
    return burn * window_s / period_s


def allowed_ratio(objective: float) -> float:
    """1 − objective of an objective strictly between 0 and 1."""
    if not 0 < objective < 1:
        raise MeasureError("objective", f"must lie strictly between 0 and 1, is {objective!r}")
    return 1 - objective
