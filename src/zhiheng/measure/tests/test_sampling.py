"""Sizes of audit samples against SciPy's hypergeometric, and the stratified draw: fair, stored, repeatable."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom

from zhiheng.measure.errors import MeasureError
from zhiheng.measure.oracles import Oracle
from zhiheng.measure.oracles.sampling import ORACLES
from zhiheng.measure.sampling import (
    discovery_limit,
    discovery_sample_size,
    hypergeometric_sample_size,
    multi_site_sample_size,
    stratified_sample,
)

TEAMS = ["first line"] * 60 + ["network"] * 30 + ["database"] * 10


@pytest.mark.parametrize("oracle", ORACLES, ids=lambda oracle: oracle.name)
def test_published_figures(oracle: Oracle) -> None:
    assert oracle.agrees, f"{oracle.value} against {oracle.published}"


@settings(max_examples=50, deadline=None)
@given(st.floats(0.001, 0.5), st.floats(0.5, 0.999))
def test_a_discovery_sample_is_the_smallest_that_will_do(rate: float, confidence: float) -> None:
    size = discovery_sample_size(rate=rate, confidence=confidence)
    assert (1 - rate) ** size.whole <= (1 - confidence) * (1 + 1e-6)
    assert size.whole == 1 or (1 - rate) ** (size.whole - 1) > (1 - confidence) * (1 - 1e-6)
    assert size.reached == pytest.approx(1 - (1 - rate) ** size.whole)
    # The same statement read backwards: so many cases without a wrong one put the limit at the rate or below.
    assert (discovery_limit(size.whole, confidence=confidence).high or 1) <= rate * (1 + 1e-6)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 400), st.floats(0.01, 0.9), st.integers(0, 3), st.floats(0.5, 0.99))
def test_the_finite_sample_against_scipy(lot: int, rate: float, acceptable: int, confidence: float) -> None:
    wrong = max(math.ceil(rate * lot - 1e-9), 1)
    if acceptable >= wrong:
        return
    size = hypergeometric_sample_size(lot, rate=rate, acceptable=acceptable, confidence=confidence)
    chance = hypergeom.cdf(acceptable, lot, wrong, np.arange(lot + 1))
    assert size.whole == int(np.flatnonzero(chance <= (1 - confidence) * (1 + 1e-9))[0])
    assert size.reached == pytest.approx(1 - chance[size.whole], abs=1e-9)


def test_a_large_lot_needs_what_an_unlimited_one_does() -> None:
    assert hypergeometric_sample_size(2_000_000, rate=0.05).whole == 59
    small = hypergeometric_sample_size(100, rate=0.05)
    # By hand: C(95, 45) / C(100, 45) = 55·54·53·52·51 / (100·99·98·97·96) = 0.0462; one fewer 0.0509.
    assert (small.whole, round(1 - small.reached, 4)) == (45, 0.0462)
    assert str(small) == "45 of 100 with at most 0 wrong: fewer than 5.0% are wrong (confidence 95.38%)"
    assert str(discovery_sample_size(rate=0.05)).startswith("59 with at most 0 wrong")


def test_what_a_sample_without_a_finding_shows() -> None:
    figure = discovery_limit(300, population="audit 2026")
    assert (figure.value, figure.low, figure.numerator, figure.denominator) == (0, 0, 0, 300)
    assert figure.high == pytest.approx(3 / 300, rel=0.01)
    assert figure.population == "audit 2026"
    assert discovery_limit(0).flags == ("not_enough_data",)


@pytest.mark.parametrize(
    ("sites", "stage", "visits"),
    [
        (1, "initial", 1),
        (10, "initial", 4),
        (100, "initial", 10),
        (100, "surveillance", 6),
        (50, "surveillance", 5),
        (100, "recertification", 8),
        (2, "surveillance", 1),
    ],
)
def test_sites_to_visit(sites: int, stage: str, visits: int) -> None:
    assert multi_site_sample_size(sites, stage=stage) == visits  # type: ignore[arg-type]


def test_a_proportional_sample() -> None:
    sample = stratified_sample(TEAMS, size=20, seed=20260601)
    assert {s.name: s.n for s in sample.strata} == {"first line": 12, "network": 6, "database": 2}
    assert {s.weight for s in sample.strata} == {5.0}
    assert (sample.n, sample.population, sample.seed, sample.flags) == (20, 100, 20260601, ())
    assert [TEAMS[i] for i in sample.positions].count("network") == 6
    assert (np.diff(sample.positions) > 0).all()
    assert str(sample) == (
        "20 of 100 (seed 20260601, proportional, pcg64-raw-order-1): "
        "database 2/10, first line 12/60, network 6/30"
    )


def test_the_stream_of_the_seed_never_changes() -> None:
    # NumPy promises PCG64's raw output: these are the ranks of its first ten numbers for seed 1.
    keys = np.random.PCG64(1).random_raw(10)
    sample = stratified_sample(["a"] * 10, size=4, seed=1)
    assert sample.positions.tolist() == sorted(np.argsort(keys)[:4].tolist())


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.sampled_from("abcd"), min_size=1, max_size=60),
    st.integers(0, 60),
    st.sampled_from(["proportional", "equal", "neyman"]),
    st.integers(0, 3),
    st.integers(0, 2**63),
)
def test_samples_keep_their_promises(
    strata: list[str], size: int, allocation: str, minimum: int, seed: int
) -> None:
    sizes = {name: strata.count(name) for name in set(strata)}
    least = sum(min(minimum, n) for n in sizes.values())
    size = max(min(size, len(strata)), least)
    spread = {"a": 1.0, "b": 2.0, "c": 0.5, "d": 1.5} if allocation == "neyman" else None
    sample = stratified_sample(
        strata,
        size=size,
        seed=seed,
        allocation=allocation,
        minimum=minimum,
        spread=spread,  # type: ignore[arg-type]
    )
    again = stratified_sample(
        strata,
        size=size,
        seed=seed,
        allocation=allocation,
        minimum=minimum,
        spread=spread,  # type: ignore[arg-type]
    )
    assert sample.positions.tolist() == again.positions.tolist()
    assert len(set(sample.positions.tolist())) == sample.n == size
    for stratum in sample.strata:
        drawn = [i for i in sample.positions if strata[i] == stratum.name]
        assert len(drawn) == stratum.n
        assert min(minimum, stratum.population) <= stratum.n <= stratum.population == sizes[stratum.name]


def test_with_identifiers_the_order_of_rows_does_not_matter() -> None:
    names = np.array([f"INC{i:04}" for i in range(100)])
    teams = np.array(TEAMS)
    here = stratified_sample(teams, size=20, seed=5, identifiers=names)
    shuffled = np.random.default_rng(1).permutation(100)
    there = stratified_sample(teams[shuffled], size=20, seed=5, identifiers=names[shuffled])
    assert set(names[here.positions]) == set(names[shuffled][there.positions])


def test_every_case_has_the_same_chance() -> None:
    drawn = np.zeros(30)
    for seed in range(800):
        drawn[stratified_sample(["a"] * 20 + ["b"] * 10, size=6, seed=seed).positions] += 1
    assert (abs(drawn / 800 - 0.2) < 4 * (0.2 * 0.8 / 800) ** 0.5).all()


def test_equal_and_optimal_allocation() -> None:
    equal = stratified_sample(TEAMS, size=36, seed=1, allocation="equal")
    assert {s.name: s.n for s in equal.strata} == {"first line": 13, "network": 13, "database": 10}
    # N S: 60 · 1, 30 · 4, 10 · 2 = 60, 120, 20 of 200.
    spread = {"first line": 1, "network": 4, "database": 2}
    best = stratified_sample(TEAMS, size=20, seed=1, allocation="neyman", spread=spread)
    assert {s.name: s.n for s in best.strata} == {"first line": 6, "network": 12, "database": 2}


def test_samples_of_nothing() -> None:
    empty = stratified_sample([], size=0, seed=1)
    assert (empty.n, empty.strata, empty.flags) == (0, (), ("not_enough_data",))
    none = stratified_sample(["a", "b"], size=0, seed=1, minimum=0)
    assert (none.n, none.strata[0].weight) == (0, None)
    assert str(none).endswith("not_enough_data): a 0/1, b 0/1")
    assert stratified_sample([], size=0, seed=1, allocation="neyman", spread={}).n == 0


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: discovery_sample_size(rate=0), "rate"),
        (lambda: discovery_sample_size(rate=0.1, confidence=95), "confidence"),
        (lambda: hypergeometric_sample_size(0, rate=0.1), "population"),
        (lambda: hypergeometric_sample_size(10, rate=1), "rate"),
        (lambda: hypergeometric_sample_size(10, rate=0.1, acceptable=1), "acceptable"),
        (lambda: hypergeometric_sample_size(10, rate=0.1, acceptable=-1), "acceptable"),
        (lambda: discovery_limit(-1), "n"),
        (lambda: discovery_limit(5, confidence=0), "confidence"),
        (lambda: multi_site_sample_size(0), "sites"),
        (lambda: multi_site_sample_size(4, stage="yearly"), "stage"),  # type: ignore[arg-type]
        (lambda: stratified_sample(["a"], size=2, seed=1), "size"),
        (lambda: stratified_sample(["a", "b"], size=1, seed=1), "size"),
        (lambda: stratified_sample(["a"], size=1, seed=-1), "seed"),
        (lambda: stratified_sample(["a"], size=1, seed=1, minimum=-1), "minimum"),
        (lambda: stratified_sample([["a"]], size=1, seed=1), "strata"),
        (lambda: stratified_sample(["a"], size=1, seed=1, allocation="best"), "allocation"),  # type: ignore[arg-type]
        (lambda: stratified_sample(["a"], size=1, seed=1, allocation="neyman"), "spread"),
        (lambda: stratified_sample(["a"], size=1, seed=1, spread={"a": 1}), "spread"),
        (lambda: stratified_sample(["a"], size=1, seed=1, allocation="neyman", spread={"b": 1}), "spread"),
        (lambda: stratified_sample(["a"], size=1, seed=1, allocation="neyman", spread={"a": 0}), "spread"),
        (lambda: stratified_sample(["a", "a"], size=1, seed=1, identifiers=[1, 1]), "identifiers"),
        (lambda: stratified_sample(["a", "a"], size=1, seed=1, identifiers=[1]), "identifiers"),
    ],
)
def test_bad_input_names_the_argument(call: object, argument: str) -> None:
    with pytest.raises(MeasureError) as caught:
        call()  # type: ignore[operator]
    assert caught.value.argument == argument
