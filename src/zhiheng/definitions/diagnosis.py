"""Diagnoses common defects: signals against thresholds, causes by their tests, what customers bear.

States: absent, watch, confirmed, not_enough_data, not_computable; told for a figure without thresholds. Confirmed
needs the second threshold *and* an interval on the bad side of the first. Staff hours are never estimated; what
customers wait is counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from zhiheng.definitions.burden import BurdenResult, against, borne, counted_burden
from zhiheng.definitions.definition import Defect, DefectCause, Formula, Indicator, Signal, Target
from zhiheng.definitions.engine import measure, named_matcher
from zhiheng.definitions.estimators import Estimate
from zhiheng.definitions.query import Facts, Window
from zhiheng.definitions.scan import GroupFinding, scan_groups
from zhiheng.measure.result import Measurement

if TYPE_CHECKING:  # loading it takes longer than many a report needs
    import duckdb

State = Literal["absent", "watch", "confirmed", "not_enough_data", "not_computable", "told"]
CauseState = Literal["supported", "not_supported", "no_data"]
_SEVERITY: tuple[State, ...] = ("confirmed", "watch", "absent", "not_enough_data", "not_computable")
NO_TARGETS: Mapping[str, Target] = {}
# What a figure lacks although its columns are there: no case has a key; no ticket but faults, so no exposure.
_LACKING = {"no_key": ("key",), "no_exposure": ("items.in_service_s",)}
# Figures that say nothing of one group.
_UNGROUPED = ("count", "chart_signals", "matched_difference")


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
    targets: Mapping[str, Target] = NO_TARGETS,
) -> Diagnosis:
    """Diagnose one defect in a window; `scopes` are scanned for the worst groups, `measured` holds indicators that
    were already estimated for the same window, `targets` the own targets in force at its end, by indicator.
    """
    known = measured or {}
    aims = {name: item.target for name, item in indicators.items()} | dict(targets)
    signals = tuple(
        _signal(connection, signal, indicators=indicators, window=window, facts=facts, measured=known)
        for signal in defect.signals
    )
    state = min((result.state for result in signals if result.signal.limit is not None), key=_SEVERITY.index)
    found = state in ("watch", "confirmed")
    return Diagnosis(
        defect=defect,
        state=state,
        signals=signals,
        causes=tuple(_cause(connection, cause, window=window, facts=facts) for cause in defect.causes),
        burden=_borne(connection, defect, signals, window=window, facts=facts, targets=aims),
        groups=_groups(connection, signals, indicators=indicators, window=window, facts=facts, scopes=scopes)
        if found
        else (),
    )


def state_of(signal: Signal, measurement: Measurement, minimum_n: int) -> State:
    """Compare a figure with the two thresholds of a signal."""
    value = measurement.value
    if any(flag in _LACKING for flag in measurement.flags):
        return "not_computable"
    if value is None or measurement.n < minimum_n or "too_many_without_key" in measurement.flags:
        return "not_enough_data"
    if signal.limit is None:
        return "told"
    bound = measurement.low if signal.direction == "up" else measurement.high
    if measurement.low is None and measurement.high is None:
        bound = value  # a plain count has no sampling error
    if bound is not None and signal.confirmed is not None:
        judged = value if signal.confirm_by == "value" else bound
        # The interval must lie on the bad side of the first threshold, or end at one that may be equalled.
        if _bad(judged, "confirmed", signal) and (signal.watch is None or _bad(bound, "watch", signal)):
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
    lacking = tuple(name for flag in figure.flags for name in _LACKING.get(flag, ()))
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


def _borne(
    connection: duckdb.DuckDBPyConnection,
    defect: Defect,
    signals: Sequence[SignalResult],
    *,
    window: Window,
    facts: Facts,
    targets: Mapping[str, Target],
) -> BurdenResult | None:
    """The defect's own burden; without one the tickets that the leading share counts against the service."""
    burden = defect.burden
    if burden is None:
        return _affected(signals, targets)
    result = next(item for item in signals if item.signal.id == burden.signal)
    target = targets.get(str(result.signal.indicator))
    unit = "h" if burden.unit == "waiting_s" else "count"
    total = counted_burden(connection, burden, window=window, facts=facts, target=target, unit=unit)
    return None if total is None else _result(burden.unit, total, result, targets)


def _affected(signals: Sequence[SignalResult], targets: Mapping[str, Target]) -> BurdenResult | None:
    found = [item for item in signals if item.state in ("confirmed", "watch", "absent")]
    for item in sorted(found, key=lambda item: _SEVERITY.index(item.state)):
        tickets = against(item.signal, item.measurement)
        if tickets is not None:
            return _result("tickets", tickets, item, targets)
    return None


def _result(unit: str, total: int, item: SignalResult, targets: Mapping[str, Target]) -> BurdenResult:
    # What chance makes, no measure spares.
    certain = item.state not in ("not_enough_data", "not_computable") and (
        not item.signal.needs_excess or _exceeds_chance(item.details)
    )
    target = targets.get(str(item.signal.indicator))
    return borne(unit, total, item.signal, item.measurement, target=target, certain=certain)


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
    judged = [item for item in signals if item.signal.limit is not None]
    state = min((item.state for item in judged), key=_SEVERITY.index)
    leading = [
        item
        for item in judged
        if item.state == state and formula_of(item.signal, indicators).estimator not in _UNGROUPED
    ]
    if not leading:
        return ()
    worst, limit = leading[0], leading[0].signal.limit
    assert limit is not None
    formula = formula_of(worst.signal, indicators)
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
    return scan_groups(findings, watch=limit, direction=worst.signal.direction)


def _tells(estimate: Estimate, signal: Signal, minimum_n: int) -> bool:
    """Whether a group has enough cases, and a key, to be compared; a recurrence only where it exceeds chance."""
    measured = estimate.measurement
    if measured.value is None or measured.n < minimum_n or "too_many_without_key" in measured.flags:
        return False
    return not signal.needs_excess or _exceeds_chance(estimate.details)


def _exceeds_chance(details: Mapping[str, Any]) -> bool:
    """Whether a recurrence lies above what chance alone gives, its interval too."""
    return bool((details.get("excess_low") or 0) > 0)
