"""The bootstrap, means of one column and Holm's adjustment."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from zhiheng.measure import resampling
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.means import mean_measurement
from zhiheng.measure.multiplicity import holm
from zhiheng.measure.resampling import bootstrap_counts, percentile_interval


def test_every_replicate_draws_as_many_as_there_are() -> None:
    (counts,) = bootstrap_counts(7, replicates=500, seed=1)
    assert counts.shape == (500, 7)
    assert (counts.sum(axis=1) == 7).all()
    # Each count is binomial (7, 1/7): mean 1, variance 6/7.
    assert counts.mean() == 1
    assert counts.var() == pytest.approx(6 / 7, rel=0.05)


def test_the_same_seed_gives_the_same_counts_to_the_bit() -> None:
    one, two, other = (next(bootstrap_counts(9, replicates=50, seed=seed)) for seed in (3, 3, 4))
    assert one.tobytes() == two.tobytes()
    assert one.tobytes() != other.tobytes()


def test_blocks_bound_memory_and_hold_all_replicates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resampling, "BLOCK_CELLS", 20)
    blocks = list(bootstrap_counts(6, replicates=10, seed=1))
    assert [block.shape[0] for block in blocks] == [3, 3, 3, 1]
    (whole,) = list(bootstrap_counts(40, replicates=1, seed=1))
    assert whole.sum() == 40


@pytest.mark.parametrize(
    ("seed", "replicates", "argument"),
    [(-1, 5, "seed"), (1.5, 5, "seed"), (1, 0, "replicates"), (1, True, "replicates")],
)
def test_seed_and_replicates_are_whole_numbers(seed: int, replicates: int, argument: str) -> None:
    with pytest.raises(MeasureError) as caught:
        next(bootstrap_counts(5, replicates=replicates, seed=seed))
    assert caught.value.argument == argument


def test_percentile_intervals_leave_out_what_is_not_defined() -> None:
    drawn = np.arange(101.0)
    assert percentile_interval(drawn, confidence=0.9) == pytest.approx((5, 95))
    half = np.concatenate((drawn, np.full(101, np.nan)))
    assert percentile_interval(half, confidence=0.9) == pytest.approx((5, 95))
    assert percentile_interval(np.append(half, np.nan), confidence=0.9) == (None, None)
    assert percentile_interval(np.empty(0), confidence=0.9) == (None, None)


def test_means_against_scipy() -> None:
    values = np.random.default_rng(2).normal(3, 2, 25)
    figure = mean_measurement(values, "h", confidence=0.9, population="all")
    low, high = stats.t.interval(0.9, 24, loc=values.mean(), scale=stats.sem(values))
    assert (figure.low, figure.high) == pytest.approx((low, high), abs=1e-9)
    assert (figure.unit, figure.n, figure.method, figure.population) == ("h", 25, "student-t", "all")
    assert mean_measurement(values[:1], "h").flags == ("no_interval",)
    assert mean_measurement(values[:0], "h").flags == ("not_enough_data",)


@pytest.mark.slow
def test_holm_against_statsmodels() -> None:
    random = np.random.default_rng(6)
    for size in (1, 5, 22):
        p_values = random.random(size) ** 3
        p_values[random.integers(0, size)] = p_values[0]  # a tie now and then
        assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1], abs=1e-12)
    # Holm 1979 by hand: .005 · 4, .01 · 3, .03 · 2, and .04, which may not fall below the one before.
    assert holm([0.01, 0.04, 0.03, 0.005]).tolist() == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]).size == 0


def test_p_values_lie_between_0_and_1() -> None:
    for bad in ([1.5], [-0.1], [float("nan")]):
        with pytest.raises(MeasureError, match="p_values"):
            holm(bad)
