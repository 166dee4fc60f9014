"""Diagnoses common defects: signals against thresholds, causes by their tests, what customers bear.

States: absent, watch, confirmed, not_enough_data, not_computable. Confirmed needs the second threshold *and*
an interval on the bad side of the first. Staff hours are never estimated; what customers wait is counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from zhiheng.definitions.definition import Burden, Defect, DefectCause, Formula, Indicator, Signal
from zhiheng.definitions.engine import measure, named_matcher
from zhiheng.definitions.estimators import Estimate
from zhiheng.definitions.query import Facts, Window, compose
from zhiheng.definitions.scan import GroupFinding, scan_groups
from zhiheng.measure.result import Measurement

if TYPE_CHECKING:  # loading it takes longer than many a report needs
    import duckdb

State = Literal["absent", "watch", "confirmed", "not_enough_data", "not_computable"]
CauseState = Literal["supported", "not_supported", "no_data"]
_SEVERITY: tuple[State, ...] = ("confirmed", "watch", "absent", "not_enough_data", "not_computable")


@dataclass(frozen=True, slots=True)
class SignalResult:
    """One signal: the figure as compared with the thresholds (relative ones already related)."""

    signal: Signal
    state: State
    measurement: Measurement
    missing: tuple[str, ...]
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CauseResult:
    """One typical cause: whether the data support it; without data it stays "typical, unproven"."""

    cause: DefectCause
    state: CauseState
    measurement: Measurement | None
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BurdenResult:
    """What customers bore in the window, and how much of it meeting the target would have spared, with interval."""

    unit: str
    total: int
    avoidable: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The finding on one defect."""

    defect: Defect
    state: State
    signals: tuple[SignalResult, ...]
    causes: tuple[CauseResult, ...]
    burden: BurdenResult | None
    groups: tuple[GroupFinding, ...]


def diagnose(
    connection: duckdb.DuckDBPyConnection,
    defect: Defect,
    *,
    indicators: Mapping[str, Indicator],
    window: Window,
    facts: Facts,
    scopes: Sequence[str] = (),
    measured: Mapping[str, Estimate] | None = None,
) -> Diagnosis:
    """Diagnose one defect in a window; `scopes` are scanned for the worst groups, `measured` holds indicators that
    were already estimated for the same window.
    """
    known = measured or {}
    signals = tuple(
        _signal(connection, signal, indicators=indicators, window=window, facts=facts, measured=known)
        for signal in defect.signals
    )
    state = min((result.state for result in signals), key=_SEVERITY.index)
    found = state in ("watch", "confirmed")
    return Diagnosis(
        defect=defect,
        state=state,
        signals=signals,
        causes=tuple(_cause(connection, cause, window=window, facts=facts) for cause in defect.causes),
        burden=_burden(connection, defect.burden, signals, window=window, facts=facts)
        if defect.burden
        else _affected(signals),
        groups=_groups(connection, signals, indicators=indicators, window=window, facts=facts, scopes=scopes)
        if found
        else (),
    )


def state_of(signal: Signal, measurement: Measurement, minimum_n: int) -> State:
    """Compare a figure with the two thresholds of a signal."""
    value = measurement.value
    if "no_key" in measurement.flags:
        return "not_computable"
    if value is None or measurement.n < minimum_n or "too_many_without_key" in measurement.flags:
        return "not_enough_data"
    bound = measurement.low if signal.direction == "up" else measurement.high
    if measurement.low is None and measurement.high is None:
        bound = value  # a plain count has no sampling error
    if bound is not None and signal.confirmed is not None:
        judged = value if signal.confirm_by == "value" else bound
        # The interval must lie on the bad side of the first threshold, or end at one that may be equalled.
        if _bad(judged, "confirmed", signal) and _bad(bound, "watch", signal):
            return "confirmed"
    return "watch" if _bad(value, "watch", signal) else "absent"


def formula_of(signal: Signal, indicators: Mapping[str, Indicator]) -> Formula:
    """The formula of a signal: its own, or its indicator's (of the second line where the source has only that)."""
    if signal.formula is not None:
        return signal.formula
    indicator = indicators[str(signal.indicator)]
    kinds = indicator.formula.kinds + indicator.second_kinds if indicator.formula.kinds else ()
    return replace(indicator.formula, kinds=kinds)


def related(measurement: Measurement, relative_to: float | None) -> Measurement:
    """The figure as its relative distance from a reference: 0.2 is 20 % above it."""
    if relative_to is None:
        return measurement
    value, low, high = (
        None if part is None else part / relative_to - 1
        for part in (measurement.value, measurement.low, measurement.high)
    )
    return replace(measurement, value=value, low=low, high=high, unit="relative")


def _bad(value: float, threshold: str, signal: Signal) -> bool:
    limit = signal.watch if threshold == "watch" else signal.confirmed
    if limit is None:
        return False
    if threshold in signal.at and value == limit:
        return True
    return value < limit if signal.direction == "down" else value > limit


def _signal(
    connection: duckdb.DuckDBPyConnection,
    signal: Signal,
    *,
    indicators: Mapping[str, Indicator],
    window: Window,
    facts: Facts,
    measured: Mapping[str, Estimate],
) -> SignalResult:
    formula = formula_of(signal, indicators)
    missing = facts.missing((*formula.needs, *signal.needs))
    if missing:
        nothing = Measurement(value=None, unit=formula.unit, n=0, flags=("not_computable",))
        return SignalResult(signal, "not_computable", nothing, missing, {})
    estimate = (
        measured.get(str(signal.indicator)) or measure(connection, formula, window=window, facts=facts)["all"]
    )
    figure = related(estimate.measurement, signal.relative_to)
    state = state_of(signal, figure, formula.minimum_n)
    if signal.needs_excess and state == "confirmed" and not _exceeds_chance(estimate.details):
        state = "watch"
    lacking = ("key",) if state == "not_computable" else ()
    return SignalResult(signal, state, figure, lacking, estimate.details)


def _cause(
    connection: duckdb.DuckDBPyConnection, cause: DefectCause, *, window: Window, facts: Facts
) -> CauseResult:
    missing = facts.missing(cause.needs)
    if missing or cause.formula is None or cause.threshold is None:
        return CauseResult(cause, "no_data", None, missing)
    figure = measure(connection, cause.formula, window=window, facts=facts)["all"].measurement
    if figure.value is None or figure.n < cause.formula.minimum_n:
        return CauseResult(cause, "no_data", figure.flagged("not_enough_data"), ())
    return CauseResult(cause, "supported" if figure.value >= cause.threshold else "not_supported", figure, ())


def _burden(
    connection: duckdb.DuckDBPyConnection,
    burden: Burden,
    signals: Sequence[SignalResult],
    *,
    window: Window,
    facts: Facts,
) -> BurdenResult | None:
    if facts.missing(burden.needs):
        return None
    query = compose(
        burden.sql,
        facts=facts,
        scope="all",
        filters=window.filters,
        kinds=burden.kinds,
        exempt=window.exempt,
        parameters=window.parameters,
    )
    _, found = query.execute(connection)
    total = int(found[0][0] or 0) if found else 0
    result = next(item for item in signals if item.signal.id == burden.signal)
    return _borne(burden.unit, total, result)


def _affected(signals: Sequence[SignalResult]) -> BurdenResult | None:
    """Without a burden of its own: the tickets that the leading share counts against the service; else none."""
    found = [item for item in signals if item.state in ("confirmed", "watch", "absent")]
    for item in sorted(found, key=lambda item: _SEVERITY.index(item.state)):
        measured = item.measurement
        if measured.numerator is None or measured.denominator is None or measured.unit != "share":
            continue
        against = measured.numerator
        if item.signal.direction == "down":
            against = measured.denominator - measured.numerator
        return _borne("tickets", against, item)
    return None


def _borne(unit: str, total: int, result: SignalResult) -> BurdenResult:
    figure, signal = result.measurement, result.signal
    unknown = result.state in ("not_enough_data", "not_computable") or figure.value is None
    if unknown or (signal.needs_excess and not _exceeds_chance(result.details)):
        return BurdenResult(unit, total, None, None, None)  # what chance makes, no measure spares
    spared = [
        None if part is None else total * _spared(part, signal)
        for part in (figure.value, figure.low, figure.high)
    ]
    ends = sorted(part for part in spared[1:] if part is not None)
    return BurdenResult(unit, total, spared[0], ends[0] if ends else None, ends[-1] if ends else None)


def _spared(value: float, signal: Signal) -> float:
    """1 − target ÷ current, both counted in the bad direction; nothing is spared where the target is met."""
    if signal.relative_to is not None:
        current, target = 1 + value, 1 + signal.watch
    elif signal.direction == "down":
        current, target = 1 - value, 1 - signal.watch
    else:
        current, target = value, signal.watch
    return max(0.0, 1 - target / current) if current > 0 else 0.0


def _groups(
    connection: duckdb.DuckDBPyConnection,
    signals: Sequence[SignalResult],
    *,
    indicators: Mapping[str, Indicator],
    window: Window,
    facts: Facts,
    scopes: Sequence[str],
) -> tuple[GroupFinding, ...]:
    """The three worst groups by the first signal that was found, false discoveries held to 10 %."""
    worst = next(
        item for item in signals if item.state == min((s.state for s in signals), key=_SEVERITY.index)
    )
    formula = formula_of(worst.signal, indicators)
    if formula.estimator == "count":
        return ()
    if worst.signal.needs_excess and not _exceeds_chance(worst.details):
        return ()  # what chance explains in all, it explains in its parts: nothing to look for in each
    if "matchers" in formula.parameters:
        # By group as in all: faults are the same by the matcher that stands for the figure.
        named = named_matcher(formula, str(worst.details.get("matcher", "")))
        formula = replace(formula, parameters={**formula.parameters, "matchers": [named]})
    findings: list[tuple[str, str, Measurement]] = []
    for scope in scopes:
        if scope not in facts.columns.get("tickets", ()):
            continue
        estimates = measure(connection, formula, window=window, facts=facts, scope=scope)
        findings += [
            (scope, name, related(estimate.measurement, worst.signal.relative_to))
            for name, estimate in estimates.items()
            if name and _tells(estimate, worst.signal, formula.minimum_n)
        ]
    return scan_groups(findings, watch=worst.signal.watch, direction=worst.signal.direction)


def _tells(estimate: Estimate, signal: Signal, minimum_n: int) -> bool:
    """Whether a group has enough cases, and a key, to be compared; a recurrence only where it exceeds chance."""
    measured = estimate.measurement
    if measured.value is None or measured.n < minimum_n or "too_many_without_key" in measured.flags:
        return False
    return not signal.needs_excess or _exceeds_chance(estimate.details)


def _exceeds_chance(details: Mapping[str, Any]) -> bool:
    """Whether a recurrence lies above what chance alone gives, its interval too."""
    return bool((details.get("excess_low") or 0) > 0)
