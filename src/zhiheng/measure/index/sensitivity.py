"""How much an index and its ranking hang on choices: Monte Carlo over weights, scales, missing values and inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from zhiheng.measure.arrays import Booleans, Floats, Integers, check_confidence, count, matrix
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
class Choices:
    """What each replicate may choose; see `CompositeIndex.sensitivity`."""

    concentration: float
    scales: Mapping[str, Sequence[Scale]]
    imputations: tuple[Imputation, ...]
    errors: object | None


@dataclass(frozen=True, slots=True)
class _Case:
    """The rows that have a value as defined, and the choices to be drawn."""

    definition: IndexDefinition
    choices: Choices
    values: Floats
    scores: Floats
    present: Booleans
    errors: Floats | None


def index_sensitivity(
    definition: IndexDefinition,
    values: object,
    choices: Choices,
    *,
    seed: int,
    replicates: int,
    confidence: float,
) -> Sensitivity:
    """Monte Carlo over the choices behind an index; see `CompositeIndex.sensitivity`."""
    tail = (1 - check_confidence(confidence)) / 2
    count("replicates", replicates, minimum=1)
    random = np.random.default_rng(count("seed", seed))
    table = matrix("values", values, missing=True)
    case, base, rows = _case(definition, table, choices)
    drawn = _drawn(case, random, replicates) if rows.size else np.zeros((replicates, 0))
    rank, ranks = _ranks(base), np.array([_ranks(row) for row in drawn])
    figures = {
        "base": base,
        "mean": drawn.mean(axis=0),
        "low": _quantile(drawn, tail),
        "high": _quantile(drawn, 1 - tail),
        "rank": rank,
        "rank_low": _quantile(ranks, tail),
        "rank_high": _quantile(ranks, 1 - tail),
        "rank_share": _rank_share(ranks),
    }
    shift, rank_shift = _leaving_out(case, base, rank)
    return Sensitivity(
        **{name: _for_all(figure, rows, len(table)) for name, figure in figures.items()},
        rank_shift=float(np.abs(ranks - rank).mean()) if rows.size else None,
        leave_out_shift=shift,
        leave_out_rank_shift=rank_shift,
        indicators=tuple(indicator.name for indicator in definition.indicators),
        n=int(rows.size),
        replicates=replicates,
        seed=seed,
        confidence=confidence,
        flags=() if rows.size else (NOT_ENOUGH_DATA,),
    )


def _case(definition: IndexDefinition, table: Floats, choices: Choices) -> tuple[_Case, Floats, Integers]:
    """The case, the index of its rows as defined, and which rows of the table they are."""
    names = {indicator.name for indicator in definition.indicators}
    if table.shape[1] != len(names):
        raise MeasureError("values", f"must have a column for each of the {len(names)} indicators")
    if not choices.concentration > 0:
        raise MeasureError("concentration", f"must be above 0, is {choices.concentration!r}")
    unknown = sorted(set(choices.scales) - names)
    if unknown:
        raise MeasureError("scales", f"must name indicators of the index, not {unknown[0]!r}")
    if not choices.imputations or not set(choices.imputations) <= {"renormalise", "mean", "worst"}:
        raise MeasureError("imputations", 'must be some of "renormalise", "mean" and "worst"')
    errors = None if choices.errors is None else matrix("errors", choices.errors)
    if errors is not None and (errors.shape != table.shape or (errors < 0).any()):
        shape = f"{table.shape[0]} × {table.shape[1]}"
        raise MeasureError("errors", f"must be {shape} like values, none below 0")
    scores, present = score_table(definition, table)
    whole = aggregate(definition.root, scores, present)
    rows = np.flatnonzero(whole.known)
    moved = None if errors is None else errors[rows]
    return (
        _Case(definition, choices, table[rows], scores[rows], present[rows], moved),
        whole.value[rows],
        rows,
    )


def _rank_share(ranks: Floats) -> Floats:
    """rows × first ranks: the share of replicates in which each row has that rank."""
    shares = np.zeros((ranks.shape[1], min(FIRST_RANKS, ranks.shape[1])))
    for place in range(shares.shape[1]):
        shares[:, place] = (ranks == place + 1).mean(axis=0)
    return shares


def _quantile(drawn: Floats, share: float) -> Floats:
    """Of each column; none of no columns."""
    return np.asarray(np.quantile(drawn, share, axis=0)) if drawn.size else np.zeros(drawn.shape[1])


def _for_all(figure: Floats, rows: Integers, size: int) -> Floats:
    """One line per row of the table, NaN where there was nothing to compute."""
    full = np.full((size, *figure.shape[1:]), np.nan)
    full[rows] = figure
    return full


def _drawn(case: _Case, random: np.random.Generator, replicates: int) -> Floats:
    """replicates × rows."""
    weights = {
        group.name: _weights(group, case.choices.concentration, random, replicates)
        for group in case.definition.root.groups()
    }
    choices = case.choices
    only_weights = not choices.scales and case.errors is None and choices.imputations == ("renormalise",)
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
    imputations = case.choices.imputations
    imputation = imputations[int(random.integers(len(imputations)))]
    scores, present = np.empty_like(values), case.present.copy()
    for i, indicator in enumerate(case.definition.indicators):
        scales = (indicator.scale, *case.choices.scales.get(indicator.name, ()))
        scale = scales[int(random.integers(len(scales)))]
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
