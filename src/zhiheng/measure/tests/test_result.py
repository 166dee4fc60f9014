"""Figures, errors and the checks at the door."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys

import numpy as np
import pytest

import zhiheng.measure
from zhiheng import measure
from zhiheng.measure import MeasureError, Measurement
from zhiheng.measure.arrays import booleans, check_confidence, column, count, floats, same_length, seconds
from zhiheng.measure.result import not_enough

SHARE = Measurement(0.5, "share", 40, numerator=20, denominator=40, low=0.35, high=0.65, method="wilson")


def test_a_figure_prints_itself_with_its_n_interval_and_flags() -> None:
    assert str(SHARE) == "50.00% [35.00% … 65.00%] (n=40, 95% wilson)"
    assert str(SHARE.with_minimum(50)) == "50.00% [35.00% … 65.00%] (n=40, 95% wilson, not_enough_data)"
    assert str(Measurement(1234.56, "h", 3)) == "1,235 h (n=3)"
    assert str(Measurement(2.0, "h", 3, low=1.0)) == "2 h [1 h … ?] (n=3, 95%)"
    assert str(not_enough("h")) == "not computable (n=0, not_enough_data)"


def test_a_figure_knows_whether_it_may_be_shown() -> None:
    assert SHARE.enough
    assert SHARE.with_minimum(40) == SHARE
    assert not SHARE.with_minimum(41).enough
    assert not not_enough("share").enough
    assert SHARE.flagged("a", "b", "a").flagged("a").flags == ("a", "b")


def test_a_figure_changes_its_unit_with_its_interval() -> None:
    hours = Measurement(7200, "s", 5, low=3600, high=None).in_unit("h", 1 / 3600)
    assert (hours.unit, hours.value, hours.low, hours.high) == ("h", 2.0, 1.0, None)
    assert not_enough("s").in_unit("h", 1 / 3600).value is None
    assert Measurement(1, "s", 5, high=3600).in_unit("h", 1 / 3600).high == 1.0


def test_a_figure_is_plain_data() -> None:
    assert json.loads(json.dumps(SHARE.as_dict()))["low"] == 0.35


def test_an_error_names_argument_and_rule_and_travels_between_processes() -> None:
    error = pickle.loads(pickle.dumps(MeasureError("n", "must not be below 0")))
    assert (error.argument, error.rule, str(error)) == ("n", "must not be below 0", "n: must not be below 0")
    assert isinstance(error, ValueError)


@pytest.mark.parametrize(
    ("check", "rule"),
    [
        (lambda: column("x", [[1]]), "must be one-dimensional, has 2 dimensions"),
        (lambda: column("x", 5), "must be one-dimensional, has 0 dimensions"),
        (lambda: floats("x", ["a"]), "must hold numbers only"),
        (lambda: floats("x", [1.0, float("nan")]), "must be finite"),
        (lambda: floats("x", [float("inf")]), "must be finite"),
        (lambda: floats("x", [-1, 2], minimum=0), "must not be below 0, found -1"),
        (lambda: seconds("x", [1.5]), "must hold whole seconds"),
        (lambda: seconds("x", [float("nan")]), "must be finite"),
        (lambda: seconds("x", ["2026-01-01"]), "must hold whole seconds"),
        (lambda: seconds("x", np.array([None])), "must hold whole seconds"),
        (lambda: booleans("x", [0, 2]), "must hold true and false only"),
        (lambda: booleans("x", ["yes"]), "must hold true and false only"),
        (lambda: same_length(a=np.zeros(2), x=np.zeros(3)), r"must be as long as a \(2\), has 3"),
        (lambda: count("x", 1.0), "must be a whole number"),  # type: ignore[arg-type]
        (lambda: count("x", True), "must be a whole number"),
        (lambda: count("x", -1), "must not be below 0"),
    ],
)
def test_what_comes_in_is_checked(check: object, rule: str) -> None:
    with pytest.raises(MeasureError, match=f"^x: {rule}"):
        check()  # type: ignore[operator]


def test_good_input_becomes_arrays() -> None:
    assert floats("x", [True, 2]).tolist() == [1.0, 2.0]
    assert floats("x", []).size == seconds("x", []).size == booleans("x", []).size == 0
    assert seconds("x", [1.0, 2.0]).tolist() == [1, 2]
    assert seconds("x", np.array([3], dtype=np.uint8)).dtype == np.int64
    assert booleans("x", [0, 1]).tolist() == booleans("x", [False, True]).tolist() == [False, True]
    assert count("x", np.int64(3)) == 3  # type: ignore[arg-type]
    assert check_confidence(0.9) == 0.9
    for level in (0.0, 1.0, float("nan")):
        with pytest.raises(MeasureError, match="confidence"):
            check_confidence(level)


def test_names_are_found_on_first_use() -> None:
    assert set(dir(zhiheng.measure)) == set(zhiheng.measure.__all__)
    assert zhiheng.measure.survival.__name__ == "zhiheng.measure.survival"
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        zhiheng.measure.nonsense  # noqa: B018


LOADED = "import sys; print([m for m in sys.modules if m.split('.')[0] in {names!r}])"


@pytest.mark.parametrize("statement", ["import zhiheng.measure", "from zhiheng.measure import {modules}"])
def test_importing_loads_neither_django_nor_scipy_nor_sklearn(statement: str) -> None:
    modules = ", ".join(name for name in zhiheng.measure.__all__ if name.islower())
    heavy = ("django", "scipy", "sklearn", "pandas", "statsmodels")
    code = f"{statement.format(modules=modules)}\n{LOADED.format(names=heavy)}"
    # A fresh interpreter without this one's plug-ins.
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "[]"


def test_the_bare_import_does_not_even_load_numpy() -> None:
    code = f"import zhiheng.measure\n{LOADED.format(names=('numpy',))}"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", [name for name in zhiheng.measure.__all__ if name.islower()])
def test_a_module_is_loaded_when_it_is_first_named(name: str) -> None:
    # Asked of the function itself: once a module was imported anywhere, Python never asks again.
    module = measure.__getattr__(name)
    assert getattr(module, "__name__", "") == f"zhiheng.measure.{name}"
