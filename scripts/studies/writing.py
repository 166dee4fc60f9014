"""Numbers and tables as the texts of the studies show them, in English and Chinese."""

from __future__ import annotations

import inspect
import math
import textwrap
from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from zhiheng.measure import Measurement

Language = Literal["en", "zh"]


def share(value: float | None, digits: int = 1) -> str:
    """A share in per cent."""
    return "–" if value is None else f"{signed(100 * value, digits)} %"


def number(value: float | None, digits: int = 2) -> str:
    """A number with so many digits after the point."""
    return "–" if value is None else signed(value, digits)


def signed(value: float, digits: int) -> str:
    """Thousands apart, a true minus, and no minus before a number that is shown as zero."""
    shown = f"{abs(value):,.{digits}f}"
    negative = value < 0 and any(digit not in "0.," for digit in shown)
    return f"−{shown}" if negative else shown


def interval(figure: Measurement, digits: int = 2, *, factor: float = 1.0, unit: str = "") -> str:
    """A figure with its limits: 1.85 [1.61, 2.09]."""
    if figure.value is None:
        return "–"
    limits = [None if limit is None else limit * factor for limit in (figure.low, figure.high)]
    low, high = ("…" if limit is None else signed(limit, digits) for limit in limits)
    return f"{signed(figure.value * factor, digits)}{unit} [{low}, {high}]"


def p_value(p: float | None) -> str:
    """A p-value; nobody can use more than "below 0.001"."""
    if p is None:
        return "–"
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; all columns but the first are numbers and stand to the right."""
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, rule, *rows))


def code(*functions: Callable[..., object]) -> str:
    """The source of what was run, so that the example is the study itself."""
    source = "\n\n".join(textwrap.dedent(inspect.getsource(function)).rstrip() for function in functions)
    return f"```python\n{source}\n```"


def listed(names: Sequence[str], language: Language) -> str:
    """Names in a row, quoted."""
    if language == "zh":
        return "、".join(f"“{name}”" for name in names)
    quoted = [f"“{name}”" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def ticks(low: float, high: float, step: float, digits: int = 0, unit: str = "") -> list[tuple[float, str]]:
    """Marks of an axis at the multiples of `step`."""
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [(k * step, f"{signed(k * step, digits)}{unit}") for k in range(first, last + 1)]
