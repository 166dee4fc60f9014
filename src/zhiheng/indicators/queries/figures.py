"""Figures of indicators over the mirror: in all, by group, and as a trend, with what must not be shown held back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from zhiheng.definitions.definition import Indicator
from zhiheng.definitions.engine import Figure, run, run_and_trend
from zhiheng.definitions.query import Window
from zhiheng.definitions.verdict import Verdict
from zhiheng.indicators.queries.catalogue import indicators
from zhiheng.indicators.queries.kept import kept
from zhiheng.indicators.queries.lens import Lens
from zhiheng.indicators.queries.opening import OpenFacts, opened
from zhiheng.indicators.rules import is_suppressed, period_edges
from zhiheng.measure.result import Measurement

SUPPRESSED = "suppressed"


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


@dataclass(frozen=True, slots=True)
class Counted:
    """Indicators as counted, and how many people the tickets of the window are held by."""

    found: dict[str, Measured]
    persons: int


@dataclass(frozen=True, slots=True)
class Grouped:
    """An indicator by group as counted, and how many people the tickets of each group are held by."""

    found: dict[str, Figure]
    persons: dict[str, int]


def figures(lens: Lens, ids: tuple[str, ...] | None = None, *, trends: bool = True) -> dict[str, Measured]:
    """Measure indicators, all unless named, over the window of a lens."""
    counted = counted_figures(lens, ids, trends=trends)
    if not is_suppressed(persons=counted.persons, own=lens.chosen.get("team") in lens.teams):
        return counted.found
    return {
        name: replace(item, figure=_held_back(item.figure), trend=(), edges=())
        for name, item in counted.found.items()
    }


def by_group(lens: Lens, indicator_id: str, scope: str) -> dict[str, Figure]:
    """Measure an indicator for each group of a scope ("team", "service", "priority" …)."""
    counted = counted_by_group(lens, indicator_id, scope)
    own_all = lens.chosen.get("team") in lens.teams
    few = {
        name
        for name, persons in counted.persons.items()
        if is_suppressed(persons=persons, own=own_all or (scope == "team" and name in lens.teams))
    }
    return {name: _held_back(figure) if name in few else figure for name, figure in counted.found.items()}


@kept
def counted_figures(lens: Lens, ids: tuple[str, ...] | None = None, *, trends: bool = True) -> Counted:
    """Indicators with nothing held back yet: for what is shown take `figures`."""
    by, edges = period_edges(lens.from_s, lens.to_s, lens.zone) if trends else ("", [])
    with opened(lens) as held:
        kinds = kinds_of(held)
        found = {
            name: _counted(held, lens, indicators()[name], kinds=kinds, by=by, edges=edges)
            for name in ids or tuple(indicators())
        }
        return Counted(found, persons_of(held, lens, "all").get("all", 0))


@kept
def counted_by_group(lens: Lens, indicator_id: str, scope: str) -> Grouped:
    """An indicator by group with nothing held back yet: for what is shown take `by_group`."""
    indicator = indicators()[indicator_id]
    with opened(lens) as held:
        if scope not in held.facts.columns.get("tickets", ()):
            return Grouped({}, {})
        second = only_second(indicator, kinds_of(held))
        found = measure(held, lens, indicator, second=second, scope=scope)
        return Grouped(found, persons_of(held, lens, scope))


def _counted(
    held: OpenFacts,
    lens: Lens,
    indicator: Indicator,
    *,
    kinds: frozenset[str],
    by: str,
    edges: Sequence[int],
) -> Measured:
    second = only_second(indicator, kinds)
    points: list[Figure] = []
    if edges:
        window = Window(lens.from_s, lens.to_s, lens.cut_s, lens.chosen)
        figure, points = run_and_trend(
            held.connection, indicator, edges=edges, window=window, second=second, facts=held.facts
        )
    else:
        figure = measure(held, lens, indicator, second=second)["all"]
    return Measured(
        indicator=indicator,
        figure=figure,
        line="second" if second else "first",
        trend=tuple(points),
        edges=tuple(edges) if points else (),
        by=by,
    )


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


def persons_of(held: OpenFacts, lens: Lens, scope: str) -> dict[str, int]:
    """How many people hold the tickets of the window, by group: a figure may not tell about one or two of them."""
    columns = held.facts.columns.get("tickets", frozenset())
    if "assignee" not in columns:
        return {}
    # Names of scopes come from the schema's list; values are bound.
    wanted = "".join(f" and cast({name} as varchar) = $filter_{name}" for name in lens.chosen)
    group = "'all'" if scope == "all" else f"coalesce(cast({scope} as varchar), '')"
    rows = held.connection.execute(
        f"select {group}, count(distinct assignee) from tickets "  # noqa: S608
        f"where received_s >= $from_s and received_s < $to_s{wanted} group by 1 order by 1",
        {
            "from_s": lens.from_s,
            "to_s": lens.to_s,
            **{f"filter_{name}": value for name, value in lens.filters},
        },
    ).fetchall()
    return {str(name): int(persons) for name, persons in rows}


def _held_back(figure: Figure) -> Figure:
    if figure.measurement.value is None:
        return figure
    return Figure(
        scope=figure.scope,
        measurement=bare(figure.measurement),
        verdict=Verdict("not_enough_data"),
        details={},
    )


def bare(measurement: Measurement) -> Measurement:
    """A measurement that tells nothing, and says why."""
    return replace(
        measurement, value=None, low=None, high=None, numerator=None, denominator=None, n=0
    ).flagged(SUPPRESSED)
