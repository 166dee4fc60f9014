"""What a composite index is made of, as data: indicators, groups, weights, veto rules, and the hash of it all."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from zhiheng.measure.errors import MeasureError
from zhiheng.measure.index.scales import Scale, scale_document, scale_of_document

Aggregate = Literal["arithmetic", "geometric", "minimum"]
Missing = Literal["renormalise", "fail"]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator: the scale that makes points of its value, its weight in its group, the cases it needs."""

    name: str
    scale: Scale
    weight: float = 1.0
    minimum_n: int = 1


@dataclass(frozen=True, slots=True)
class Group:
    """Indicators and groups with weights that sum to 1, and how they become one figure.

    `aggregate`: "arithmetic" (a weak member is made up for in full), "geometric" (in part; members below 1
    point count as 1) or "minimum" (not at all; weights do not matter). A member without a value is left out
    and the weights of the others scaled up ("renormalise"), or the group has none ("fail"); with fewer than
    `at_least` members it has none either.
    """

    name: str
    members: tuple[Indicator | Group, ...]
    weight: float = 1.0
    aggregate: Aggregate = "arithmetic"
    missing: Missing = "renormalise"
    at_least: int = 1

    def __post_init__(self) -> None:
        if not self.members:
            raise MeasureError("members", f"of {self.name!r} must not be empty")
        if self.aggregate not in ("arithmetic", "geometric", "minimum"):
            raise MeasureError("aggregate", f"must not be {self.aggregate!r}")
        if self.missing not in ("renormalise", "fail"):
            raise MeasureError("missing", f'must be "renormalise" or "fail", is {self.missing!r}')
        if not 1 <= self.at_least <= len(self.members):
            raise MeasureError("at_least", f"of {self.name!r} must lie between 1 and {len(self.members)}")
        weights = [member.weight for member in self.members]
        if not all(math.isfinite(weight) and weight >= 0 for weight in weights):
            raise MeasureError("weight", f"of every member of {self.name!r} must be finite and not below 0")
        if abs(math.fsum(weights) - 1) > 1e-9:
            raise MeasureError(
                "weight", f"must sum to 1 over the members of {self.name!r}, sums to {math.fsum(weights):g}"
            )

    def indicators(self) -> Iterator[Indicator]:
        """All indicators below, in order."""
        for member in self.members:
            if isinstance(member, Group):
                yield from member.indicators()
            else:
                yield member

    def groups(self) -> Iterator[Group]:
        """This group and all below, in order."""
        yield self
        for member in self.members:
            if isinstance(member, Group):
                yield from member.groups()


@dataclass(frozen=True, slots=True)
class Veto:
    """A red line: the index is at most `cap` points while the input `name` is above or below a limit.

    `name` is an indicator of the index or any other input, in its own unit.
    """

    name: str
    cap: float
    above: float | None = None
    below: float | None = None

    def __post_init__(self) -> None:
        if (self.above is None) == (self.below is None):
            raise MeasureError("above", "must be given, or below instead of it")
        if not all(math.isfinite(value) for value in (self.cap, self.above or 0.0, self.below or 0.0)):
            raise MeasureError("cap", "must like the limit be finite")

    def broken(self, value: float) -> bool:
        """Whether this value crosses the line."""
        return (self.above is not None and value > self.above) or (
            self.below is not None and value < self.below
        )


@dataclass(frozen=True, slots=True)
class IndexDefinition:
    """A version of an index. Whatever changes a value is in here, and in the hash.

    `about` holds what the index's owner adds as text: population filter, effective dates, names in two
    languages, who approved it.
    """

    name: str
    version: str
    root: Group
    vetoes: tuple[Veto, ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for kind, names in (
            ("indicators", [indicator.name for indicator in self.root.indicators()]),
            ("groups", [group.name for group in self.root.groups()]),
        ):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise MeasureError("root", f"must not name two {kind} {twice[0]!r}")

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """All indicators in order; the columns of every table."""
        return tuple(self.root.indicators())

    @property
    def document(self) -> dict[str, Any]:
        """The definition as plain data for JSON."""
        return {
            "name": self.name,
            "version": self.version,
            "root": _group_document(self.root),
            "vetoes": [_veto_document(veto) for veto in self.vetoes],
            "about": dict(self.about),
        }

    @property
    def hash(self) -> str:
        """SHA-256 of the document as canonical JSON (keys sorted, no blanks, shortest decimal of each float)."""
        return document_hash(self.document)


def definition_of_document(document: Mapping[str, Any]) -> IndexDefinition:
    """The definition that a document describes.

    `document` is plain data, as `IndexDefinition.document` writes it: the same definition, with the same hash.
    Unit: none. Errors: a document without the fields of a definition, an unknown scale.
    """
    try:
        return IndexDefinition(
            name=document["name"],
            version=document["version"],
            root=_group(document["root"]),
            vetoes=tuple(Veto(**veto) for veto in document["vetoes"]),
            about=dict(document["about"]),
        )
    except (KeyError, TypeError) as wrong:
        raise MeasureError("document", f"must have the fields of a definition: {wrong}") from wrong


def document_hash(document: object) -> str:
    """SHA-256 of plain data in one canonical form."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _group_document(group: Group) -> dict[str, Any]:
    return {
        "name": group.name,
        "weight": float(group.weight),
        "aggregate": group.aggregate,
        "missing": group.missing,
        "at_least": group.at_least,
        "members": [
            _group_document(member) if isinstance(member, Group) else _indicator_document(member)
            for member in group.members
        ],
    }


def _indicator_document(indicator: Indicator) -> dict[str, Any]:
    return {
        "name": indicator.name,
        "weight": float(indicator.weight),
        "minimum_n": indicator.minimum_n,
        "scale": scale_document(indicator.scale),
    }


def _veto_document(veto: Veto) -> dict[str, Any]:
    return {
        "name": veto.name,
        "cap": float(veto.cap),
        "above": None if veto.above is None else float(veto.above),
        "below": None if veto.below is None else float(veto.below),
    }


def _group(document: Mapping[str, Any]) -> Group:
    fields = {name: value for name, value in document.items() if name != "members"}
    members = tuple(
        _group(member) if "members" in member else _indicator(member) for member in document["members"]
    )
    return Group(members=members, **fields)


def _indicator(document: Mapping[str, Any]) -> Indicator:
    fields = {name: value for name, value in document.items() if name != "scale"}
    return Indicator(scale=scale_of_document(document["scale"]), **fields)
