"""How covariates such as priority or team change the rate at which waiting ends: Cox's regression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from zhiheng.measure.arrays import Floats, booleans, floats, same_length
from zhiheng.measure.distributions import chi_square_tail, normal_tail, two_sided_z
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.result import NOT_ENOUGH_DATA
from zhiheng.measure.survival.partial_likelihood import PartialLikelihood, Ties

EVENTS_PER_COVARIATE = 10
FLAT = 1e-8


@dataclass(frozen=True, slots=True)
class HazardRatio:
    """What one unit more of a covariate does to the rate of the event, the others held fast.

    `ratio` = e^`coefficient`, above 1: the event comes sooner. `proportional_p`: the test that the ratio is the
    same early and late (Grambsch & Therneau 1994); a small p says that one number hides a change.
    """

    name: str
    coefficient: float
    standard_error: float
    ratio: float
    low: float
    high: float
    z: float
    p_value: float
    proportional_p: float | None

    def __str__(self) -> str:
        return f"{self.name}: ratio {self.ratio:.4g} [{self.low:.4g} … {self.high:.4g}], p={self.p_value:.3g}"


@dataclass(frozen=True, slots=True)
class CoxModel:
    """A fitted Cox model; `ratios` is empty without enough data. `chi_square` is the likelihood-ratio test."""

    ratios: tuple[HazardRatio, ...]
    n: int
    events: int
    log_likelihood: float | None
    chi_square: float | None
    degrees: int
    p_value: float | None
    method: str
    confidence: float
    flags: tuple[str, ...] = ()

    def __str__(self) -> str:
        notes = ", ".join((f"n={self.n}", f"events={self.events}", self.method, *self.flags))
        return "; ".join([*(str(ratio) for ratio in self.ratios), f"({notes})"])


def cox(
    durations: object,
    observed: object,
    covariates: object,
    *,
    names: Sequence[str] | None = None,
    entered: object | None = None,
    ties: Ties = "efron",
    confidence: float = 0.95,
) -> CoxModel:
    """The hazard ratios of covariates: h(t | x) = h0(t) e^(x β), β by the partial likelihood (Cox 1972).

    `covariates` is one row per case and one column per covariate (one column may be flat); `observed` is false
    where the case is still open. A covariate that changes, such as priority, is given as several rows of one
    case: each is at risk from `entered` (excluded) to its `durations` (included), and only its last may be
    observed. Ties after Efron 1977 or Breslow 1974. Wald intervals, likelihood-ratio test.

    Flags: "few_events" (under 10 per covariate), "separation" (a covariate sorts the events perfectly: its
    ratio has no finite estimate and its interval means nothing), "non_proportional" (some `proportional_p` <
    0.05). A ratio is an association: what was not measured may stand behind it.

    `durations` as for `kaplan_meier`. Unit: ratios of hazards. Errors: NaN, unequal lengths, durations below 0,
    an entry not before the end, unknown ties.
    """
    z = two_sided_z(confidence)
    if ties not in ("efron", "breslow"):
        raise MeasureError("ties", f'must be "efron" or "breslow", is {ties!r}')
    times = floats("durations", durations, minimum=0)
    happened = booleans("observed", observed)
    same_length(durations=times, observed=happened)
    entry = None if entered is None else _entry(entered, times)
    table = _table(covariates, times.size)
    labels = _names(names, table.shape[1])
    n, events, method = int(times.size), int(happened.sum()), f"cox-{ties}"
    degrees = len(labels)
    nothing = CoxModel((), n, events, None, None, degrees, None, method, confidence, (NOT_ENOUGH_DATA,))
    if events == 0 or n < degrees + 2:
        return nothing
    centre, spread = _scale(table, labels)
    likelihood = PartialLikelihood(times, happened, (table - centre) / spread, entry, ties)
    start = likelihood.at(np.zeros(degrees))
    if float(np.linalg.eigvalsh(start.information)[0]) < FLAT:
        return nothing  # at no event did those at risk differ
    beta, last_step = _climb(likelihood)
    fit = likelihood.at(beta)
    flattest = float(np.linalg.eigvalsh(fit.information)[0])
    separated = bool(np.abs(last_step).max() > 1e-4) or flattest < FLAT
    covariance = np.linalg.inv(fit.information + likelihood.ridge).astype(np.float64)
    errors = np.sqrt(np.diag(covariance)) / spread
    drift = [None] * degrees if separated else likelihood.proportionality(beta, covariance)
    chi_square = max(2 * (fit.value - start.value), 0.0)
    ratios = tuple(
        _ratio(label, float(beta[k] / spread[k]), float(errors[k]), z, drift[k])
        for k, label in enumerate(labels)
    )
    flags = (
        ("few_events", events < EVENTS_PER_COVARIATE * degrees),
        ("separation", separated),
        ("non_proportional", any(p is not None and p < 0.05 for p in drift)),
    )
    return replace(
        nothing,
        ratios=ratios,
        log_likelihood=fit.value,
        chi_square=chi_square,
        p_value=chi_square_tail(chi_square, degrees),
        flags=tuple(name for name, raised in flags if raised),
    )


def _entry(entered: object, times: Floats) -> Floats:
    entry = floats("entered", entered, minimum=0)
    same_length(durations=times, entered=entry)
    if (entry >= times).any():
        raise MeasureError("entered", "must lie before durations")
    return entry


def _table(covariates: object, n: int) -> NDArray[np.float64]:
    table = np.asarray(covariates)
    if table.ndim == 1:
        table = table[:, None]
    if table.ndim != 2 or not table.shape[1]:
        raise MeasureError("covariates", "must be a table: one row per case, one column per covariate")
    if table.shape[0] != n:
        raise MeasureError(
            "covariates", f"must have a row for each of the {n} durations, has {table.shape[0]}"
        )
    flat = floats("covariates", table.ravel())
    return flat.reshape(table.shape)


def _names(names: Sequence[str] | None, columns: int) -> tuple[str, ...]:
    if names is None:
        return tuple(f"x{k + 1}" for k in range(columns))
    if len(names) != columns:
        raise MeasureError("names", f"must name each of the {columns} covariates, has {len(names)}")
    return tuple(names)


def _scale(table: NDArray[np.float64], labels: tuple[str, ...]) -> tuple[Floats, Floats]:
    """Centre and spread of each column: Newton's method climbs the same hill whatever the units."""
    spread = table.std(axis=0)
    flat = np.flatnonzero(np.ptp(table, axis=0) == 0)
    if flat.size:
        raise MeasureError("covariates", f"must vary: {labels[int(flat[0])]} is constant")
    scaled = (table - table.mean(axis=0)) / spread
    if np.linalg.matrix_rank(scaled) < table.shape[1]:
        raise MeasureError("covariates", "must not determine each other: a column is a sum of others")
    return table.mean(axis=0), spread


def _climb(likelihood: PartialLikelihood) -> tuple[Floats, Floats]:
    """Newton's method with halved steps; the coefficients and the last step, which stays long at a ridge."""
    beta, step = np.zeros(likelihood.columns), np.zeros(likelihood.columns)
    here, gain = likelihood.at(beta), np.inf
    while gain > 1e-12:
        step = np.linalg.solve(here.information + likelihood.ridge, here.score).astype(np.float64)
        length, there = 1.0, likelihood.at(beta + step)
        while there.value < here.value and length > 1e-6:
            length /= 2
            there = likelihood.at(beta + length * step)
        beta, here, gain = beta + length * step, there, there.value - here.value
    return beta, step


def _ratio(
    label: str, coefficient: float, error: float, z: float, proportional_p: float | None
) -> HazardRatio:
    # A separated covariate climbs without end; past e^700 there is no float.
    low, value, high = np.exp(np.clip(coefficient + np.array((-z, 0.0, z)) * error, -700, 700)).tolist()
    return HazardRatio(
        name=label,
        coefficient=coefficient,
        standard_error=error,
        ratio=value,
        low=low,
        high=high,
        z=coefficient / error,
        p_value=normal_tail(coefficient / error),
        proportional_p=proportional_p,
    )
