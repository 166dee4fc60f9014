"""Runs definitions over facts: figures by scope, one figure per period, and the tickets behind a figure.

The same functions serve in-memory tables and Parquet views; DuckDB only counts, `estimators` do the arithmetic.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from zhiheng.definitions.columns import joined
from zhiheng.definitions.definition import Formula, Indicator, Target
from zhiheng.definitions.errors import DefinitionError
from zhiheng.definitions.estimators import ESTIMATORS, Estimate
from zhiheng.definitions.query import Facts, Filters, Window, adds_up, discover, numbered_period, period_scope
from zhiheng.definitions.statements import PERIOD, dictionaries, grouped, keyed, query_of
from zhiheng.definitions.targets import bound_limit
from zhiheng.definitions.verdict import Verdict, judge
from zhiheng.measure.result import Measurement

if TYPE_CHECKING:  # loading it takes longer than many a report needs
    import duckdb

# Of every estimate that stands for no single period.
WHOLE = "0"
# Estimators that make the figure of a window from the rows of its parts as from its own.
ADDED_UP = ("wilson", "restricted_mean")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured definition in one scope, judged."""

    scope: str
    measurement: Measurement
    verdict: Verdict
    details: dict[str, Any] = field(default_factory=dict)
    target: Target | None = None

    def judged(self, target: Target, *, minimum_n: int) -> Figure:
        """The same figure judged against another target: facts are not counted anew."""
        verdict = judge(self.measurement, target, minimum_n=minimum_n, missing=self.verdict.missing)
        return replace(self, verdict=verdict, target=target)


def run(
    connection: duckdb.DuckDBPyConnection,
    definition: Indicator,
    *,
    from_s: int,
    to_s: int,
    cut_s: int,
    scope: str = "all",
    filters: Filters | None = None,
    exempt: bool = False,
    second: bool = False,
    target: Target | None = None,
    facts: Facts | None = None,
) -> dict[str, Figure]:
    """Measure an indicator by scope value ("all", or each team, service, priority …; "" = not stated).

    `exempt` takes approved exemptions into account again, `second` measures the second line of the indicator (other
    kinds of ticket), `target` replaces the shipped one, `facts` saves looking up the columns for each definition.
    """
    window = Window(from_s=from_s, to_s=to_s, cut_s=cut_s, filters=filters or {}, exempt=exempt)
    held = facts or discover(connection)
    formula = replace(definition.formula, kinds=definition.second_kinds) if second else definition.formula
    aim = target or definition.target
    missing = held.missing(formula.needs)
    if missing:
        return {"all": _figure("all", _absent(formula), formula, aim, missing)}
    estimates = measure(connection, formula, window=window, facts=held, scope=scope)
    return {name: _figure(name, estimate, formula, aim) for name, estimate in estimates.items()}


def measure(
    connection: duckdb.DuckDBPyConnection,
    formula: Formula,
    *,
    window: Window,
    facts: Facts,
    scope: str = "all",
) -> dict[str, Estimate]:
    """Estimate a formula by scope value; scope "all" is always there, if only to say that there is no data."""
    flags = facts.flags(formula.needs)
    variants: Sequence[Mapping[str, Any]] = formula.parameters.get("matchers", ({},))
    found: list[tuple[Mapping[str, Any], dict[str, Estimate]]] = []
    estimated: dict[str, dict[str, Estimate]] = {}
    for variant in variants:
        # Matchers whose columns the facts lack ask the same, and are answered once.
        sql = keyed(formula.sql.replace(PERIOD, WHOLE), variant, facts)
        if sql not in estimated:
            estimated[sql] = _estimates(connection, sql, formula, window=window, facts=facts, scope=scope)
        found.append((variant, estimated[sql]))
    names = dict.fromkeys(name for _, estimates in found for name in estimates)
    if scope == "all" and not names:
        names = {"all": None}
    return {name: _flagged(_best(name, found, formula), flags, window) for name in names}


def trend(
    connection: duckdb.DuckDBPyConnection,
    definition: Indicator,
    *,
    edges: Sequence[int],
    cut_s: int,
    filters: Filters | None = None,
    second: bool = False,
    facts: Facts | None = None,
    matcher: str = "",
) -> list[Figure]:
    """Measure an indicator for each period between neighbouring edges: one query, or one a period where cases have no
    anchor (a state at the end of the period).

    `matcher` names the one that stands for the figure, where the indicator has several; the first otherwise.
    """
    if len(edges) < 2 or list(edges) != sorted(set(edges)):
        raise DefinitionError("edges", "must ascend and bound at least one period")
    held = facts or discover(connection)
    formula = replace(definition.formula, kinds=definition.second_kinds) if second else definition.formula
    aim, last = definition.target, len(edges) - 1
    missing = held.missing(formula.needs)
    if missing:
        return [_figure(str(number), _absent(formula), formula, aim, missing) for number in range(last)]
    window = Window(from_s=edges[0], to_s=edges[-1], cut_s=cut_s, filters=filters or {})
    if PERIOD in formula.sql:
        by_period = _by_period(connection, formula, matcher, edges=edges, window=window, facts=held)
        return [_figure(str(number), by_period[number], formula, aim) for number in range(last)]
    if formula.anchor is None:
        return [
            _figure(str(number), estimates["all"], formula, aim)
            for number in range(last)
            for estimates in (
                measure(
                    connection,
                    formula,
                    window=Window(edges[number], edges[number + 1], cut_s, filters or {}),
                    facts=held,
                ),
            )
        ]
    scope = period_scope(formula.anchor, edges[:-1])
    estimates = measure(connection, formula, window=window, facts=held, scope=scope)
    empty = _flagged(ESTIMATORS[formula.estimator]((), formula), held.flags(formula.needs), window)
    return [_figure(str(number), estimates.get(str(number), empty), formula, aim) for number in range(last)]


def run_and_trend(
    connection: duckdb.DuckDBPyConnection,
    definition: Indicator,
    *,
    edges: Sequence[int],
    window: Window,
    second: bool = False,
    facts: Facts | None = None,
) -> tuple[Figure, list[Figure]]:
    """An indicator over a window, and for each period between edges inside it: the same as `run` and `trend` give.

    Where every case falls into one period its facts are read once for both. Without a figure there is no trend.
    """
    held = facts or discover(connection)
    formula = replace(definition.formula, kinds=definition.second_kinds) if second else definition.formula
    sums = formula.estimator in ADDED_UP and formula.anchor is not None and not held.missing(formula.needs)
    if not sums or not adds_up(formula.sql, str(formula.anchor)):
        return _one_after_the_other(
            connection, definition, edges=edges, window=window, second=second, facts=held
        )
    scope = period_scope(str(formula.anchor), edges)
    found = grouped(connection, formula.sql, formula, window=window, facts=held, scope=scope)
    estimator, flags, aim = ESTIMATORS[formula.estimator], held.flags(formula.needs), definition.target
    estimate = _flagged(estimator(joined(found.values()), formula), flags, window)
    figure = _figure("all", estimate, formula, aim)
    if figure.measurement.value is None:
        return figure, []
    span = replace(window, from_s=edges[0], to_s=edges[-1])
    return figure, [
        _figure(
            str(number),
            _flagged(estimator(found.get(str(number), ()), formula), flags, span),
            formula,
            aim,
        )
        for number in range(len(edges) - 1)
    ]


def _one_after_the_other(
    connection: duckdb.DuckDBPyConnection,
    definition: Indicator,
    *,
    edges: Sequence[int],
    window: Window,
    second: bool,
    facts: Facts,
) -> tuple[Figure, list[Figure]]:
    told: dict[str, Any] = {
        "cut_s": window.cut_s,
        "filters": window.filters,
        "second": second,
        "facts": facts,
    }
    figure = run(connection, definition, from_s=window.from_s, to_s=window.to_s, **told)["all"]
    if figure.measurement.value is None:
        return figure, []
    matcher = str(figure.details.get("matcher", ""))
    return figure, trend(connection, definition, edges=edges, matcher=matcher, **told)


def rows(
    connection: duckdb.DuckDBPyConnection,
    definition: Indicator | Formula,
    *,
    from_s: int,
    to_s: int,
    cut_s: int,
    filters: Filters | None = None,
    second_kinds: Sequence[str] = (),
    target: Target | None = None,
    facts: Facts | None = None,
) -> list[int]:
    """The ticket_ids behind a figure (the cases that speak against it), in ascending order.

    `target` is the one in force; without it an indicator's shipped one says which cases speak against it.
    """
    held = facts or discover(connection)
    formula = definition.formula if isinstance(definition, Indicator) else definition
    aim = target or (definition.target if isinstance(definition, Indicator) else None)
    if not formula.rows or held.missing(formula.needs):
        return []
    variants: Sequence[Mapping[str, Any]] = formula.parameters.get("matchers", ({},))
    window = Window(from_s=from_s, to_s=to_s, cut_s=cut_s, filters=filters or {})
    asked = replace(formula, kinds=tuple(second_kinds) or formula.kinds)
    limit = bound_limit(aim, formula.unit)
    query = query_of(keyed(formula.rows, variants[0], held), asked, window=window, facts=held, more=limit)
    _, found = query.execute(connection)
    return sorted(int(row[0]) for row in found)


def _by_period(
    connection: duckdb.DuckDBPyConnection,
    formula: Formula,
    matcher: str,
    *,
    edges: Sequence[int],
    window: Window,
    facts: Facts,
) -> list[Estimate]:
    """One estimate a period of a statement that numbers its cases by period itself, by one matcher.

    What follows a case, and what chance gives, is looked for in all facts and not within the period alone.
    """
    variant = named_matcher(formula, matcher)
    sql = formula.sql.replace(PERIOD, numbered_period(str(formula.anchor), edges[:-1]))
    query = query_of(keyed(sql, variant, facts), formula, window=window, facts=facts)
    found = dictionaries(query, connection)
    groups: dict[int, list[dict[str, Any]]] = {number: [] for number in range(len(edges) - 1)}
    for row in found:
        groups[int(row["period"])].append(row)
    estimator, flags = ESTIMATORS[formula.estimator], facts.flags(formula.needs)
    return [
        _flagged(_named(estimator(rows, formula), variant), flags, replace(window, from_s=start, to_s=end))
        for (start, end), rows in zip(pairwise(edges), groups.values(), strict=True)
    ]


def named_matcher(formula: Formula, name: str) -> Mapping[str, Any]:
    """The matcher of that name; the first of the formula without one, {} of a formula that has none."""
    variants: Sequence[Mapping[str, Any]] = formula.parameters.get("matchers", ({},))
    return next((variant for variant in variants if variant.get("id") == name), variants[0])


def _named(estimate: Estimate, variant: Mapping[str, Any]) -> Estimate:
    if not variant:
        return estimate
    flags = (f"matcher:{variant['id']}", *(() if variant.get("confirmed") else ("suspected",)))
    return Estimate(estimate.measurement.flagged(*flags), {**estimate.details, "matcher": variant["id"]})


def _estimates(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    formula: Formula,
    *,
    window: Window,
    facts: Facts,
    scope: str,
) -> dict[str, Estimate]:
    found = grouped(connection, sql, formula, window=window, facts=facts, scope=scope)
    if scope.startswith("period:"):
        found.pop(None, None)
    if scope == "all" and not found:
        found["all"] = []
    estimator = ESTIMATORS[formula.estimator]
    named = {name or "": rows for name, rows in found.items()}
    return {name: estimator(rows, formula) for name, rows in sorted(named.items())}


def _best(
    name: str, found: Sequence[tuple[Mapping[str, Any], dict[str, Estimate]]], formula: Formula
) -> Estimate:
    """The first matcher that is valid stands for the figure; all of them are told beside it."""
    if len(found) == 1 and not found[0][0]:
        return found[0][1].get(name) or ESTIMATORS[formula.estimator]((), formula)
    told: list[tuple[str, Estimate]] = [
        (str(variant["id"]), estimates[name]) for variant, estimates in found if name in estimates
    ]
    valid = [item for item in told if not _invalid(item[1].measurement)]
    matcher, best = (valid or told)[0]
    beside = [{"matcher": label, **_plain(estimate)} for label, estimate in told]
    stands = _named(best, named_matcher(formula, matcher))
    return Estimate(stands.measurement, {**stands.details, "matchers": beside})


def _invalid(measurement: Measurement) -> bool:
    return measurement.value is None or "too_many_without_key" in measurement.flags


def _plain(estimate: Estimate) -> dict[str, Any]:
    measurement = estimate.measurement
    return {
        "value": measurement.value,
        "n": measurement.n,
        "low": measurement.low,
        "high": measurement.high,
        "flags": list(measurement.flags),
        **estimate.details,
    }


def _absent(formula: Formula) -> Estimate:
    return Estimate(Measurement(value=None, unit=formula.unit, n=0, flags=("not_computable",)))


def _flagged(estimate: Estimate, flags: Sequence[str], window: Window) -> Estimate:
    marked = replace(estimate.measurement, window=(window.from_s, window.to_s)).flagged(*flags)
    return Estimate(marked, estimate.details)


def _figure(
    scope: str, estimate: Estimate, formula: Formula, target: Target, missing: tuple[str, ...] = ()
) -> Figure:
    measurement = estimate.measurement
    verdict = judge(measurement, target, minimum_n=formula.minimum_n, missing=missing)
    if verdict.state == "not_enough_data":
        measurement = measurement.flagged("not_enough_data")
    return Figure(scope, measurement, verdict, estimate.details, target)
