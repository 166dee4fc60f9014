"""Whatever small tables come in, survey figures are finite numbers or None, and no warning is raised."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiheng.measure import kano, psychometrics, servqual
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.result import Measurement

NAN = float("nan")


def numbers(result: object) -> Iterator[float]:
    """Every float anywhere in a result."""
    if isinstance(result, float):
        yield result
    elif is_dataclass(result):
        for field in fields(result):
            yield from numbers(getattr(result, field.name))
    elif isinstance(result, Mapping):
        for value in result.values():
            yield from numbers(value)
    elif isinstance(result, tuple):
        for value in result:
            yield from numbers(value)


def measurements(result: object) -> Iterator[Measurement]:
    """Every figure anywhere in a result."""
    if isinstance(result, Measurement):
        yield result
    elif is_dataclass(result):
        for field in fields(result):
            yield from measurements(getattr(result, field.name))
    elif isinstance(result, Mapping):
        for value in result.values():
            yield from measurements(value)
    elif isinstance(result, tuple):
        for value in result:
            yield from measurements(value)


@st.composite
def tables(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Two tables of answers 1 to 5 of one shape, sometimes constant, with gaps or next to nobody in them."""
    rows, columns = draw(st.sampled_from([0, 1, 2, 3, 4, 7, 12])), draw(st.integers(1, 5))
    random = np.random.default_rng(draw(st.integers(0, 10_000)))
    highest = draw(st.sampled_from([1, 2, 5]))
    pair = random.integers(1, highest + 1, (2, rows, columns)).astype(float)
    pair[random.random(pair.shape) < draw(st.sampled_from([0, 0, 0.2, 0.9]))] = NAN
    return pair[0], pair[1]


CALLS: dict[str, Callable[[np.ndarray, np.ndarray], object]] = {
    "alpha": lambda a, _: psychometrics.cronbach_alpha(a, missing="pairwise"),
    "alpha listwise": lambda a, _: psychometrics.cronbach_alpha(a, missing="listwise"),
    "omega": lambda a, _: psychometrics.mcdonald_omega(a, missing="listwise", seed=1, replicates=20),
    "omega pairwise": lambda a, _: psychometrics.mcdonald_omega(a, missing="pairwise"),
    "lambda 6": lambda a, _: psychometrics.guttman_lambda6(a, missing="pairwise"),
    "item rest": lambda a, _: psychometrics.item_rest(a, missing="pairwise"),
    "kmo": lambda a, _: psychometrics.kmo(a, missing="pairwise"),
    "bartlett": lambda a, _: psychometrics.bartlett_sphericity(a, missing="pairwise"),
    "parallel": lambda a, _: psychometrics.parallel_analysis(a, missing="listwise", seed=1, replicates=20),
    "icc": lambda a, _: psychometrics.icc(np.nan_to_num(a)),
    "rwg": lambda a, _: psychometrics.rwg(np.nan_to_num(a, nan=1), options=5),
    "krippendorff nominal": lambda a, _: psychometrics.krippendorff_alpha(
        a, level="nominal", seed=1, replicates=20
    ),
    "krippendorff ordinal": lambda a, _: psychometrics.krippendorff_alpha(
        a, level="ordinal", seed=1, replicates=20
    ),
    "krippendorff ratio": lambda a, _: psychometrics.krippendorff_alpha(
        a, level="ratio", seed=1, replicates=20
    ),
    "cohen": lambda a, b: psychometrics.cohen_kappa(
        np.nan_to_num(a)[:, 0], np.nan_to_num(b)[:, 0], weights="quadratic"
    ),
    "fleiss": lambda a, _: psychometrics.fleiss_kappa(
        np.nan_to_num(np.column_stack((a, 30 - np.nansum(a, axis=1))))
    ),
    "kr20": lambda a, _: psychometrics.kr20(a == 1),
    "questions": lambda a, _: psychometrics.item_analysis(a, key=(1,) * a.shape[1]),
    "gaps": lambda a, b: servqual.gap_analysis(a, b, dimensions=("x", "y", "x", "y", "z")[: a.shape[1]]),
    "gaps by bootstrap": lambda a, b: servqual.gap_analysis(
        a, b, dimensions=("x",) * a.shape[1], weights=(100,), interval="bootstrap", seed=1, replicates=20
    ),
    "servperf": lambda a, _: servqual.servperf(a, dimensions=("x",) * a.shape[1]),
    "zone": lambda a, b: servqual.zone_of_tolerance(a, b, np.fmax(a, b), dimensions=("x",) * a.shape[1]),
    "knowledge": lambda a, b: servqual.knowledge_gap(a, b, dimensions=("x",) * a.shape[1]),
    "technical": lambda a, b: servqual.technical_vs_perceived(np.nan_to_num(a)[:, 0], np.nan_to_num(b)[:, 0]),
    "kano": lambda a, b: kano.classify(a, b, seed=1, replicates=20),
    "kano continuous": kano.continuous_kano,
    "penalty": lambda a, b: kano.penalty_reward(np.nan_to_num(a), np.nan_to_num(b)[:, 0], low=1, high=3),
}
TOO_FEW_COLUMNS = {
    "alpha",
    "alpha listwise",
    "omega",
    "omega pairwise",
    "lambda 6",
    "item rest",
    "kmo",
    "bartlett",
}
TOO_FEW_COLUMNS |= {"parallel", "icc", "kr20"}


@pytest.mark.parametrize("name", list(CALLS))
@settings(max_examples=25, deadline=None)
@given(pair=tables())
def test_figures_are_finite_or_none(name: str, pair: tuple[np.ndarray, np.ndarray]) -> None:
    try:
        result = CALLS[name](*pair)
    except MeasureError as refused:
        assert name in TOO_FEW_COLUMNS, refused
        assert pair[0].shape[1] < 3
        return
    assert all(math.isfinite(number) for number in numbers(result))
    assert str(result)
    for figure in measurements(result):
        assert figure.value is not None or figure.flags, "a figure without a value says why"
        if figure.value is not None and figure.low is not None and figure.high is not None:
            assert figure.low <= figure.high + 1e-9
