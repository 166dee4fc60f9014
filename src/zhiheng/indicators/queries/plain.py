"""Answers as plain values and back: what a kept answer says when it is read is equal, to the bit, to what was computed.

JSON writes a float with as many digits as it takes to read the same one again. What JSON does not tell apart is named
in a wrapper: tuples, sets, dictionaries (their keys need not be texts), days and the frozen values of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any, get_args, get_type_hints

import numpy as np

Classes = Mapping[str, type[Any]]
# What JSON carries as it is, and tells apart: nearly all of an answer, so it is asked for first.
AS_IT_IS = frozenset({type(None), bool, int, float, str})


def to_plain(value: Any) -> Any:
    """The value as JSON can carry it. Raises TypeError for a kind of value that no answer is made of."""
    if type(value) in AS_IT_IS:
        return value
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list):
        return [to_plain(item) for item in value]
    if isinstance(value, tuple):
        return {"tuple": [to_plain(item) for item in value]}
    if isinstance(value, frozenset):
        return {"set": [to_plain(item) for item in sorted(value)]}
    if isinstance(value, Mapping):
        return {"dict": [[to_plain(key), to_plain(item)] for key, item in value.items()]}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if is_dataclass(value) and not isinstance(value, type):
        return {name_of(type(value)): [to_plain(getattr(value, name)) for name in _field_names(type(value))]}
    raise TypeError(f"an answer cannot hold {type(value).__name__}")


def from_plain(plain: Any, classes: Classes) -> Any:
    """The value again. Only the named classes are made, whatever the text says; raises KeyError for another."""
    if type(plain) in AS_IT_IS:
        return plain
    if isinstance(plain, list):
        return [from_plain(item, classes) for item in plain]
    if not isinstance(plain, dict):
        return plain
    ((name, inside),) = plain.items()
    if name == "tuple":
        return tuple(from_plain(item, classes) for item in inside)
    if name == "set":
        return frozenset(from_plain(item, classes) for item in inside)
    if name == "dict":
        return {from_plain(key, classes): from_plain(item, classes) for key, item in inside}
    if name == "date":
        return date.fromisoformat(inside)
    return classes[name](*(from_plain(item, classes) for item in inside))


@cache
def _field_names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@cache
def name_of(kind: type[Any]) -> str:
    """The name a class goes by in a kept answer."""
    return f"{kind.__module__}.{kind.__qualname__}"


def classes_in(annotation: Any) -> dict[str, type[Any]]:
    """The dataclasses that a type is made of, however deep, by name."""
    found: dict[str, type[Any]] = {}
    waiting = [annotation]
    while waiting:
        kind = waiting.pop()
        waiting += get_args(kind)
        if isinstance(kind, type) and is_dataclass(kind) and name_of(kind) not in found:
            found[name_of(kind)] = kind
            waiting += get_type_hints(kind).values()
    return found
