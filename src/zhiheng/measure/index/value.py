"""One value of a composite index, with everything it takes to explain it and to compute it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhiheng.measure.index.definition import IndexDefinition
from zhiheng.measure.result import Measurement

METHOD = "composite-1"
"""How values follow from definition and inputs; a change of the arithmetic is a new name, which `replay` shows."""


@dataclass(frozen=True, slots=True)
class Input:
    """What went in for one indicator or veto rule: the value in its own unit, its n and limits if known."""

    name: str
    value: float | None
    n: int | None = None
    low: float | None = None
    high: float | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contribution:
    """One indicator's line: `points` it brings to the index = `weight` it really had × `score` (arithmetic groups).

    `nominal` is the weight it has when nothing is missing. A missing indicator has no score and brings nothing.
    """

    name: str
    path: tuple[str, ...]
    value: float | None
    score: float | None
    nominal: float
    weight: float
    points: float
    n: int | None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupValue:
    """One group's line: its own value (None: not enough data), its weight in the index and the points it brings."""

    name: str
    value: float | None
    weight: float
    points: float
    present: int
    members: int


@dataclass(frozen=True, slots=True)
class IndexValue:
    """A value of an index. `figure.n` counts the indicators that have a value.

    The points of the contributions and `veto_points` add up to the value exactly: their exactly rounded sum
    (`math.fsum`) is the value, bit for bit.
    """

    figure: Measurement
    contributions: tuple[Contribution, ...]
    groups: tuple[GroupValue, ...]
    vetoes: tuple[str, ...]
    veto_points: float
    definition: IndexDefinition
    definition_hash: str
    inputs: tuple[Input, ...]
    input_hash: str
    snapshot: str

    @property
    def value(self) -> float | None:
        """The index in points, None where there is not enough data."""
        return self.figure.value

    @property
    def record(self) -> dict[str, Any]:
        """Plain data to store: definition, inputs and result, floats in hexadecimal, for `replay`."""
        return {
            "method": METHOD,
            "definition": self.definition.document,
            "definition_hash": self.definition_hash,
            "snapshot": self.snapshot,
            "confidence": self.figure.confidence,
            "inputs": [input_document(given) for given in self.inputs],
            "input_hash": self.input_hash,
            "result": self.result_document,
        }

    @property
    def result_document(self) -> dict[str, Any]:
        """The result alone, every float in hexadecimal."""
        figure = self.figure
        return {
            "value": hexadecimal(figure.value),
            "low": hexadecimal(figure.low),
            "high": hexadecimal(figure.high),
            "n": figure.n,
            "flags": list(figure.flags),
            "contributions": {line.name: line.points.hex() for line in self.contributions},
            "groups": {line.name: hexadecimal(line.value) for line in self.groups},
            "vetoes": list(self.vetoes),
            "veto_points": self.veto_points.hex(),
        }

    def __str__(self) -> str:
        lines = [f"{self.definition.name} {self.definition.version}: {self.figure}"]
        for line in self.contributions:
            score = "no value" if line.score is None else f"{line.score:.2f} × {line.weight:.4f}"
            lines.append(f"  {line.points:7.3f}  {line.name} ({score})")
        if self.vetoes:
            lines.append(f"  {self.veto_points:7.3f}  red line: {', '.join(self.vetoes)}")
        lines.append(f"  definition {self.definition_hash[:12]}, inputs {self.input_hash[:12]}")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Replay:
    """A stored record computed again: `same` when every bit is, else `differences` names what is not."""

    same: bool
    differences: tuple[str, ...]
    value: IndexValue

    def __str__(self) -> str:
        if self.same:
            return f"replayed to the same bits: {self.value.figure}"
        return f"not the same: {', '.join(self.differences)}"


def input_document(given: Input) -> dict[str, Any]:
    """One input as plain data, floats in hexadecimal."""
    return {
        "name": given.name,
        "value": hexadecimal(given.value),
        "n": given.n,
        "low": hexadecimal(given.low),
        "high": hexadecimal(given.high),
        "flags": list(given.flags),
    }


def input_of_document(document: Mapping[str, Any]) -> Input:
    """The input that a document describes."""
    value, low, high = (
        None if document[name] is None else float.fromhex(document[name]) for name in ("value", "low", "high")
    )
    return Input(document["name"], value, document["n"], low, high, tuple(document["flags"]))


def hexadecimal(value: float | None) -> str | None:
    """Every bit of a float as text."""
    return None if value is None else float(value).hex()
