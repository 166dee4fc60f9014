"""How much an index and its ranking hang on choices: Monte Carlo over weights, scales, missing values and inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from zhiheng.measure.arrays import Booleans, Floats, check_confidence, count, matrix
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.index.aggregation import Weights, aggregate
from zhiheng.measure.index.definition import Group, IndexDefinition
from zhiheng.measure.index.evaluation import score_table
from zhiheng.measure.index.scales import Scale, TargetRatio
from zhiheng.measure.result import NOT_ENOUGH_DATA

Imputation = Literal["renormalise", "mean", "worst"]

FIRST_RANKS = 10
"""For so many of the best ranks the result says how often each row reaches them."""


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """For each row (a service, say): the index as defined, its interval over all replicates, and its rank (1 = best).

    `rank_share` rows × ranks: how often each of the first ranks is reached (rank acceptability). `rank_shift`
    is how many places a row moves on average. `leave_out_shift` indicators: the mean change of the index in
    size when that indicator is left out; `leave_out_rank_shift` the same for ranks. NaN where a row has no value.
    """

    base: Floats
    mean: Floats
    low: Floats
    high: Floats
    rank: Floats
    rank_low: Floats
    rank_high: Floats
    rank_share: Floats
    rank_shift: float | None
    leave_out_shift: Floats
    leave_out_rank_shift: Floats
    indicators: tuple[str, ...]
    n: int
    replicates: int
    seed: int
    confidence: float
    flags: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.rank_shift is None:
            return f"sensitivity not computable ({', '.join(self.flags)})"
        width = float(np.nanmean(self.high - self.low))
        return (
            f"{self.n} rows, {self.replicates} replicates (seed {self.seed}): {self.confidence:.0%} interval "
            f"{width:.2f} points wide on average, ranks move by {self.rank_shift:.2f} places"
        )


@dataclass(frozen=True, slots=True)
class _Case:
    """The rows that have a value as defined, and the choices to be drawn."""

    definition: IndexDefinition
    values: Floats
    scores: Floats
    present: Booleans
    concentration: float
    scales: Mapping[str, Sequence[Scale]]
    imputations: tuple[Imputation, ...]
    errors: Floats | None


def index_sensitivity(
    definition: IndexDefinition,
    values: object,
    *,
    seed: int,
    replicates: int,
    concentration: float,
    scales: Mapping[str, Sequence[Scale]],
    imputations: tuple[Imputation, ...],
    errors: object | None,
    confidence: float,
) -> Sensitivity:
    """Monte Carlo over the choices behind an index; see `CompositeIndex.sensitivity`."""
    tail = (1 - check_confidence(confidence)) / 2
    count("replicates", replicates, minimum=1)
    random = np.random.default_rng(count("seed", seed))
    table = matrix("values", values, missing=True)
    _check_choices(definition, table, concentration, scales, imputations)
    spread = None if errors is None else _checked_errors(errors, table)
    scores, present = score_table(definition, table)
    whole = aggregate(definition.root, scores, present)
    rows = np.flatnonzero(whole.known)
    base = whole.value[rows]
    case = _Case(
        definition,
        table[rows],
        scores[rows],
        present[rows],
        concentration,
        scales,
        imputations,
        None if spread is None else spread[rows],
    )
    drawn = _drawn(case, random, replicates) if rows.size else np.zeros((replicates, 0))
    ranks = np.array([_ranks(row) for row in drawn]).reshape(replicates, rows.size)
    rank = _ranks(base)
    first = min(FIRST_RANKS, rows.size)
    left_out, left_out_rank = _leaving_out(case, base, rank)
    limits = np.quantile(drawn, (tail, 1 - tail), axis=0) if rows.size else np.zeros((2, 0))
    rank_limits = np.quantile(ranks, (tail, 1 - tail), axis=0) if rows.size else np.zeros((2, 0))
    shares = np.column_stack([(ranks == place + 1).mean(axis=0) for place in range(first)] or [base])

    def whole_table(column: Floats) -> Floats:
        full = np.full((len(table), *column.shape[1:]), np.nan)
        full[rows] = column
        return full

    return Sensitivity(
        base=whole_table(base),
        mean=whole_table(drawn.mean(axis=0)),
        low=whole_table(limits[0]),
        high=whole_table(limits[1]),
        rank=whole_table(rank),
        rank_low=whole_table(rank_limits[0]),
        rank_high=whole_table(rank_limits[1]),
        rank_share=whole_table(shares),
        rank_shift=float(np.abs(ranks - rank).mean()) if rows.size else None,
        leave_out_shift=left_out,
        leave_out_rank_shift=left_out_rank,
        indicators=tuple(indicator.name for indicator in definition.indicators),
        n=int(rows.size),
        replicates=replicates,
        seed=seed,
        confidence=confidence,
        flags=() if rows.size else (NOT_ENOUGH_DATA,),
    )


def _check_choices(
    definition: IndexDefinition,
    table: Floats,
    concentration: float,
    scales: Mapping[str, Sequence[Scale]],
    imputations: tuple[Imputation, ...],
) -> None:
    names = {indicator.name for indicator in definition.indicators}
    if table.shape[1] != len(names):
        raise MeasureError("values", f"must have a column for each of the {len(names)} indicators")
    if not concentration > 0:
        raise MeasureError("concentration", f"must be above 0, is {concentration!r}")
    unknown = sorted(set(scales) - names)
    if unknown:
        raise MeasureError("scales", f"must name indicators of the index, not {unknown[0]!r}")
    if not imputations or not set(imputations) <= {"renormalise", "mean", "worst"}:
        raise MeasureError("imputations", 'must be some of "renormalise", "mean" and "worst"')


def _checked_errors(errors: object, table: Floats) -> Floats:
    spread = matrix("errors", errors)
    if spread.shape != table.shape or (spread.size and spread.min() < 0):
        raise MeasureError("errors", f"must be {table.shape[0]} × {table.shape[1]} like values, none below 0")
    return spread


def _drawn(case: _Case, random: np.random.Generator, replicates: int) -> Floats:
    """replicates × rows."""
    weights = {
        group.name: _weights(group, case.concentration, random, replicates)
        for group in case.definition.root.groups()
    }
    only_weights = not case.scales and case.errors is None and case.imputations == ("renormalise",)
    if only_weights and all(g.aggregate == "arithmetic" for g in case.definition.root.groups()):
        return _averaged(case.definition.root, case.scores, case.present, weights)[0].T
    rows = [
        aggregate(
            case.definition.root,
            *_perturbed(case, random),
            weights={name: drawn[r] for name, drawn in weights.items()},
            strict=False,
        ).value
        for r in range(replicates)
    ]
    return np.array(rows)


def _weights(group: Group, concentration: float, random: np.random.Generator, replicates: int) -> Floats:
    """Dirichlet weights about the defined ones; a weight of 0 stays 0."""
    defined = np.array([member.weight for member in group.members])
    drawn = np.zeros((replicates, defined.size))
    held = defined > 0
    drawn[:, held] = random.dirichlet(concentration * defined[held], replicates)
    return drawn


def _averaged(group: Group, scores: Floats, present: Booleans, weights: Weights) -> tuple[Floats, Booleans]:
    """Of an arithmetic index, rows × replicates: the same as `aggregate` for every replicate, in a few products."""
    above = np.zeros((len(scores), len(weights[group.name])))
    below, known, start = np.zeros_like(above), np.zeros(len(scores), dtype=np.bool_), 0
    for place, member in enumerate(group.members):
        width = sum(1 for _ in member.indicators()) if isinstance(member, Group) else 1
        columns = slice(start, start + width)
        start += width
        if isinstance(member, Group):
            values, here = _averaged(member, scores[:, columns], present[:, columns], weights)
        else:
            values, here = scores[:, columns], present[:, start - 1]
        share = here[:, None] * weights[group.name][:, place]
        above += share * values
        below += share
        known |= here & (member.weight > 0)
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0), known


def _perturbed(case: _Case, random: np.random.Generator) -> tuple[Floats, Booleans]:
    """Points and presence of one replicate."""
    values = case.values
    if case.errors is not None:
        values = values + case.errors * random.standard_normal(values.shape)
    imputation = case.imputations[int(random.integers(len(case.imputations)))]
    scores, present = np.empty_like(values), case.present.copy()
    for i, indicator in enumerate(case.definition.indicators):
        choices = (indicator.scale, *case.scales.get(indicator.name, ()))
        scale = choices[int(random.integers(len(choices)))]
        held = np.maximum(values[:, i], 0.0) if isinstance(scale, TargetRatio) else values[:, i]
        scores[:, i] = np.where(present[:, i], scale.scores(held), 0.0)
        known = scores[case.present[:, i], i]
        if imputation != "renormalise" and known.size:
            filled = float(known.mean() if imputation == "mean" else known.min())
            scores[:, i] = np.where(present[:, i], scores[:, i], filled)
            present[:, i] = True
    return scores, present


def _ranks(values: Floats) -> Floats:
    """1 for the highest value; equal values share the better rank."""
    ordered = np.sort(values)
    above = values.size - np.searchsorted(ordered, values, side="right")
    ranks: Floats = above + np.ones(values.size)
    return ranks


def _leaving_out(case: _Case, base: Floats, rank: Floats) -> tuple[Floats, Floats]:
    """Per indicator the mean change in size of index and rank over the rows that have it and can do without."""
    shifts = np.full((2, case.scores.shape[1]), np.nan)
    for i in range(case.scores.shape[1]):
        present = case.present.copy()
        present[:, i] = False
        without = aggregate(case.definition.root, case.scores, present, strict=False)
        both = without.known & case.present[:, i]
        if both.any():
            values = np.where(without.known, without.value, base)
            shifts[0, i] = np.abs(values - base)[both].mean()
            shifts[1, i] = np.abs(_ranks(values) - rank)[both].mean()
    return shifts[0], shifts[1]
