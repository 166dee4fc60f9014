"""Internal consistency from covariances: Cronbach's alpha, item-rest correlations, Guttman's lambda 6."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zhiheng.measure import distributions
from zhiheng.measure.arrays import Floats, check_confidence
from zhiheng.measure.distributions import two_sided_z
from zhiheng.measure.names import checked_names
from zhiheng.measure.psychometrics.answers import (
    SINGULAR,
    ZERO_VARIANCE,
    MissingRule,
    correlation_of,
    inverse_of,
    read_answers,
)
from zhiheng.measure.result import NOT_ENOUGH_DATA, Measurement, not_enough

MINIMUM_N = 30
"""With fewer respondents an alpha is shown flagged "not_enough_data"."""


@dataclass(frozen=True, slots=True)
class Alpha:
    """Cronbach's alpha of a set of items: as it is with Feldt's interval, standardised, and the mean inter-item r."""

    raw: Measurement
    standardised: float | None
    mean_inter_item_r: float | None
    items: int

    @property
    def value(self) -> float | None:
        """Alpha as it is (not standardised)."""
        return self.raw.value

    def __str__(self) -> str:
        mean_r = "?" if self.mean_inter_item_r is None else f"{self.mean_inter_item_r:.2f}"
        return f"alpha {self.raw}, {self.items} items, mean inter-item r {mean_r}"


def cronbach_alpha(
    answers: object,
    *,
    missing: MissingRule = "refuse",
    confidence: float = 0.95,
    minimum_n: int = MINIMUM_N,
    population: str = "",
) -> Alpha:
    """How far the items of a scale move together: α = k/(k−1) · (1 − Σ var_i / var_total) (Cronbach 1951).

    `answers`: respondents × items, on any scale; NaN is a missing answer and needs a `missing` rule, which
    changes the digits. Standardised: k r̄ / (1 + (k−1) r̄). Interval by Feldt (1965): 1 − (1−α) F with n−1 and
    (n−1)(k−1) degrees of freedom, exact for normal answers with equal covariances. Caution: alpha does not show
    that the items measure one thing, and rises with their number; give omega beside it. Flags:
    "not_enough_data" below `minimum_n` respondents, "below_zero" (look for an item that should be reversed),
    "zero_variance" of an item or the total, "inconsistent_pairs" (pairwise covariances that fit no table).
    Unit: a pure number, at most 1. Errors: fewer than 2 items, NaN without a rule.
    """
    check_confidence(confidence)
    table = read_answers("answers", answers, missing=missing)
    covariance = table.covariance() if table.n >= 3 else None
    correlation = None if covariance is None else correlation_of(covariance)
    mean_r = None if correlation is None else _mean_off_diagonal(correlation)
    k = table.items
    raw = _alpha_measurement(covariance, table.n, k, confidence, population)
    flags = (*table.flags, *((ZERO_VARIANCE,) if covariance is not None and correlation is None else ()))
    return Alpha(
        raw=raw.flagged(*flags).with_minimum(minimum_n),
        standardised=None if mean_r is None else _standardised(mean_r, k),
        mean_inter_item_r=mean_r,
        items=k,
    )


def alpha_of(covariance: Floats) -> float | None:
    """Alpha of a covariance matrix; None where the total score does not vary, or pairs contradict each other.

    Covariances of different respondents (pairwise) need not belong to any table: alpha could then pass 1.
    """
    k, total = covariance.shape[0], float(covariance.sum())
    if total <= _nothing(covariance):
        return None
    alpha = float(k / (k - 1) * (1 - np.trace(covariance) / total))
    return alpha if alpha <= 1 + 1e-9 else None


def _nothing(covariance: Floats) -> float:
    """What a sum of these covariances comes to by rounding alone."""
    return 1e-12 * float(np.abs(covariance).sum())


def feldt_limits(alpha: float, n: int, k: int, confidence: float) -> tuple[float, float]:
    """Feldt's interval of alpha from n respondents and k items."""
    tail = (1 - confidence) / 2
    low, high = (distributions.f_quantile(p, n - 1, (n - 1) * (k - 1)) for p in (1 - tail, tail))
    return 1 - (1 - alpha) * low, 1 - (1 - alpha) * high


def _alpha_measurement(
    covariance: Floats | None, n: int, k: int, confidence: float, population: str
) -> Measurement:
    if covariance is None:
        return not_enough("", n=n, method="feldt", confidence=confidence, population=population)
    value = alpha_of(covariance)
    if value is None:
        level = abs(float(covariance.sum())) <= _nothing(covariance)
        flags = (ZERO_VARIANCE if level else "inconsistent_pairs",)
        return Measurement(
            None, "", n, method="feldt", confidence=confidence, population=population, flags=flags
        )
    low, high = feldt_limits(value, n, k, confidence)
    return Measurement(
        value,
        "",
        n,
        low=low,
        high=high,
        method="feldt",
        confidence=confidence,
        population=population,
        flags=("below_zero",) if value < 0 else (),
    )


def _mean_off_diagonal(correlation: Floats) -> float:
    k = correlation.shape[0]
    return float((correlation.sum() - k) / (k * (k - 1)))


def _standardised(mean_r: float, k: int) -> float | None:
    whole = 1 + (k - 1) * mean_r
    return k * mean_r / whole if whole > 1e-12 else None


@dataclass(frozen=True, slots=True)
class ItemRest:
    """One item against the sum of the others, and the alpha of the others."""

    item: str
    n: int
    mean: float | None
    deviation: float | None
    r: Measurement
    alpha_if_dropped: float | None

    def __str__(self) -> str:
        dropped = "?" if self.alpha_if_dropped is None else f"{self.alpha_if_dropped:.4f}"
        return f"{self.item}: r {self.r}, alpha if dropped {dropped}"


def item_rest(
    answers: object,
    *,
    names: Sequence[str] | None = None,
    missing: MissingRule = "refuse",
    confidence: float = 0.95,
    minimum_n: int = MINIMUM_N,
) -> tuple[ItemRest, ...]:
    """Each item's correlation with the sum of the others (corrected item-total r), with alpha without it.

    r = (c_i − v_i) / √(v_i (V − 2 c_i + v_i)), c_i the covariance of item and total, V the variance of the
    total (Nunnally 1978); Fisher's z interval. `answers` as for `cronbach_alpha`. An item that does not vary is
    flagged "zero_variance"; below .30 an item is commonly looked at again, never dropped by figure alone. Unit:
    correlations, −1..1. Errors: as for `cronbach_alpha`, and names that do not fit.
    """
    check_confidence(confidence)
    table = read_answers("answers", answers, missing=missing)
    labels = checked_names("names", names, table.items)
    covariance = table.covariance() if table.n >= 3 else None
    rows = []
    for i, label in enumerate(labels):
        given = table.values[:, i][~np.isnan(table.values[:, i])]
        r, dropped = (None, None) if covariance is None else _against_the_rest(covariance, i)
        empty = NOT_ENOUGH_DATA if covariance is None else ZERO_VARIANCE
        figure = correlation_measurement(r, given.size, confidence, empty).flagged(*table.flags)
        rows.append(
            ItemRest(
                item=label,
                n=int(given.size),
                mean=float(given.mean()) if given.size else None,
                deviation=None if covariance is None else math.sqrt(covariance[i, i]),
                r=figure.with_minimum(minimum_n),
                alpha_if_dropped=dropped,
            )
        )
    return tuple(rows)


def _against_the_rest(covariance: Floats, i: int) -> tuple[float | None, float | None]:
    own, with_total = float(covariance[i, i]), float(covariance[i].sum())
    rest = float(covariance.sum()) - 2 * with_total + own
    r = None
    if own > 0 and rest > _nothing(covariance):
        r = min(1.0, max(-1.0, (with_total - own) / math.sqrt(own * rest)))
    others = np.delete(np.delete(covariance, i, axis=0), i, axis=1)
    return r, alpha_of(others) if others.shape[0] > 1 else None


def correlation_measurement(r: float | None, n: int, confidence: float, empty: str) -> Measurement:
    """A correlation with Fisher's z interval, tanh(atanh r ± z/√(n−3)); flagged `empty` where there is none."""
    if r is None:
        return Measurement(None, "", n, method="fisher-z", confidence=confidence, flags=(empty,))
    if n <= 3 or abs(r) == 1:
        return Measurement(r, "", n, method="fisher-z", confidence=confidence, flags=("no_interval",))
    half, centre = two_sided_z(confidence) / math.sqrt(n - 3), math.atanh(r)
    return Measurement(
        r,
        "",
        n,
        low=math.tanh(centre - half),
        high=math.tanh(centre + half),
        method="fisher-z",
        confidence=confidence,
    )


def guttman_lambda6(
    answers: object, *, missing: MissingRule = "refuse", minimum_n: int = MINIMUM_N, population: str = ""
) -> Measurement:
    """Guttman's λ6 = 1 − Σ (1 − SMC_i) / Σ R: what the items predict of each other (Guttman 1945).

    SMC_i = 1 − 1 / (R⁻¹)_ii, R the correlations of the items. A lower bound of reliability like alpha, better
    where items differ in what they share; biased upwards with few respondents per item. No interval. Flags:
    "singular" (an item is the sum of others), "zero_variance". `answers` as for `cronbach_alpha`. Unit: a pure
    number, at most 1. Errors: as for `cronbach_alpha`.
    """
    table = read_answers("answers", answers, missing=missing)
    method = "guttman-lambda6"
    if table.n < 3 or table.covariance() is None:
        return not_enough("", n=table.n, method=method, population=population)
    correlation = table.correlation()
    flags: tuple[str, ...] = (ZERO_VARIANCE,)
    value = None
    if correlation is not None:
        inverse, flags = inverse_of(correlation), (SINGULAR,)
        if inverse is not None:
            value, flags = 1 - float((1 / np.diag(inverse)).sum() / correlation.sum()), ()
    figure = Measurement(value, "", table.n, method=method, population=population, flags=flags)
    return figure.flagged(*table.flags).with_minimum(minimum_n)
