"""A stratified random sample that anyone can draw again from the stored seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from zhiheng.measure.arrays import Floats, Integers, column, count, floats, same_length
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.result import NOT_ENOUGH_DATA

Allocation = Literal["proportional", "equal", "neyman"]

METHOD = "pcg64-raw-order-1"
"""How positions follow from the seed; a change of the draw is a new name, so that old samples stay checkable."""


@dataclass(frozen=True, slots=True)
class SampledStratum:
    """One stratum: its size, how many were drawn, and the weight each drawn case stands for (None: none drawn)."""

    name: str
    population: int
    n: int
    weight: float | None


@dataclass(frozen=True, slots=True)
class StratifiedSample:
    """The drawn positions, rising, with all that it takes to draw them again: seed, allocation, method."""

    positions: Integers
    strata: tuple[SampledStratum, ...]
    population: int
    seed: int
    allocation: Allocation
    method: str = METHOD
    flags: tuple[str, ...] = ()

    @property
    def n(self) -> int:
        """How many were drawn."""
        return int(self.positions.size)

    def __str__(self) -> str:
        parts = ", ".join(f"{s.name} {s.n}/{s.population}" for s in self.strata)
        notes = "".join(f", {flag}" for flag in self.flags)
        return f"{self.n} of {self.population} (seed {self.seed}, {self.allocation}, {self.method}{notes}): {parts}"


def stratified_sample(
    strata: object,
    *,
    size: int,
    seed: int,
    allocation: Allocation = "proportional",
    minimum: int = 1,
    spread: Mapping[str, float] | None = None,
    identifiers: object | None = None,
) -> StratifiedSample:
    """`size` cases drawn without replacement within each label of `strata`, the same for the same `seed`.

    "proportional": n_h = n N_h / N, by largest remainder; "equal": the same from each; "neyman": n_h as N_h S_h with
    the standard deviations `spread` (Neyman 1934), best for a mean of known spread. Each stratum gets at least
    `minimum` cases (or all it has) and never more than it has. Every case gets a 64-bit number from the PCG64
    stream of the seed in the order of `identifiers` (unique; without them the order of rows), and the smallest
    of each stratum are drawn: with identifiers the sample does not depend on how rows are sorted. Choose the
    seed before seeing the cases, and store it. Unit: positions of rows. Errors: more cases than there are,
    fewer than the minimums need, identifiers that repeat, a `spread` that does not name every stratum.
    """
    labels = column("strata", strata).astype(str)
    wanted, least = count("size", size), count("minimum", minimum)
    if wanted > labels.size:
        raise MeasureError("size", f"must not exceed the {labels.size} cases, is {wanted}")
    names, codes, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    shares = _shares(names, sizes, allocation, spread)
    keys = _random_keys(_order(identifiers, labels), count("seed", seed))
    quotas = _allocated(sizes, shares, wanted, least)
    order = np.lexsort((np.arange(labels.size), keys, codes))
    starts = np.cumsum(sizes) - sizes
    drawn = [order[start : start + n] for start, n in zip(starts, quotas, strict=True)]
    positions = np.sort(np.concatenate(drawn)) if drawn else np.zeros(0, dtype=np.int64)
    table = tuple(
        SampledStratum(str(name), int(total), int(n), float(total / n) if n else None)
        for name, total, n in zip(names, sizes, quotas, strict=True)
    )
    flags = () if wanted else (NOT_ENOUGH_DATA,)
    return StratifiedSample(
        positions.astype(np.int64), table, int(labels.size), seed, allocation, METHOD, flags
    )


def _shares(
    names: np.ndarray, sizes: Integers, allocation: str, spread: Mapping[str, float] | None
) -> Floats:
    if (spread is None) != (allocation != "neyman"):
        raise MeasureError("spread", 'must be given for "neyman", and for nothing else')
    if allocation == "equal":
        return np.full(sizes.size, 1 / max(sizes.size, 1))
    if allocation == "proportional":
        weights = sizes.astype(np.float64)
    elif allocation == "neyman":
        missing = [name for name in names.tolist() if name not in (spread or {})]
        if missing:
            raise MeasureError("spread", f"must name every stratum, {missing[0]!r} is missing")
        weights = sizes * floats("spread", [(spread or {})[name] for name in names.tolist()], minimum=0)
        if weights.size and weights.sum() == 0:
            raise MeasureError("spread", "must not all be 0")
    else:
        raise MeasureError("allocation", f'must be "proportional", "equal" or "neyman", is {allocation!r}')
    result: Floats = weights / weights.sum() if weights.size else weights
    return result


def _allocated(sizes: Integers, shares: Floats, size: int, minimum: int) -> Integers:
    """One case at a time to the stratum that is furthest below its part, from the minimum up."""
    given: Integers = np.minimum(sizes, minimum)
    if given.sum() > size:
        raise MeasureError("size", f"must allow the minimum of every stratum, {int(given.sum())} in all")
    for _ in range(size - int(given.sum())):
        lacking = np.where(given < sizes, shares * size - given, -np.inf)
        given[int(lacking.argmax())] += 1
    return given


def _order(identifiers: object | None, labels: np.ndarray) -> Integers:
    """The rank of each case in the order in which random numbers are dealt."""
    if identifiers is None:
        return np.arange(labels.size)
    names = column("identifiers", identifiers)
    same_length(strata=labels, identifiers=names)
    distinct, ranks = np.unique(names, return_inverse=True)
    if distinct.size < names.size:
        raise MeasureError("identifiers", "must be unique")
    order: Integers = ranks.astype(np.int64)
    return order


def _random_keys(order: Integers, seed: int) -> np.ndarray:
    # Raw output of the bit generator: NumPy promises to keep that stream, but not how `choice` uses it.
    raw = np.random.Generator(np.random.PCG64(seed)).bit_generator.random_raw(order.size)
    keys: np.ndarray = np.asarray(raw, dtype=np.uint64)[order]
    return keys
