"""Computes one value of an index: points, contributions, red lines, interval, hashes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from zhiheng.measure.arrays import Booleans, Floats, check_confidence
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.index.aggregation import Aggregated, aggregate, exact_sums
from zhiheng.measure.index.definition import Group, IndexDefinition, Indicator, Veto, document_hash
from zhiheng.measure.index.value import Contribution, GroupValue, IndexValue, Input, input_document
from zhiheng.measure.result import NOT_ENOUGH_DATA, Measurement, not_enough

Given = float | int | Measurement | Input | None

CAPPED = "capped"
"""A red line is crossed and holds the index down."""
PARTIAL_INTERVAL = "interval_partial"
"""Some inputs came without limits, so the interval leaves out their uncertainty."""


def evaluate_index(
    definition: IndexDefinition,
    values: Mapping[str, Given],
    *,
    snapshot: str = "",
    confidence: float = 0.95,
) -> IndexValue:
    """The value of an index from the values of its indicators; see `CompositeIndex.evaluate`."""
    check_confidence(confidence)
    inputs = _inputs(definition, values)
    by_name = {entry.name: entry for entry in inputs}
    given = [by_name[indicator.name] for indicator in definition.indicators]
    scores, present = _scored(definition, [entry.value for entry in given])
    whole = aggregate(definition.root, scores, present)
    broken, unjudged = _broken(definition.vetoes, by_name)
    cap = min((veto.cap for veto in broken), default=math.inf)
    value, veto_points = _capped(whole.points[0].tolist(), float(exact_sums(whole.points)[0]), cap)
    flags = [CAPPED] if whole.known[0] and veto_points else []
    flags += [f"veto_not_judged:{veto.name}" for veto in unjudged]
    flags += [f"missing:{line.name}" for line, here in zip(given, present[0], strict=True) if not here]
    n = int(present.sum())
    if whole.known[0]:
        figure = Measurement(value, "points", n, method="index", confidence=confidence, flags=tuple(flags))
        figure = _with_limits(figure, definition, given, whole, cap)
    else:
        figure, veto_points = not_enough("points", n=n, method="index", confidence=confidence), 0.0
        figure = figure.flagged(*flags)
    return IndexValue(
        figure=figure,
        contributions=_contributions(definition.root, given, scores[0], present[0], whole),
        groups=_groups(definition.root, whole),
        vetoes=tuple(veto.name for veto in broken),
        veto_points=veto_points,
        definition=definition,
        definition_hash=definition.hash,
        inputs=inputs,
        input_hash=document_hash([input_document(entry) for entry in inputs]),
        snapshot=snapshot,
    )


def score_table(definition: IndexDefinition, values: Floats) -> tuple[Floats, Booleans]:
    """Points of rows × indicators and where there is a value; NaN is a missing one."""
    present: Booleans = ~np.isnan(values)
    columns = [
        np.where(present[:, i], indicator.scale.scores(np.where(present[:, i], values[:, i], np.nan)), 0.0)
        for i, indicator in enumerate(definition.indicators)
    ]
    return np.column_stack(columns), present


def capped_table(points: Floats, values: Floats, caps: Floats) -> tuple[Floats, Floats]:
    """Values held down to the caps of their rows, and the points that each row loses by it."""
    lost = np.zeros(len(values))
    for row in np.flatnonzero(values > caps):
        values[row], lost[row] = _capped(points[row].tolist(), float(values[row]), float(caps[row]))
    return values, lost


def _inputs(definition: IndexDefinition, values: Mapping[str, Given]) -> tuple[Input, ...]:
    """One input per indicator, then one per further name of a red line."""
    needed = {indicator.name: indicator.minimum_n for indicator in definition.indicators}
    for veto in definition.vetoes:
        needed.setdefault(veto.name, 1)
    unknown = sorted(set(values) - set(needed))
    if unknown:
        raise MeasureError("values", f"must name indicators of the index only, not {unknown[0]!r}")
    return tuple(_input(name, values.get(name), minimum) for name, minimum in needed.items())


def _input(name: str, given: Given, minimum_n: int) -> Input:
    if given is None:
        return Input(name, None, flags=(NOT_ENOUGH_DATA,))
    if isinstance(given, Measurement):
        value = given.value if given.enough else None
        entry = Input(name, value, given.n, given.low, given.high, given.flags)
    elif isinstance(given, Input):
        entry = replace(given, name=name)
    else:
        entry = Input(name, float(given))
    for part in (entry.value, entry.low, entry.high):
        if part is not None and not math.isfinite(part):
            raise MeasureError(name, "must be finite; None says that there is no value")
    if entry.n is not None and entry.n < minimum_n:
        entry = replace(entry, value=None, flags=tuple(dict.fromkeys((*entry.flags, NOT_ENOUGH_DATA))))
    return entry


def _scored(definition: IndexDefinition, values: list[float | None]) -> tuple[Floats, Booleans]:
    row = np.array([[np.nan if value is None else value for value in values]], dtype=np.float64)
    return score_table(definition, row)


def _broken(vetoes: tuple[Veto, ...], inputs: Mapping[str, Input]) -> tuple[list[Veto], list[Veto]]:
    """The red lines that are crossed, and those of which nobody can tell."""
    broken, unjudged = [], []
    for veto in vetoes:
        value = inputs[veto.name].value
        if value is None:
            unjudged.append(veto)
        elif veto.broken(value):
            broken.append(veto)
    return broken, unjudged


def _capped(points: list[float], value: float, cap: float) -> tuple[float, float]:
    """The value held down to `cap`, and the points lost, so that all of it still adds up exactly."""
    if value <= cap:
        return value, 0.0
    lost = math.fsum([cap, *(-part for part in points)])
    held = math.fsum([*points, lost])
    while held > cap:  # rounding of what is lost may leave the sum a hair above the cap
        lost = math.nextafter(lost, -math.inf)
        held = math.fsum([*points, lost])
    return held, lost


def _with_limits(
    figure: Measurement, definition: IndexDefinition, given: list[Input], whole: Aggregated, cap: float
) -> Measurement:
    """Limits from those of the inputs: each input moved to its limit alone, the steps added in squares."""
    known = [i for i, entry in enumerate(given) if entry.value is not None and whole.weights[0, i] > 0]
    ranged = [i for i in known if given[i].low is not None and given[i].high is not None]
    if not ranged:
        return figure
    rows = np.array(
        [[np.nan if entry.value is None else entry.value for entry in given]] * (2 * len(ranged) + 1)
    )
    for place, i in enumerate(ranged):
        rows[2 * place + 1, i], rows[2 * place + 2, i] = given[i].low, given[i].high
    moved = aggregate(definition.root, *score_table(definition, rows)).value
    centre = float(exact_sums(whole.points)[0])
    steps = (moved[1:] - moved[0]).reshape(-1, 2)
    down = math.sqrt(math.fsum((np.minimum(steps.min(axis=1), 0.0) ** 2).tolist()))
    up = math.sqrt(math.fsum((np.maximum(steps.max(axis=1), 0.0) ** 2).tolist()))
    low, high = min(centre - down, cap), min(centre + up, cap)
    flags = () if len(ranged) == len(known) else (PARTIAL_INTERVAL,)
    return replace(figure, low=low, high=high, method="index-mover").flagged(*flags)


def _contributions(
    root: Group, given: list[Input], scores: Floats, present: Booleans, whole: Aggregated
) -> tuple[Contribution, ...]:
    paths = _paths(root, (), 1.0)
    return tuple(
        Contribution(
            name=indicator.name,
            path=path,
            value=entry.value,
            score=float(scores[i]) if present[i] else None,
            nominal=nominal,
            weight=float(whole.weights[0, i]),
            points=float(whole.points[0, i]),
            n=entry.n,
            flags=entry.flags,
        )
        for i, ((indicator, path, nominal), entry) in enumerate(zip(paths, given, strict=True))
    )


def _paths(
    group: Group, above: tuple[str, ...], weight: float
) -> list[tuple[Indicator, tuple[str, ...], float]]:
    """Each indicator with the groups above it and the product of the weights down to it."""
    found = []
    for member in group.members:
        if isinstance(member, Group):
            found += _paths(member, (*above, group.name), weight * member.weight)
        else:
            found.append((member, (*above, group.name), weight * member.weight))
    return found


def _groups(root: Group, whole: Aggregated) -> tuple[GroupValue, ...]:
    names = [indicator.name for indicator in root.indicators()]
    lines = []
    for group in root.groups():
        part = whole if group is root else whole.inside[group.name]
        columns = [names.index(indicator.name) for indicator in group.indicators()]
        lines.append(
            GroupValue(
                name=group.name,
                value=float(part.value[0]) if part.known[0] else None,
                weight=math.fsum(whole.weights[0, columns].tolist()),
                points=math.fsum(whole.points[0, columns].tolist()),
                present=int(part.present[0]),
                members=len(group.members),
            )
        )
    return tuple(lines)
