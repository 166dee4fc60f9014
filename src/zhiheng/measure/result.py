"""The result that every figure of the product is: a value with its n, interval, method and flags."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

NOT_ENOUGH_DATA = "not_enough_data"


@dataclass(frozen=True, slots=True)
class Measurement:
    """One figure. `value` is None where it cannot be computed; `flags` then say why, never a silent NaN.

    `unit` is "share" (0..1), "s", "h", "d", "count", "" for a pure number, ...; `n` the cases behind the value;
    `window` epoch seconds; `low` and `high` the interval of `method` at `confidence` (None: not defined,
    e.g. an upper limit not reached).
    """

    value: float | None
    unit: str
    n: int
    numerator: int | None = None
    denominator: int | None = None
    low: float | None = None
    high: float | None = None
    method: str = ""
    confidence: float = 0.95
    window: tuple[int, int] | None = None
    population: str = ""
    flags: tuple[str, ...] = ()

    @property
    def enough(self) -> bool:
        """Whether there is a value to show and no flag against showing it."""
        return self.value is not None and NOT_ENOUGH_DATA not in self.flags

    def flagged(self, *flags: str) -> Measurement:
        """The same figure with further flags, each once."""
        return replace(self, flags=tuple(dict.fromkeys((*self.flags, *flags))))

    def in_unit(self, unit: str, factor: float) -> Measurement:
        """The same figure in another unit: value and limits times `factor`."""
        return replace(
            self,
            unit=unit,
            value=None if self.value is None else self.value * factor,
            low=None if self.low is None else self.low * factor,
            high=None if self.high is None else self.high * factor,
        )

    def with_minimum(self, minimum_n: int) -> Measurement:
        """The same figure, flagged "not_enough_data" when fewer than `minimum_n` cases stand behind it."""
        return self.flagged(NOT_ENOUGH_DATA) if self.n < minimum_n else self

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return asdict(self)

    def __str__(self) -> str:
        notes = [f"n={self.n}"]
        if self.value is None:
            shown = "not computable"
        else:
            shown = _shown(self.value, self.unit)
            if self.low is not None or self.high is not None:
                limits = " … ".join("?" if v is None else _shown(v, self.unit) for v in (self.low, self.high))
                shown += f" [{limits}]"
                notes.append(f"{self.confidence:.0%} {self.method}".rstrip())
        return f"{shown} ({', '.join((*notes, *self.flags))})"


def not_enough(
    unit: str, *, n: int = 0, method: str = "", confidence: float = 0.95, population: str = ""
) -> Measurement:
    """The result that says there is not enough data."""
    return Measurement(
        value=None,
        unit=unit,
        n=n,
        method=method,
        confidence=confidence,
        population=population,
        flags=(NOT_ENOUGH_DATA,),
    )


def _shown(value: float, unit: str) -> str:
    return f"{value:.2%}" if unit == "share" else f"{value:,.4g} {unit}".rstrip()
