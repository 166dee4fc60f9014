"""The bootstrap: how often each case is drawn in every replicate, in blocks, and the interval of the replicates.

A replicate is a row of counts, so a statistic that is a function of sums costs one matrix product for a whole
block: 10,000 replicates over 10,000 cases take seconds and bounded memory.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from zhiheng.measure.arrays import Floats, check_confidence, count

BLOCK_CELLS = 2_000_000
"""The most counts held at once; part of the definition of a replicate's numbers, so never tuned at run time."""


def bootstrap_counts(cases: int, *, replicates: int, seed: int) -> Iterator[Floats]:
    """Blocks of replicates × cases: how often each case is drawn when as many are drawn as there are (Efron
    1979).

    The same seed gives the same counts to the bit. Cases must be independent: draw persons, not tickets.
    """
    count("replicates", replicates, minimum=1)
    random = np.random.default_rng(count("seed", seed))
    per_block = max(1, BLOCK_CELLS // max(cases, 1))
    for start in range(0, replicates, per_block):
        rows = min(per_block, replicates - start)
        drawn = random.integers(0, cases, size=(rows, cases))
        drawn += np.arange(rows)[:, None] * cases
        yield np.bincount(drawn.ravel(), minlength=rows * cases).reshape(rows, cases).astype(np.float64)


def percentile_interval(replicates: Floats, *, confidence: float) -> tuple[float | None, float | None]:
    """The percentile interval of one statistic's replicates; those not defined (NaN) are left out.

    (None, None) when fewer than half are defined: an interval of the rest would say nothing.
    """
    tail = (1 - check_confidence(confidence)) / 2
    defined = replicates[~np.isnan(replicates)]
    if not replicates.size or 2 * defined.size < replicates.size:
        return None, None
    low, high = np.quantile(defined, (tail, 1 - tail))
    return float(low), float(high)
