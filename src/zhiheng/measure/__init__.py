"""Pure statistics and process mining: arrays in, frozen results out. No Django, no I/O.

Every public name is loaded on first use (PEP 562), so `import zhiheng.measure` costs next to nothing and
loads no SciPy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zhiheng.measure import (
        calendar,
        clock,
        dependability,
        flow,
        importance,
        index,
        kano,
        proportion,
        psychometrics,
        sampling,
        satisfaction,
        service,
        servqual,
        spc,
        survival,
        trend,
    )
    from zhiheng.measure.errors import MeasureError
    from zhiheng.measure.result import Measurement

__all__ = [
    "MeasureError",
    "Measurement",
    "calendar",
    "clock",
    "dependability",
    "flow",
    "importance",
    "index",
    "kano",
    "proportion",
    "psychometrics",
    "sampling",
    "satisfaction",
    "service",
    "servqual",
    "spc",
    "survival",
    "trend",
]

_MODULES = frozenset(
    {
        "calendar",
        "clock",
        "dependability",
        "flow",
        "importance",
        "index",
        "kano",
        "proportion",
        "psychometrics",
        "sampling",
        "satisfaction",
        "service",
        "servqual",
        "spc",
        "survival",
        "trend",
    }
)
_NAMES = {"MeasureError": "errors", "Measurement": "result"}


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    if name in _NAMES:
        return getattr(import_module(f"{__name__}.{_NAMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
