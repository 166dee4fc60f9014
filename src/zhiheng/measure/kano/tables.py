"""The evaluation tables that turn a pair of Kano answers into a category, each with its version."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiheng.measure.arrays import Floats, Integers, matrix
from zhiheng.measure.errors import MeasureError

ANSWERS = ("like", "must_be", "neutral", "live_with", "dislike")
"""The answers in the order of their codes, 1 to 5."""

CATEGORIES = ("M", "O", "A", "I", "R", "Q")
"""Must-be, one-dimensional, attractive, indifferent, reverse, questionable: in the order that breaks ties."""


@dataclass(frozen=True, slots=True)
class EvaluationTable:
    """A 5 × 5 table: rows the functional answer, columns the dysfunctional one, cells a category letter."""

    name: str
    version: str
    source: str
    rows: tuple[str, str, str, str, str]

    def __post_init__(self) -> None:
        if len(self.rows) != 5 or any(len(row) != 5 for row in self.rows):
            raise MeasureError("table", "must have five rows of five categories")
        unknown = sorted(set("".join(self.rows)) - set(CATEGORIES))
        if unknown:
            raise MeasureError(
                "table", f"must use the letters {' '.join(CATEGORIES)} only, has {unknown[0]!r}"
            )

    @property
    def label(self) -> str:
        """Name and version, as results cite it."""
        return f"{self.name}-{self.version}"

    def codes(self) -> Integers:
        """The cells as positions in `CATEGORIES`."""
        return np.array([[CATEGORIES.index(cell) for cell in row] for row in self.rows], dtype=np.int64)

    def __str__(self) -> str:
        return f"{self.label}: " + " | ".join(self.rows)


BERGER = EvaluationTable(
    name="berger",
    version="1993",
    source="Berger et al. 1993, Center for Quality of Management Journal 2(4)",
    rows=("QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ"),
)
"""The customary table: only like/like and dislike/dislike contradict themselves."""

POULIOT = EvaluationTable(
    name="pouliot",
    version="1993",
    source="Pouliot 1993, Center for Quality of Management Journal 2(4)",
    rows=("QAAAO", "RQIIM", "RIIIM", "RIIQM", "RRRRQ"),
)
"""Also questions must-be/must-be and live-with/live-with."""

TABLES = {table.label: table for table in (BERGER, POULIOT)}


def find_table(table: EvaluationTable | str) -> EvaluationTable:
    """The table itself, or the shipped one of that label."""
    if isinstance(table, EvaluationTable):
        return table
    if table not in TABLES:
        raise MeasureError("table", f"must be one of {', '.join(TABLES)}, is {table!r}")
    return TABLES[table]


def answer_pairs(functional: object, dysfunctional: object) -> tuple[Floats, Floats]:
    """Both forms as respondents × features of codes 1 to 5; NaN in one form blanks the pair in both."""
    have, lack = (
        matrix(name, values, missing=True)
        for name, values in (("functional", functional), ("dysfunctional", dysfunctional))
    )
    if have.shape != lack.shape:
        raise MeasureError(
            "dysfunctional", f"must have the shape of functional {have.shape}, has {lack.shape}"
        )
    if not have.shape[1]:
        raise MeasureError("functional", "must have at least one feature (column)")
    for name, values in (("functional", have), ("dysfunctional", lack)):
        given = values[~np.isnan(values)]
        if not np.isin(given, (1, 2, 3, 4, 5)).all():
            raise MeasureError(name, "must hold the answer codes 1 to 5")
    absent = np.isnan(have) | np.isnan(lack)
    return np.where(absent, np.nan, have), np.where(absent, np.nan, lack)
