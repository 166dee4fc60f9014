"""The bootstrap interval of a statistic of one list of answers, drawn by answer or by cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Literal

import numpy as np

from zhiheng.measure.arrays import Floats, Integers, check_confidence, count, floats
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.resampling import BLOCK_CELLS, bootstrap_counts
from zhiheng.measure.result import Measurement, not_enough
from zhiheng.measure.satisfaction.clusters import cluster_codes
from zhiheng.measure.satisfaction.ratings import ZERO_VARIANCE

Counted = Callable[[Floats, Floats], Floats]
"""A statistic of counted values: rows of counts × distinct values, and those values rising → one per row."""
Kind = Literal["percentile", "bca"]

_NORMAL = NormalDist()
_NEAR_CELLS = 200_000  # drawn at once: what stays in the cache
_FEW_VALUES = 20  # draw counts of values, not of answers, when each value is shared by this many on average


@dataclass(frozen=True, slots=True)
class _Sample:
    """What is drawn: units of which `copies` are alike, and how rows of unit counts become the statistic.

    `values` is given where the statistic is the plain mean of one value per unit.
    """

    copies: Integers
    statistic: Callable[[Floats], Floats]
    values: Floats | None = None

    @property
    def units(self) -> int:
        return int(self.copies.sum())


def bootstrap_interval(
    values: object,
    *,
    seed: int,
    statistic: Literal["mean", "median"] | Counted = "mean",
    clusters: object | None = None,
    replicates: int = 10_000,
    kind: Kind = "percentile",
    unit: str = "points",
    confidence: float = 0.95,
    population: str = "",
) -> Measurement:
    """A statistic of `values` with its bootstrap interval, the same to the bit for the same `seed`.

    Answers are drawn with replacement (Efron 1979), or whole `clusters` (labels) where answers of one person
    belong together. `statistic` is "mean", "median" (of an even number: the middle of both) or a function of
    counts × distinct values. `kind` "bca" corrects bias and skewness (Efron 1987) and falls back to the
    percentile interval, flagged "bca_undefined", where every replicate lies on one side of the value or leaving
    one out changes nothing. A net promoter score is 100 times the mean of +1, 0, −1. Fewer than about 20 units
    give intervals that are too narrow, fewer than 2 none. Unit: "points" unless `unit` says otherwise. Errors:
    NaN, unequal lengths, a negative seed, a function that does not give one finite value per row.
    """
    check_confidence(confidence)
    if kind not in ("percentile", "bca"):
        raise MeasureError("kind", f'must be "percentile" or "bca", is {kind!r}')
    x = floats("values", values)
    method = f"bootstrap-{kind}" if clusters is None else f"cluster-bootstrap-{kind}"
    sample = _sample(x, clusters, _counted(statistic), mean=statistic == "mean")
    figure = not_enough(unit, n=int(x.size), method=method, confidence=confidence, population=population)
    if sample.units < 2:
        return figure
    value = float(_evaluate(sample, sample.copies[None, :].astype(np.float64))[0])
    figure = replace(figure, value=value, flags=())
    drawn = _replicates(sample, count("replicates", replicates, minimum=1), count("seed", seed))
    if drawn.min() == drawn.max():
        return figure.flagged(ZERO_VARIANCE)
    tail = (1 - confidence) / 2
    tails = _bca_tails(sample, value, drawn, tail) if kind == "bca" else (tail, 1 - tail)
    low, high = np.quantile(drawn, tails or (tail, 1 - tail)).tolist()
    return replace(figure, low=low, high=high, flags=() if tails else ("bca_undefined",))


def _counted(statistic: object) -> Counted:
    if callable(statistic):
        return statistic
    if statistic == "mean":
        return _mean
    if statistic == "median":
        return _median
    raise MeasureError("statistic", f'must be "mean", "median" or a function, is {statistic!r}')


def _mean(counts: Floats, values: Floats) -> Floats:
    means: Floats = counts @ values / counts.sum(axis=1)
    return means


def _median(counts: Floats, values: Floats) -> Floats:
    reached = 2 * np.cumsum(counts, axis=1)
    total = reached[:, -1:] / 2
    lower, upper = (reached >= total).argmax(axis=1), (reached > total).argmax(axis=1)
    medians: Floats = (values[lower] + values[upper]) / 2
    return medians


def _sample(x: Floats, clusters: object | None, counted: Counted, *, mean: bool) -> _Sample:
    order = np.argsort(x, kind="stable")
    values, first, counts = np.unique(x[order], return_index=True, return_counts=True)

    def folded(cases: Floats) -> Floats:
        return counted(cases if values.size == x.size else np.add.reduceat(cases, first, axis=1), values)

    if clusters is None:
        if x.size >= _FEW_VALUES * values.size:
            return _Sample(counts, lambda rows: counted(rows, values))
        return _Sample(np.ones(x.size, dtype=np.int64), folded, x[order] if mean else None)
    codes, sizes = cluster_codes(clusters, x.size)
    ones = np.ones(sizes.size, dtype=np.int64)
    if mean:
        sums = np.bincount(codes, x, sizes.size)
        return _Sample(ones, lambda rows: rows @ sums / (rows @ sizes))

    def expanded(rows: Floats) -> Floats:
        step = max(1, BLOCK_CELLS // x.size)
        blocks = (rows[start : start + step] for start in range(0, len(rows), step))
        return np.concatenate([folded(block[:, codes[order]]) for block in blocks])

    return _Sample(ones, expanded)


def _replicates(sample: _Sample, replicates: int, seed: int) -> Floats:
    if sample.values is not None:
        return _drawn_means(sample.values, replicates, seed)
    if sample.units == sample.copies.size:
        blocks = bootstrap_counts(sample.units, replicates=replicates, seed=seed)
    else:
        blocks = _drawn_copies(sample, replicates, seed)
    return np.concatenate([_evaluate(sample, counts) for counts in blocks])


def _drawn_means(values: Floats, replicates: int, seed: int) -> Floats:
    """The means of samples of `values`: looking the values up is quicker here than counting them."""
    random = np.random.default_rng(seed)
    means, rows = np.empty(replicates), max(1, _NEAR_CELLS // values.size)
    held = np.empty((rows, values.size))
    for start in range(0, replicates, rows):
        part = means[start : start + rows]
        drawn = random.integers(0, values.size, size=(part.size, values.size))
        # Every position is inside; "clip" only spares NumPy the look at each.
        np.take(values, drawn, mode="clip", out=held[: part.size]).mean(axis=1, out=part)
    return means


def _drawn_copies(sample: _Sample, replicates: int, seed: int) -> Iterator[Floats]:
    """Counts of units that are alike, which are multinomial."""
    random = np.random.default_rng(seed)
    rows = max(1, BLOCK_CELLS // sample.copies.size)
    for start in range(0, replicates, rows):
        size = min(rows, replicates - start)
        yield random.multinomial(sample.units, sample.copies / sample.units, size).astype(np.float64)


def _evaluate(sample: _Sample, counts: Floats) -> Floats:
    result = np.asarray(sample.statistic(counts), dtype=np.float64)
    if result.shape != (len(counts),) or not np.isfinite(result).all():
        raise MeasureError("statistic", "must give one finite value for each row of counts")
    return result


def _bca_tails(sample: _Sample, value: float, drawn: Floats, tail: float) -> tuple[float, float] | None:
    """The shares of the replicates below the corrected limits; None where the correction is not defined."""
    below = (float((drawn < value).mean()) + float((drawn <= value).mean())) / 2
    without = _leaving_one_out(sample)
    change = np.average(without, weights=sample.copies) - without
    squares = float(sample.copies @ change**2)
    if not 0 < below < 1 or squares == 0:
        return None
    bias, skew = _NORMAL.inv_cdf(below), float(sample.copies @ change**3) / (6 * squares**1.5)
    corrected = []
    for z in (_NORMAL.inv_cdf(tail), _NORMAL.inv_cdf(1 - tail)):
        stretch = 1 - skew * (bias + z)
        corrected.append(_NORMAL.cdf(bias + (bias + z) / stretch) if stretch > 0 else float(z > 0))
    return corrected[0], corrected[1]


def _leaving_one_out(sample: _Sample) -> Floats:
    if sample.values is not None:
        means: Floats = (sample.values.sum() - sample.values) / (sample.values.size - 1)
        return means
    kinds = sample.copies.size
    step = max(1, BLOCK_CELLS // kinds)
    blocks = []
    for start in range(0, kinds, step):
        rows = np.repeat(sample.copies[None, :].astype(np.float64), min(step, kinds - start), axis=0)
        rows[np.arange(len(rows)), np.arange(start, start + len(rows))] -= 1
        blocks.append(_evaluate(sample, rows))
    return np.concatenate(blocks)
