"""Agreement of raters: second computations on random data, properties, bad input."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from statsmodels.stats import inter_rater

from zhiheng.measure import psychometrics
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.oracles.psychometrics import CODED, DIAGNOSES, RATINGS

NAN = float("nan")


def two_way(ratings: np.ndarray) -> tuple[float, float, float, float]:
    """Mean squares of targets, within, raters, residual, summed cell by cell."""
    n, k = ratings.shape
    grand = ratings.mean()
    rows, columns = ratings.mean(axis=1), ratings.mean(axis=0)
    cells = list(itertools.product(range(n), range(k)))
    return (
        sum((rows[i] - grand) ** 2 for i, _ in cells) / (n - 1),
        sum((ratings[i, j] - rows[i]) ** 2 for i, j in cells) / (n * (k - 1)),
        sum((columns[j] - grand) ** 2 for _, j in cells) / (k - 1),
        sum((ratings[i, j] - rows[i] - columns[j] + grand) ** 2 for i, j in cells) / ((n - 1) * (k - 1)),
    )


@pytest.mark.parametrize("seed", range(4))
def test_icc_from_its_definitions(seed: int) -> None:
    random = np.random.default_rng(seed)
    n, k = 12 + seed, 3 + seed
    ratings = random.standard_normal((n, 1)) * 2 + random.standard_normal(k) + random.standard_normal((n, k))
    between, within, raters, error = two_way(ratings)
    expected = {
        "1,1": (between - within) / (between + (k - 1) * within),
        "2,1": (between - error) / (between + (k - 1) * error + k * (raters - error) / n),
        "3,1": (between - error) / (between + (k - 1) * error),
        "1,k": (between - within) / between,
        "2,k": (between - error) / (between + (raters - error) / n),
        "3,k": (between - error) / between,
    }
    found = psychometrics.icc(ratings)
    assert {form: figure.value for form, figure in found.forms.items()} == pytest.approx(expected, abs=1e-9)
    assert found.p_values["1,1"] == pytest.approx(stats.f.sf(between / within, n - 1, n * (k - 1)), rel=1e-9)
    for figure in found.forms.values():
        assert figure.low < figure.value < figure.high  # type: ignore[operator]
    # Shrout & Fleiss 1979: the limits of the mean follow from those of F directly.
    degrees = (n - 1) * (k - 1)
    low = 1 - error / between * stats.f.ppf(0.975, n - 1, degrees)
    high = 1 - error / between / stats.f.ppf(0.975, degrees, n - 1)
    assert (found["3,k"].low, found["3,k"].high) == pytest.approx((low, high), abs=1e-9)


@settings(deadline=None)  # SciPy may be loaded in the first case
@given(arrays(np.int64, (6, 4), elements=st.integers(1, 9)))
def test_the_third_form_of_the_mean_is_alpha(ratings: np.ndarray) -> None:
    ours, alpha = psychometrics.icc(ratings)["3,k"], psychometrics.cronbach_alpha(ratings)
    totals = ratings.sum(axis=1)
    if (totals == totals[0]).all():
        assert alpha.value is None
        assert ours.value is None
    else:
        assert ours.value == pytest.approx(alpha.value, rel=1e-9, abs=1e-9)
        assert ours.low == pytest.approx(alpha.raw.low, rel=1e-9, abs=1e-9)


def test_raters_who_agree_in_everything() -> None:
    perfect = psychometrics.icc([[1, 1, 1], [2, 2, 2], [3, 3, 3], [5, 5, 5]])
    for figure in perfect.forms.values():
        assert (figure.value, figure.low, figure.high) == pytest.approx((1, 1, 1))
    assert set(perfect.p_values.values()) == {0.0}
    shifted = psychometrics.icc([[1, 2], [2, 3], [3, 4]])
    assert shifted["3,1"].value == pytest.approx(1)
    # MS between 2, raters 1.5, residual 0: 2 / (2 + 2 · 1.5 / 3) = 2/3.
    assert shifted["2,1"].value == pytest.approx(2 / 3)
    with pytest.raises(MeasureError, match="form"):
        perfect["4,1"]


def test_targets_that_do_not_differ() -> None:
    level = psychometrics.icc([[1, 2], [2, 1], [1, 2]])
    assert level["1,1"].value is not None
    assert level["1,1"].value < 0
    assert level["3,k"].flags == ("zero_variance",)
    assert str(level).splitlines()[5] == "ICC(3,k) not computable (n=3, zero_variance)"
    # All that differs is the raters' severity: consistency has nothing to work on.
    severity = psychometrics.icc([[1, 2, 4], [1, 2, 4], [1, 2, 4]])
    assert severity["3,1"].flags == severity["3,k"].flags == ("zero_variance",)
    assert severity.p_values["3,1"] is None
    # MS raters 7, all else 0: (0 − 0) / (0 + 0 + 3 · 7 / 3).
    assert severity["2,1"].value == 0
    crossed = psychometrics.icc([[1, 2], [2, 1]])
    assert crossed["2,1"].flags == ("zero_variance",)
    assert crossed["1,1"].value == pytest.approx(-1)
    large = np.array([[1, 2, 4], [2, 3, 5], [4, 4, 4]])
    assert psychometrics.icc(large + 1e9)["2,1"].value == pytest.approx(psychometrics.icc(large)["2,1"].value)
    everything = psychometrics.icc(np.full((5, 3), 4))
    assert everything.mean_squares is None
    assert {figure.flags for figure in everything.forms.values()} == {("zero_variance",)}
    assert {figure.flags for figure in psychometrics.icc([[1, 2, 3]]).forms.values()} == {
        ("not_enough_data",)
    }


def test_rwg_against_each_picture_of_no_agreement() -> None:
    ratings = (4, 4, 5, 4, 5)  # sample variance 0.3
    expected = {
        "uniform": 1 - 0.3 / 2,
        "triangular": 1 - 0.3 / (4 / 3),
        "slight_skew": 1 - 0.3 / 1.34,
        "moderate_skew": 1 - 0.3 / 0.9,
        "heavy_skew": 1 - 0.3 / 0.44,
    }
    found = {null: psychometrics.rwg(ratings, options=5, null=null) for null in expected}
    assert {null: figure.value for null, figure in found.items()} == pytest.approx(expected, abs=1e-9)
    assert found["uniform"].method == "rwg-uniform"
    # Six options, triangular by hand: shares 1 2 3 3 2 1 of 12 about 3.5, Σ = (2·6.25 + 4·2.25 + 6·0.25) / 12.
    even = psychometrics.rwg((3, 4), options=6, null="triangular")
    assert even.value == pytest.approx(1 - 0.5 / (23 / 12), abs=1e-9)
    own = psychometrics.rwg(ratings, options=5, null=(0.2,) * 5)
    assert own.value == pytest.approx(0.85)
    assert own.method == "rwg-given"


def test_rwg_of_several_items() -> None:
    items = np.array([(4, 4, 5, 4, 5), (3, 4, 4, 4, 4), (4, 5, 5, 4, 4)]).T
    figure = psychometrics.rwg(items, options=5)
    assert figure.value == pytest.approx(0.9512, abs=5e-5)
    assert (figure.n, figure.method) == (5, "rwg(J)-uniform")
    assert psychometrics.rwg(np.ones((4, 3)), options=5).value == 1


def test_a_group_more_spread_than_the_null_is_zero_and_says_so() -> None:
    figure = psychometrics.rwg((1, 5, 1, 5), options=5)
    assert (figure.value, figure.flags) == (0.0, ("more_spread_than_null",))
    assert psychometrics.rwg((4,), options=5).flags == ("not_enough_data",)
    assert psychometrics.rwg((), options=5).n == 0


@pytest.mark.parametrize(
    ("weights", "theirs"), [("none", None), ("linear", "linear"), ("quadratic", "quadratic")]
)
def test_cohens_kappa_against_statsmodels(weights: str, theirs: str | None) -> None:
    random = np.random.default_rng(3)
    for _ in range(20):
        k, n = int(random.integers(2, 6)), int(random.integers(30, 200))
        first = np.concatenate((np.arange(k), random.integers(0, k, n)))
        second = np.where(random.random(n + k) < 0.6, first, random.integers(0, k, n + k))
        table = np.zeros((k, k))
        np.add.at(table, (first, second), 1)
        expected = inter_rater.cohens_kappa(table, wt=theirs)
        found = psychometrics.cohen_kappa(first, second, weights=weights)  # type: ignore[arg-type]
        assert found.value == pytest.approx(expected.kappa, abs=1e-9)
        assert found.n == n + k
        limits = (max(expected.kappa_low, -1), min(expected.kappa_upp, 1))
        assert (found.low, found.high) == pytest.approx(limits, abs=1e-9)


def test_categories_may_be_texts_in_a_declared_order() -> None:
    first, second = ["low", "mid", "high", "low"], ["low", "high", "high", "mid"]
    ranked = psychometrics.cohen_kappa(first, second, categories=("low", "mid", "high"), weights="linear")
    numbers = psychometrics.cohen_kappa([0, 1, 2, 0], [0, 2, 2, 1], weights="linear")
    assert ranked.value == numbers.value
    assert ranked.method == "cohen-kappa-linear"
    objects = np.array(first, dtype=object), np.array(second, dtype=object)
    assert psychometrics.cohen_kappa(*objects).value == psychometrics.cohen_kappa(first, second).value
    floats = psychometrics.cohen_kappa(
        [0.0, 1.0, 2.0, 0.0], [0, 2, 2, 1], categories=(0, 1, 2), weights="linear"
    )
    assert floats.value == numbers.value
    # By the alphabet "high" lies beside "low": another figure.
    assert psychometrics.cohen_kappa(first, second, weights="linear").value != ranked.value


def test_kappa_where_there_is_no_chance_to_agree_by() -> None:
    assert psychometrics.cohen_kappa([1, 1, 1], [1, 1, 1]).flags == ("zero_variance",)
    assert psychometrics.cohen_kappa([1], [1]).flags == ("not_enough_data",)
    assert psychometrics.cohen_kappa([], []).n == 0
    assert psychometrics.cohen_kappa([1, 1], [1, 1], categories=(1,), weights="linear").value is None
    perfect = psychometrics.cohen_kappa([1, 2, 1], [1, 2, 1])
    assert (perfect.value, perfect.low, perfect.high) == (1, 1, 1)
    assert psychometrics.fleiss_kappa([[3, 0], [3, 0]]).flags == ("zero_variance",)
    assert psychometrics.fleiss_kappa([[3, 0]]).flags == ("not_enough_data",)


def test_fleiss_kappa_against_statsmodels_and_the_jackknife() -> None:
    random = np.random.default_rng(8)
    for k, raters in ((2, 3), (4, 5), (5, 14)):
        shares = random.dirichlet(np.full(k, 0.7), 150)
        counts = np.array([random.multinomial(raters, p) for p in shares])
        found = psychometrics.fleiss_kappa(counts)
        assert found.value == pytest.approx(inter_rater.fleiss_kappa(counts), abs=1e-9)
        left = [inter_rater.fleiss_kappa(np.delete(counts, i, axis=0)) for i in range(150)]
        error = np.sqrt(149 / 150 * ((left - np.mean(left)) ** 2).sum())
        assert (found.high - found.low) / 2 == pytest.approx(1.959964 * error, rel=0.03)  # type: ignore[operator]
    assert psychometrics.fleiss_kappa(DIAGNOSES).n == 10


DISTANCES = {
    "nominal": lambda a, b, _: float(a != b),
    "interval": lambda a, b, _: (a - b) ** 2,
    "ratio": lambda a, b, _: ((a - b) / (a + b)) ** 2 if a + b else 0.0,
    "ordinal": lambda a, b, n: (sum(n[v] for v in n if min(a, b) <= v <= max(a, b)) - (n[a] + n[b]) / 2) ** 2,
}


def by_pairs(ratings: np.ndarray, level: str) -> float:
    """Krippendorff's alpha pair by pair, as his paper describes it."""
    units = [[v for v in unit if not np.isnan(v)] for unit in ratings.T]
    units = [unit for unit in units if len(unit) > 1]
    every = [v for unit in units for v in unit]
    occurs = {v: every.count(v) for v in set(every)}
    distance = DISTANCES[level]
    observed = sum(
        distance(a, b, occurs) / (len(unit) - 1) for unit in units for a, b in itertools.permutations(unit, 2)
    )
    expected = sum(distance(a, b, occurs) for a, b in itertools.permutations(every, 2))
    return 1 - observed / len(every) / (expected / (len(every) * (len(every) - 1)))


@pytest.mark.parametrize("level", sorted(DISTANCES))
def test_krippendorffs_alpha_pair_by_pair(level: str) -> None:
    random = np.random.default_rng(4)
    for raters in (2, 4):
        ratings = random.integers(0, 5, (raters, 15)).astype(float) * 1.5
        ratings[random.random(ratings.shape) < 0.2] = NAN
        found = psychometrics.krippendorff_alpha(ratings, level=level)  # type: ignore[arg-type]
        assert found.value == pytest.approx(by_pairs(ratings, level), abs=1e-9)


@pytest.mark.parametrize("level", sorted(DISTANCES))
def test_krippendorffs_bootstrap_draws_units(level: str) -> None:
    options = {"level": level, "seed": 5, "replicates": 400}
    found = psychometrics.krippendorff_alpha(CODED, **options)  # type: ignore[arg-type]
    assert found == psychometrics.krippendorff_alpha(CODED, **options)  # type: ignore[arg-type]
    assert found.low < found.value < found.high  # type: ignore[operator]
    assert (found.n, found.flags) == (11, ("unpaired:1",))
    assert found.method == f"krippendorff-{level}-bootstrap-percentile"
    # A unit drawn twice counts as two units: the weights' alpha against the repeated table's.
    weights = np.zeros((1, 11))
    weights[0, [0, 3, 7]] = (2, 1, 3)
    values, counts = psychometrics.krippendorff.value_counts(CODED[:, :11])  # type: ignore[attr-defined]
    repeated = CODED[:, [0, 0, 3, 7, 7, 7]]
    weighted = psychometrics.krippendorff.alphas_of(weights, values, counts, level)  # type: ignore[attr-defined]
    assert weighted[0] == pytest.approx(by_pairs(repeated, level), abs=1e-9)


def test_krippendorffs_alpha_with_nothing_to_say() -> None:
    one = psychometrics.krippendorff_alpha([[1, 1, 1], [1, 1, 1]], level="interval", seed=1)
    assert (one.value, one.flags) == (None, ("zero_variance",))
    empty = psychometrics.krippendorff_alpha([[1, NAN, 1], [NAN, 1, 2]], level="nominal")
    assert (empty.n, empty.flags) == (1, ("unpaired:2", "not_enough_data"))
    assert psychometrics.krippendorff_alpha(np.full((2, 3), NAN), level="nominal").n == 0


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: psychometrics.icc([[1], [2]]), "ratings"),
        (lambda: psychometrics.icc([[1, NAN], [2, 3]]), "ratings"),
        (lambda: psychometrics.icc(RATINGS, confidence=0), "confidence"),
        (lambda: psychometrics.rwg((1, 6), options=5), "ratings"),
        (lambda: psychometrics.rwg(np.zeros((3, 0)), options=5), "ratings"),
        (lambda: psychometrics.rwg((1, 2), options=1), "options"),
        (lambda: psychometrics.rwg((1, 2), options=5, null="normal"), "null"),
        (lambda: psychometrics.rwg((1, 2), options=7, null="slight_skew"), "null"),
        (lambda: psychometrics.rwg((1, 2), options=3, null=(0.5, 0.5)), "null"),
        (lambda: psychometrics.rwg((1, 2), options=2, null=(0.5, 0.6)), "null"),
        (lambda: psychometrics.rwg((1, 2), options=2, null=(1, 0)), "null"),
        (lambda: psychometrics.cohen_kappa([1, 2], [1]), "second"),
        (lambda: psychometrics.cohen_kappa([1, NAN], [1, 2]), "first"),
        (lambda: psychometrics.cohen_kappa([1, 2], [1, None]), "second"),
        (lambda: psychometrics.cohen_kappa([1], [1], weights="cubic"), "weights"),  # type: ignore[arg-type]
        (lambda: psychometrics.cohen_kappa([1, 2], [1, 2], categories=(1, 3)), "categories"),
        (lambda: psychometrics.cohen_kappa([1, 2], [1, 2], categories=(1, 2, 2)), "categories"),
        (lambda: psychometrics.fleiss_kappa([[1, 2], [2, 2]]), "counts"),
        (lambda: psychometrics.fleiss_kappa([[1, 0], [0, 1]]), "counts"),
        (lambda: psychometrics.fleiss_kappa([[1.5, 1.5], [2, 1]]), "counts"),
        (lambda: psychometrics.krippendorff_alpha(CODED, level="circular"), "level"),  # type: ignore[arg-type]
        (lambda: psychometrics.krippendorff_alpha(-CODED, level="ratio"), "ratings"),
        (
            lambda: psychometrics.krippendorff_alpha(np.arange(4002).reshape(2, -1), level="interval"),
            "ratings",
        ),
    ],
)
def test_bad_input_names_the_argument(call: object, argument: str) -> None:
    with pytest.raises(MeasureError) as caught:
        call()  # type: ignore[operator]
    assert caught.value.argument == argument
