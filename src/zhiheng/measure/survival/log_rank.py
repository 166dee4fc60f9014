"""Whether groups of times that may still be running differ: the log-rank test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiheng.measure.arrays import Floats, booleans, column, floats, same_length
from zhiheng.measure.distributions import chi_square_tail
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.result import NOT_ENOUGH_DATA


@dataclass(frozen=True, slots=True)
class LogRank:
    """The test of equal curves; statistic and p are None without enough data. Counts are per group."""

    statistic: float | None
    degrees: int
    p_value: float | None
    groups: tuple[str, ...]
    n: tuple[int, ...]
    observed: tuple[int, ...]
    expected: tuple[float, ...]
    flags: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.statistic is None or self.p_value is None:
            return f"log-rank: {', '.join(self.flags)}"
        return f"log-rank chi2={self.statistic:.3f}, df={self.degrees}, p={self.p_value:.3g}, n={sum(self.n)}"


def log_rank(durations: object, observed: object, groups: object) -> LogRank:
    """Mantel's log-rank test over two or more groups; `groups` labels each duration.

    Statistic (O − E)' V⁻ (O − E) with the hypergeometric covariance at each distinct event time (Mantel
    1966). Weak where curves cross; groups chosen after looking at the data need a correction for the many
    looks.

    `durations` and `observed` as for `kaplan_meier`. Unit: χ² and p. Errors: NaN, unequal lengths, durations
    below 0, fewer than two groups.
    """
    times = floats("durations", durations, minimum=0)
    happened = booleans("observed", observed)
    labels = column("groups", groups)
    same_length(durations=times, observed=happened, groups=labels)
    names, codes = np.unique(labels, return_inverse=True)
    k = int(names.size)
    if k < 2:
        raise MeasureError("groups", f"must name at least two groups, names {k}")
    order = np.argsort(times)
    ordered, codes, happened = times[order], codes[order], happened[order]
    first = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    member = codes[:, None] == np.arange(k)
    leaving = np.add.reduceat(member.astype(np.int64), first, axis=0)
    deaths = np.add.reduceat((member & happened[:, None]).astype(np.int64), first, axis=0)
    risk = (leaving[::-1].cumsum(axis=0)[::-1]).astype(float)
    total, dead = risk.sum(axis=1), deaths.sum(axis=1).astype(float)
    shares = risk / total[:, None]
    difference = deaths.sum(axis=0) - (shares * dead[:, None]).sum(axis=0)
    covariance = _covariance(shares, total, dead)
    expected = (shares * dead[:, None]).sum(axis=0)
    sizes = np.bincount(codes, minlength=k)
    statistic = _statistic(difference, covariance)
    return LogRank(
        statistic=statistic,
        degrees=k - 1,
        p_value=None if statistic is None else chi_square_tail(statistic, k - 1),
        groups=tuple(str(name) for name in names.tolist()),
        n=tuple(int(v) for v in sizes),
        observed=tuple(int(v) for v in deaths.sum(axis=0)),
        expected=tuple(float(v) for v in expected),
        flags=(NOT_ENOUGH_DATA,) if statistic is None else (),
    )


def _covariance(shares: Floats, total: Floats, dead: Floats) -> Floats:
    factor = np.divide(dead * (total - dead), total - 1, out=np.zeros_like(dead), where=total > 1)
    weighted = shares * factor[:, None]
    result: Floats = np.diag(weighted.sum(axis=0)) - shares.T @ weighted
    return result


def _statistic(difference: Floats, covariance: Floats) -> float | None:
    """The quadratic form without the last group, which the others determine; None if it is singular."""
    reduced = covariance[:-1, :-1]
    if np.linalg.matrix_rank(reduced) < reduced.shape[0]:
        return None
    return float(difference[:-1] @ np.linalg.solve(reduced, difference[:-1]))
