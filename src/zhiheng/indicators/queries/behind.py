"""The tickets behind a figure."""

from __future__ import annotations

from dataclasses import replace

from zhiheng.definitions import engine
from zhiheng.indicators.queries.catalogue import indicators
from zhiheng.indicators.queries.figures import kinds_of, only_second
from zhiheng.indicators.queries.lens import Lens
from zhiheng.indicators.queries.opening import opened
from zhiheng.indicators.queries.own_targets import targets_in_force


def tickets_behind(lens: Lens, indicator_id: str) -> list[int]:
    """The ids of the tickets that speak against the figure by the target in force, latest first.

    [] where they cannot be told.
    """
    indicator = indicators()[indicator_id]
    target = targets_in_force(lens).get(indicator_id, indicator.target)
    if not indicator.formula.rows:
        return []
    with opened(lens) as held:
        formula = indicator.formula
        if only_second(indicator, kinds_of(held)):
            formula = replace(formula, kinds=indicator.second_kinds)
        if held.facts.missing(formula.needs):
            return []
        found = engine.rows(
            held.connection,
            formula,
            from_s=lens.from_s,
            to_s=lens.to_s,
            cut_s=lens.cut_s,
            filters=lens.chosen,
            target=target,
            facts=held.facts,
        )
    return found[::-1]
