"""The six intraclass correlations of Shrout and Fleiss, from one two-way analysis of variance."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from zhiheng.measure import distributions
from zhiheng.measure.arrays import Floats, check_confidence, matrix
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.psychometrics.answers import ZERO_VARIANCE
from zhiheng.measure.result import NOT_ENOUGH_DATA, Measurement

FORMS = ("1,1", "2,1", "3,1", "1,k", "2,k", "3,k")


@dataclass(frozen=True, slots=True)
class MeanSquares:
    """The two-way table: between targets, within targets, between raters, residual."""

    targets: float
    within: float
    raters: float
    residual: float
    n: int
    k: int


@dataclass(frozen=True, slots=True)
class IntraclassCorrelations:
    """All six forms of one table of ratings; index by form, `result["2,1"]`."""

    forms: dict[str, Measurement]
    mean_squares: MeanSquares | None
    p_values: dict[str, float | None]  # of the test that the true correlation is 0; None: nothing to test

    def __getitem__(self, form: str) -> Measurement:
        if form not in self.forms:
            raise MeasureError("form", f"must be one of {'; '.join(FORMS)}, is {form!r}")
        return self.forms[form]

    def __str__(self) -> str:
        return "\n".join(f"ICC({form}) {figure}" for form, figure in self.forms.items())


def icc(ratings: object, *, confidence: float = 0.95, population: str = "") -> IntraclassCorrelations:
    """How much of the spread of ratings lies between what is rated: the six forms of Shrout & Fleiss (1979).

    `ratings`: targets × raters, complete. Form 1: other raters for each target; 2: raters are a sample,
    agreement counts; 3: these raters only, consistency counts; ",1" one rating, ",k" the mean of k. Intervals
    by F (McGraw & Wong 1996). Name the form wherever the figure is shown: the same data give very different
    ones. (3,k) is Cronbach's alpha. Values may be negative. Fewer than 2 targets: flagged "not_enough_data";
    all ratings equal: "zero_variance". For missing ratings use `krippendorff_alpha`. Unit: pure numbers, at
    most 1. Errors: fewer than 2 raters, NaN.
    """
    check_confidence(confidence)
    values = matrix("ratings", ratings)
    n, k = values.shape
    if k < 2:
        raise MeasureError("ratings", f"must have at least 2 raters (columns), has {k}")
    empty = Measurement(None, "", n, confidence=confidence, population=population)
    varies = n >= 2 and bool((values != values[0, 0]).any())
    if not varies:
        flag = NOT_ENOUGH_DATA if n < 2 else ZERO_VARIANCE
        forms = {form: replace(empty, method=f"icc({form})", flags=(flag,)) for form in FORMS}
        return IntraclassCorrelations(forms, None, {})
    squares = mean_squares(values)
    forms = {}
    for form in FORMS:
        single = _single(form[0], squares, confidence)
        figure = replace(empty, method=f"icc({form})")
        forms[form] = _filled(figure, _averaged(single, k) if form.endswith("k") else single)
    return IntraclassCorrelations(forms, squares, {form: _p_value(form[0], squares) for form in FORMS})


def mean_squares(values: Floats) -> MeanSquares:
    """The mean squares of a targets × raters table without gaps."""
    n, k = values.shape
    centred = values - values.mean()
    centred -= centred.mean()
    targets, raters = centred.mean(axis=1), centred.mean(axis=0)
    residual = centred - targets[:, None] - raters
    # A sum of squares that is rounding alone is 0: a ratio of two of them would be any number.
    least = 1e-24 * float((centred**2).sum())
    sums = (
        k * float((targets**2).sum()),
        float(((centred - targets[:, None]) ** 2).sum()),
        n * float((raters**2).sum()),
        float((residual**2).sum()),
    )
    between, within, apart, left = (v if v > least else 0.0 for v in sums)
    return MeanSquares(
        targets=between / (n - 1),
        within=within / (n * (k - 1)),
        raters=apart / (k - 1),
        residual=left / ((n - 1) * (k - 1)),
        n=n,
        k=k,
    )


Figure = tuple[float, tuple[float, float]]


def _single(model: str, squares: MeanSquares, confidence: float) -> Figure:
    """One rating's correlation and its limits under model 1, 2 or 3."""
    n, k = squares.n, squares.k
    if model == "2":
        return _two_way_agreement(squares, confidence)
    error, degrees = (squares.within, n * (k - 1)) if model == "1" else (squares.residual, (n - 1) * (k - 1))
    tail = (1 - confidence) / 2
    below = distributions.f_quantile(1 - tail, n - 1, degrees)
    above = distributions.f_quantile(1 - tail, degrees, n - 1)
    return (
        _ratio(squares.targets, error, k),
        (_ratio(squares.targets, below * error, k), _ratio(above * squares.targets, error, k)),
    )


def _ratio(between: float, error: float, k: int) -> float:
    return _over(between - error, between + (k - 1) * error)


def _over(top: float, bottom: float) -> float:
    """The quotient; minus infinity, which stands for "no figure", where nothing is left to divide by."""
    return top / bottom if bottom > 0 else -np.inf


def _two_way_agreement(squares: MeanSquares, confidence: float) -> Figure:
    n, k = squares.n, squares.k
    between, raters, error = squares.targets, squares.raters, squares.residual
    value = _over(between - error, between + (k - 1) * error + k * (raters - error) / n)
    if not np.isfinite(value):
        return value, (value, value)
    # Satterthwaite's degrees of freedom of the mixture of rater and residual mean squares.
    a = k * value * raters
    b = (n * (1 + (k - 1) * value) - k * value) * error
    bottom = a * a / (k - 1) + b * b / ((n - 1) * (k - 1))
    degrees = (a + b) ** 2 / bottom if bottom > 0 else float((n - 1) * (k - 1))
    tail = (1 - confidence) / 2
    below = distributions.f_quantile(1 - tail, n - 1, degrees)
    above = distributions.f_quantile(1 - tail, degrees, n - 1)
    spread = k * raters + (k * n - k - n) * error
    low = _over(n * (between - below * error), below * spread + n * between)
    high = _over(n * (above * between - error), spread + n * above * between)
    return value, (low, high)


def _averaged(single: Figure, k: int) -> Figure:
    """The same figure for the mean of k ratings (Spearman 1910, Brown 1910)."""
    value, (low, high) = single
    return _stepped_up(value, k), (_stepped_up(low, k), _stepped_up(high, k))


def _stepped_up(value: float, k: int) -> float:
    whole = 1 + (k - 1) * value
    return _over(k * value, whole) if np.isfinite(value) else value


def _p_value(model: str, squares: MeanSquares) -> float | None:
    n, k = squares.n, squares.k
    error, degrees = (squares.within, n * (k - 1)) if model == "1" else (squares.residual, (n - 1) * (k - 1))
    if error > 0:
        return distributions.f_tail(squares.targets / error, n - 1, degrees)
    return 0.0 if squares.targets > 0 else None


def _filled(empty: Measurement, figure: Figure) -> Measurement:
    """The figure with value and limits; what is without bound (targets that do not differ at all) stays None."""
    value, low, high = (v if np.isfinite(v) else None for v in (figure[0], *figure[1]))
    flags = () if value is not None else (ZERO_VARIANCE,)
    return replace(empty, value=value, low=low, high=high, flags=flags)
