"""What customers bear because of a defect, and how much of it meeting the target in force would have spared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zhiheng.definitions.definition import Burden, Signal, Target
from zhiheng.definitions.query import Facts, Window, compose
from zhiheng.definitions.targets import bound_limit

if TYPE_CHECKING:  # loading it takes longer than many a report needs
    import duckdb

    from zhiheng.measure.result import Measurement


@dataclass(frozen=True, slots=True)
class BurdenResult:
    """What customers bore in the window, and how much of it meeting the target would have spared, with interval."""

    unit: str
    total: int
    avoidable: float | None
    low: float | None
    high: float | None


def counted_burden(
    connection: duckdb.DuckDBPyConnection,
    burden: Burden,
    *,
    window: Window,
    facts: Facts,
    target: Target | None,
    unit: str,
) -> int | None:
    """Waiting seconds above the target in force (given in `unit`), or affected tickets; None where a column lacks."""
    if facts.missing(burden.needs):
        return None
    query = compose(
        burden.sql,
        facts=facts,
        scope="all",
        filters=window.filters,
        kinds=burden.kinds,
        exempt=window.exempt,
        parameters=window.parameters | bound_limit(target, unit),
    )
    _, found = query.execute(connection)
    return int(found[0][0] or 0) if found else 0


def against(signal: Signal, figure: Measurement) -> int | None:
    """The tickets that a share counts against the service; None for any other figure."""
    if figure.numerator is None or figure.denominator is None or figure.unit != "share":
        return None
    return figure.denominator - figure.numerator if signal.direction == "down" else figure.numerator


def borne(
    unit: str, total: int, signal: Signal, figure: Measurement, *, target: Target | None, certain: bool
) -> BurdenResult:
    """The burden with what meeting the target spares; nothing is said to be spared where that is not `certain`."""
    aim = _aim(signal, target)
    if not certain or figure.value is None or aim is None:
        return BurdenResult(unit, total, None, None, None)
    spared = [
        None if part is None else total * _spared(part, signal, aim)
        for part in (figure.value, figure.low, figure.high)
    ]
    ends = sorted(part for part in spared[1:] if part is not None)
    return BurdenResult(unit, total, spared[0], ends[0] if ends else None, ends[-1] if ends else None)


def _aim(signal: Signal, target: Target | None) -> float | None:
    """What the figure should be: the target in force, else the threshold of the signal."""
    if target is not None and target.aim is not None:
        return target.aim
    if signal.relative_to is not None and signal.limit is not None:
        return signal.relative_to * (1 + signal.limit)
    return signal.limit


def _spared(value: float, signal: Signal, aim: float) -> float:
    """1 − target ÷ current, both counted in the bad direction; nothing is spared where the target is met."""
    if signal.relative_to is not None:
        current, target = signal.relative_to * (1 + value), aim
    elif signal.direction == "down":
        current, target = 1 - value, 1 - aim
    else:
        current, target = value, aim
    return max(0.0, 1 - target / current) if current > 0 else 0.0
