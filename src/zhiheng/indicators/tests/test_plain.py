"""Answers written as plain values are read back equal, to the bit, and as the same kinds of value."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.indicators.queries.plain import classes_in, from_plain, name_of, to_plain


@dataclass(frozen=True, slots=True)
class Inner:
    value: float | None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Outer:
    items: tuple[Inner, ...]
    by: dict[str, Inner]


CLASSES = classes_in(dict[str, Outer])
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.dates()
keys = st.text() | st.integers() | st.tuples(st.text(), st.integers())
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(keys, inner)
        | st.builds(Inner, st.floats(allow_nan=False), st.none() | st.dates())
    ),
    max_leaves=20,
)


def there_and_back(value: Any) -> Any:
    return from_plain(json.loads(json.dumps(to_plain(value))), CLASSES)


@given(values)
def test_a_value_comes_back_as_it_was(value: Any) -> None:
    # repr tells 1 from 1.0 and True, a tuple from a list, and every bit of a float.
    assert repr(there_and_back(value)) == repr(value)


def test_every_class_that_a_type_is_made_of_is_found() -> None:
    assert set(CLASSES) == {name_of(Outer), name_of(Inner)}
    value = Outer((Inner(0.1 + 0.2), Inner(None)), {"a": Inner(-0.0, date(2026, 5, 1))})
    found = there_and_back(value)
    assert found == value
    assert math.copysign(1, found.by["a"].value) == -1


@given(st.frozensets(st.text()))
def test_a_set_comes_back_as_it_was(value: frozenset[str]) -> None:
    found = there_and_back(value)
    assert found == value
    assert isinstance(found, frozenset)


def test_numbers_of_numpy_become_numbers() -> None:
    assert to_plain((np.float64(0.1), np.int64(3), np.bool_(True))) == {"tuple": [0.1, 3, True]}


def test_what_no_answer_is_made_of_is_refused() -> None:
    with pytest.raises(TypeError, match="object"):
        to_plain([object()])
    with pytest.raises(KeyError):
        from_plain({"os.system": ["true"]}, CLASSES)
