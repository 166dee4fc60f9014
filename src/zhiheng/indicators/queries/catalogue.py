"""The definitions in force, loaded once a process."""

from __future__ import annotations

from functools import cache

from zhiheng.definitions.definition import Defect, Indicator
from zhiheng.definitions.loader import load_defects, load_indicators


@cache
def indicators() -> dict[str, Indicator]:
    """The indicators of the catalogue, by id."""
    return load_indicators()


@cache
def defects() -> dict[str, Defect]:
    """The common defects of the catalogue, by id."""
    return load_defects()
