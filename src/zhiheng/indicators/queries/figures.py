"""Figures of indicators over the mirror: in all, by group, and as a trend, with what must not be shown held back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from zhiheng.definitions.definition import Defect, Indicator
from zhiheng.definitions.engine import Figure, run, trend
from zhiheng.definitions.loader import load_defects, load_indicators
from zhiheng.definitions.verdict import Verdict
from zhiheng.indicators.queries.lens import Lens, OpenFacts, opened
from zhiheng.indicators.rules import is_suppressed, period_edges

SUPPRESSED = "suppressed"
ANSWERS_KEPT = 256


@dataclass(frozen=True, slots=True)
class Measured:
    """An indicator as measured through a lens. `line` is "second" where only its second kinds of ticket exist."""

    indicator: Indicator
    figure: Figure
    line: str
    trend: tuple[Figure, ...] = ()
    edges: tuple[int, ...] = ()
    by: str = ""

    @property
    def suppressed(self) -> bool:
        """Whether the value is held back because it would tell about one or two people."""
        return SUPPRESSED in self.figure.measurement.flags


@cache
def indicators() -> dict[str, Indicator]:
    """The indicators of the catalogue, by id."""
    return load_indicators()


@cache
def defects() -> dict[str, Defect]:
    """The common defects of the catalogue, by id."""
    return load_defects()


@lru_cache(maxsize=ANSWERS_KEPT)
def figures(lens: Lens, ids: tuple[str, ...] | None = None, *, trends: bool = True) -> dict[str, Measured]:
    """Measure indicators, all unless named, over the window of a lens."""
    with opened(lens) as held:
        kinds = kinds_of(held)
        edges: Sequence[int] = ()
        by = ""
        if trends:
            by, edges = period_edges(lens.from_s, lens.to_s, lens.zone)
        hidden = "all" in _few_persons(held, lens, "all")
        found = {}
        for name in ids or tuple(indicators()):
            indicator = indicators()[name]
            second = only_second(indicator, kinds)
            figure = measure(held, lens, indicator, second=second)["all"]
            points: tuple[Figure, ...] = ()
            if edges and figure.measurement.value is not None and not hidden:
                matcher = str(figure.details.get("matcher", ""))
                points = tuple(_trend(held, lens, indicator, edges=edges, second=second, matcher=matcher))
            found[name] = Measured(
                indicator=indicator,
                figure=_held_back(figure) if hidden else figure,
                line="second" if second else "first",
                trend=points,
                edges=tuple(edges) if points else (),
                by=by,
            )
        return found


@lru_cache(maxsize=ANSWERS_KEPT)
def by_group(lens: Lens, indicator_id: str, scope: str) -> dict[str, Figure]:
    """Measure an indicator for each group of a scope ("team", "service", "priority" …)."""
    indicator = indicators()[indicator_id]
    with opened(lens) as held:
        if scope not in held.facts.columns.get("tickets", ()):
            return {}
        second = only_second(indicator, kinds_of(held))
        found = measure(held, lens, indicator, second=second, scope=scope)
        few = _few_persons(held, lens, scope)
        return {name: _held_back(figure) if name in few else figure for name, figure in found.items()}


def measure(
    held: OpenFacts, lens: Lens, indicator: Indicator, *, second: bool = False, scope: str = "all"
) -> dict[str, Figure]:
    """Measure one indicator on open facts."""
    return run(
        held.connection,
        indicator,
        from_s=lens.from_s,
        to_s=lens.to_s,
        cut_s=lens.cut_s,
        scope=scope,
        filters=lens.chosen,
        second=second,
        facts=held.facts,
    )


def kinds_of(held: OpenFacts) -> frozenset[str]:
    """The kinds of ticket that the facts hold."""
    if "kind" not in held.facts.columns.get("tickets", ()):
        return frozenset()
    rows = held.connection.execute("select distinct kind from tickets where kind is not null").fetchall()
    return frozenset(kind for (kind,) in rows)


def only_second(indicator: Indicator, kinds: frozenset[str]) -> bool:
    """Whether the facts hold only tickets of the indicator's second line."""
    first, second = set(indicator.formula.kinds), set(indicator.second_kinds)
    return bool(kinds) and bool(second & kinds) and not first & kinds


def _trend(
    held: OpenFacts, lens: Lens, indicator: Indicator, *, edges: Sequence[int], second: bool, matcher: str
) -> list[Figure]:
    return trend(
        held.connection,
        indicator,
        edges=edges,
        cut_s=lens.cut_s,
        filters=lens.chosen,
        second=second,
        facts=held.facts,
        matcher=matcher,
    )


def _few_persons(held: OpenFacts, lens: Lens, scope: str) -> frozenset[str]:
    """The groups whose figure would tell about fewer people than may be told of, outside one's own scope."""
    columns = held.facts.columns.get("tickets", frozenset())
    if "assignee" not in columns:
        return frozenset()
    # Names of scopes come from the schema's list; values are bound.
    wanted = "".join(f" and cast({name} as varchar) = $filter_{name}" for name in lens.chosen)
    group = "'all'" if scope == "all" else f"coalesce(cast({scope} as varchar), '')"
    rows = held.connection.execute(
        f"select {group}, count(distinct assignee) from tickets "  # noqa: S608
        f"where received_s >= $from_s and received_s < $to_s{wanted} group by 1",
        {
            "from_s": lens.from_s,
            "to_s": lens.to_s,
            **{f"filter_{name}": value for name, value in lens.filters},
        },
    ).fetchall()
    own_all = lens.chosen.get("team") in lens.teams
    return frozenset(
        group
        for group, persons in rows
        if is_suppressed(persons=persons, own=own_all or (scope == "team" and group in lens.teams))
    )


def _held_back(figure: Figure) -> Figure:
    if figure.measurement.value is None:
        return figure
    bare = replace(
        figure.measurement, value=None, low=None, high=None, numerator=None, denominator=None, n=0
    ).flagged(SUPPRESSED)
    return Figure(scope=figure.scope, measurement=bare, verdict=Verdict("not_enough_data"), details={})
