"""Effects of interventions: statsmodels, dense matrices, hand arithmetic, and the verdict in every outcome."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy import stats

from zhiheng.measure.errors import MeasureError
from zhiheng.measure.trend import (
    Guard,
    difference_in_differences,
    interrupted_time_series,
    verify_improvement,
)

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its own imports warn; nothing of ours does
    import statsmodels.api as sm

N, CUT = 40, 24
STEP = np.arange(N)
AFTER = (STEP >= CUT).astype(float)
DESIGN = np.column_stack((np.ones(N), STEP - CUT, AFTER, AFTER * (STEP - CUT)))


def series(seed: int, *, jump: float = 0.0, rho: float = 0.0, n: int = N, cut: int = CUT) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(size=n)
    for t in range(1, n):
        noise[t] += rho * noise[t - 1]
    return 10 + noise + jump * (np.arange(n) >= cut)


# --- interrupted series


def test_without_noise_the_model_is_found_again() -> None:
    y = 5 + 0.5 * STEP - 3 * AFTER - 0.25 * AFTER * (STEP - CUT)
    result = interrupted_time_series(y, intervention=CUT)
    assert result.level.value == pytest.approx(-3)
    assert result.slope_change.value == pytest.approx(-0.25)
    assert result.slope_before.value == pytest.approx(0.5)
    assert result.effect.value == pytest.approx(-3 - 0.25 * 7.5)
    assert result.fitted == pytest.approx(y)
    assert result.expected == pytest.approx(5 + 0.5 * STEP)
    assert (result.flags, result.p_value, result.autocorrelation) == (("zero_variance",), 0.0, 0.0)


def correlated(rho: float) -> np.ndarray:
    return rho ** np.abs(STEP[:, None] - STEP[None, :])


def restricted(rho: float, x: np.ndarray, y: np.ndarray) -> float:
    """The restricted log likelihood with dense matrices."""
    v = correlated(rho)
    inverse = np.linalg.inv(v)
    bread = x.T @ inverse @ x
    rest = y - x @ np.linalg.solve(bread, x.T @ inverse @ y)
    k = x.shape[1]
    return float(
        -0.5
        * (np.linalg.slogdet(v)[1] + np.linalg.slogdet(bread)[1] + (N - k) * np.log(rest @ inverse @ rest))
    )


@pytest.mark.parametrize("seed", range(4))
def test_against_dense_matrices_and_statsmodels(seed: int) -> None:
    y = series(seed, jump=-2, rho=0.5)
    result = interrupted_time_series(y, intervention=CUT, confidence=0.9)
    rho = result.autocorrelation
    assert rho is not None
    grid = np.linspace(0, 0.95, 951)
    best = max(restricted(float(g), DESIGN, y) for g in grid)
    assert restricted(rho, DESIGN, y) >= best - 1e-9
    fit = sm.GLS(y, DESIGN, sigma=correlated(rho)).fit()
    contrast = np.array([0, 0, 1, (STEP[CUT:] - CUT).mean()])
    assert result.effect.value == pytest.approx(contrast @ fit.params)
    error = np.sqrt(contrast @ fit.cov_params() @ contrast)
    degrees = (N - 4) * (1 - rho) / (1 + rho)
    half = stats.t.ppf(0.95, degrees) * error
    assert (result.effect.high or 0) - (result.effect.value or 0) == pytest.approx(half, rel=1e-6)
    assert result.p_value == pytest.approx(
        2 * stats.t.sf(abs(contrast @ fit.params) / error, degrees), rel=1e-6
    )
    assert result.slope_before.value == pytest.approx(fit.params[1])


def test_weights_seasons_and_a_transition() -> None:
    y = series(5, jump=3)
    season = STEP % 4
    weight = np.random.default_rng(1).integers(5, 50, N)
    kept = (STEP < CUT) | (STEP >= CUT + 3)
    result = interrupted_time_series(
        y, intervention=CUT, transition=3, slope_change=False, weights=weight, season=season
    )
    late = (STEP >= CUT + 3).astype(float)
    design = np.column_stack((np.ones(N), STEP, late, season == 1, season == 2, season == 3)).astype(float)[
        kept
    ]
    rho = result.autocorrelation or 0.0
    gap = np.abs(STEP[kept][:, None] - STEP[kept][None, :])
    spread = 1 / np.sqrt(weight[kept])
    fit = sm.GLS(y[kept], design, sigma=rho**gap * np.outer(spread, spread)).fit()
    assert result.effect.value == pytest.approx(fit.params[2])
    assert result.level.value == result.effect.value
    assert (result.n_before, result.n_after, result.effect.n) == (CUT, N - CUT - 3, N - 3)
    assert result.slope_change.flags == ("not_modelled",)
    assert result.fitted.size == result.expected.size == N


@pytest.mark.slow
def test_an_interval_holds_what_it_promises_also_for_dependent_values() -> None:
    for rho, allowed in ((0.0, 8), (0.5, 14)):
        wrong = 0
        for seed in range(80):
            result = interrupted_time_series(series(seed, rho=rho, n=30, cut=18), intervention=18)
            wrong += (result.p_value or 0) < 0.05
        assert wrong <= allowed


def test_what_an_interrupted_series_says_of_itself() -> None:
    wave = interrupted_time_series(np.sin(np.arange(60) / 5), intervention=40)
    assert "autocorrelated" in wave.flags
    text = str(interrupted_time_series(series(1, jump=5), intervention=CUT))
    assert text.startswith("effect ") and text.endswith("(before=24, after=16)")
    assert "AR(1) by REML" in text


def test_an_interrupted_series_without_enough_data() -> None:
    for y, at in (([1, 2, 3, 4], 2), ([1, 2, 3, 4, 5, 9], 4), ([1.0, 2, 3, 4, 5, 9, 2], 1)):
        result = interrupted_time_series(y, intervention=at)
        assert result.flags == ("not_enough_data",)
        assert (result.effect.value, result.p_value, result.fitted.size) == (None, None, 0)
        assert "not_enough_data" in str(result)
    yet_to_come = verify_improvement(series(1), intervention=N, better="lower")
    assert (yet_to_come.outcome, yet_to_come.after) == ("not_enough_data", None)
    # A season that never occurs before says the same as the intervention.
    same = interrupted_time_series(series(1), intervention=CUT, season=["a"] * CUT + ["b"] * (N - CUT))
    assert same.flags == ("not_enough_data",)
    few = interrupted_time_series([1, 2, 1, 2, 1, 3.0], intervention=3, season=["a", "b", "c", "a", "b", "c"])
    assert few.flags == ("not_enough_data",)


# --- difference in differences


def panel(seed: int, effect: float = 2.0) -> tuple[np.ndarray, ...]:
    random = np.random.default_rng(seed)
    team = np.repeat(np.arange(14), 10)
    period = np.tile(np.arange(10), 14)
    treated, after = team < 6, period >= 5
    y = random.normal(size=14)[team] + 0.3 * period + effect * (treated & after) + random.normal(size=140)
    return y, treated, after, team, period


@pytest.mark.parametrize("seed", range(3))
def test_differences_against_statsmodels(seed: int) -> None:
    y, treated, after, team, _ = panel(seed)
    design = np.column_stack((np.ones(140), treated, after, treated & after)).astype(float)
    plain = difference_in_differences(y, treated, after)
    robust = sm.OLS(y, design).fit(cov_type="HC2")
    assert plain.effect.value == pytest.approx(robust.params[3])
    cells = [y[treated & ~after], y[treated & after], y[~treated & ~after], y[~treated & after]]
    parts = [c.var(ddof=1) / c.size for c in cells]
    assert sum(parts) == pytest.approx(robust.bse[3] ** 2)
    degrees = sum(parts) ** 2 / sum(p**2 / (c.size - 1) for p, c in zip(parts, cells, strict=True))
    half = stats.t.ppf(0.975, degrees) * robust.bse[3]
    assert (plain.effect.high or 0) - (plain.effect.value or 0) == pytest.approx(half)
    by_team = difference_in_differences(y, treated, after, cluster=[f"team {t}" for t in team])
    clustered = sm.OLS(y, design).fit(cov_type="cluster", cov_kwds={"groups": team}, use_t=True)
    assert by_team.p_value == pytest.approx(clustered.pvalues[3])
    assert (by_team.effect.low, by_team.effect.high) == pytest.approx(tuple(clustered.conf_int()[3]))
    assert (by_team.clusters, by_team.flags) == (14, ())


def test_whether_both_moved_alike_before() -> None:
    y, treated, after, team, period = panel(4)
    alike = difference_in_differences(y, treated, after, period=period)
    before = ~after
    t = period[before] - period[before].mean()
    own = treated[before]
    design = np.column_stack((np.ones(t.size), own, t, own * t)).astype(float)
    fit = sm.OLS(y[before], design).fit()
    assert alike.parallel_p == pytest.approx(fit.pvalues[3])
    clustered = difference_in_differences(y, treated, after, cluster=team, period=period)
    robust = sm.OLS(y[before], design).fit(cov_type="cluster", cov_kwds={"groups": team[before]}, use_t=True)
    assert clustered.parallel_p == pytest.approx(robust.pvalues[3])
    apart = difference_in_differences(y + 2 * period * treated, treated, after, period=period)
    assert "trends_differ" in apart.flags and "trends_differ" in apart.effect.flags
    assert "few_clusters" in difference_in_differences(y, treated, after, cluster=team % 7).flags
    # All before at one period shows no slope; two clusters before show no variance.
    assert difference_in_differences(y, treated, after, period=after).parallel_p is None
    two = difference_in_differences(
        y, treated, after, cluster=np.where(after, team + 2, treated), period=period
    )
    assert two.parallel_p is None


def test_differences_by_hand() -> None:
    values = [1, 3, 6, 8, 2, 4, 3, 5]  # treated 2 → 7, untouched 3 → 4
    result = difference_in_differences(values, [1] * 4 + [0] * 4, [0, 0, 1, 1] * 2)
    assert (result.effect.value, result.means, result.counts) == (4.0, (2.0, 7.0, 3.0, 4.0), (2, 2, 2, 2))
    assert str(result).startswith("effect 4 change [")
    constant = difference_in_differences([1, 1, 2, 2, 1, 1, 1, 1], [1] * 4 + [0] * 4, [0, 0, 1, 1] * 2)
    assert (constant.effect.low, constant.effect.flags, constant.p_value) == (1.0, ("zero_variance",), 0.0)
    level = difference_in_differences([1.0] * 8, [1] * 4 + [0] * 4, [0, 0, 1, 1] * 2)
    assert (level.effect.value, level.p_value) == (0.0, 1.0)


def test_differences_without_enough_data() -> None:
    missing = difference_in_differences([1, 2, 3], [1, 1, 0], [0, 1, 0])
    assert (missing.means[3], missing.flags, missing.p_value) == (None, ("not_enough_data",), None)
    assert difference_in_differences([], [], [], cluster=[]).clusters == 0
    two = difference_in_differences(
        [1, 3, 6, 8, 2, 4, 3, 5], [1] * 4 + [0] * 4, [0, 0, 1, 1] * 2, cluster=[1, 2] * 4
    )
    assert two.flags == ("not_enough_data",)
    assert "clusters=2" in str(two)


# --- the verdict


def test_every_outcome() -> None:
    faster = verify_improvement(series(1, jump=-5), intervention=CUT, better="lower")
    assert (faster.outcome, faster.flags, faster.controlled) == ("improved", (), False)
    assert faster.before == pytest.approx(series(1)[:CUT].mean())
    assert faster.after == pytest.approx(series(1, jump=-5)[CUT:].mean())
    assert str(faster).startswith("improved: effect ") and "on the better side" in str(faster)
    slower = verify_improvement(series(1, jump=5), intervention=CUT, better="lower")
    assert slower.outcome == "worse"
    assert verify_improvement(series(1, jump=5), intervention=CUT, better="higher").outcome == "improved"
    nothing = verify_improvement(series(1), intervention=CUT, better="lower")
    assert (nothing.outcome, str(nothing)[:15]) == ("no_effect_shown", "no effect shown")
    short = verify_improvement(series(1, jump=-5)[:30], intervention=CUT, better="lower")
    assert short.outcome == "not_enough_data"
    assert short.reasons == ("24 periods before and 6 after, at least 8 are needed on each side",)
    early = verify_improvement([1.0, 2, 3], intervention=2, transition=1, better="lower")
    assert (early.outcome, early.after) == ("not_enough_data", None)


def test_a_small_effect_is_not_the_one_agreed() -> None:
    result = verify_improvement(series(1, jump=-5), intervention=CUT, better="lower", minimum_effect=7)
    assert result.outcome == "no_effect_shown"
    assert result.flags == ("below_minimum_effect",)
    assert "smaller than the 7 agreed" in str(result)


def test_a_guard_that_worsens_takes_the_verdict_back() -> None:
    y = series(1, jump=-5)
    reopened = Guard("reopened", series(2, jump=6), "lower")
    satisfied = Guard("satisfied", series(3), "higher", weights=np.full(N, 20))
    result = verify_improvement(y, intervention=CUT, better="lower", guards=[reopened, satisfied])
    assert result.outcome == "no_effect_shown"
    assert result.flags == ("guard_worsened:reopened",)
    assert [guard.outcome for guard in result.guards] == ["worsened", "held"]
    assert "but reopened worsened: 6" in str(result) or "but reopened worsened: 5" in str(result)
    lenient = Guard("reopened", series(2, jump=6), "lower", tolerance=50)
    assert verify_improvement(y, intervention=CUT, better="lower", guards=[lenient]).outcome == "improved"
    down = Guard("satisfied", series(3, jump=-6), "higher")
    assert verify_improvement(y, intervention=CUT, better="lower", guards=[down]).outcome == "no_effect_shown"
    # A guard worsening does not make a failure of what was one already, nor hide it.
    worse = verify_improvement(series(1, jump=5), intervention=CUT, better="lower", guards=[reopened])
    assert worse.outcome == "worse"


def test_a_guard_that_cannot_be_tested_is_named() -> None:
    season = ["a"] * 3 + ["b"] * 3
    result = verify_improvement(
        [1.0, 2, 1, 2, 1, 2], intervention=3, better="lower", minimum_points=3, season=season,
        guards=[Guard("g", [1.0, 2, 1, 2, 1, 2], "lower")],
    )  # fmt: skip
    assert result.outcome == "not_enough_data"
    assert result.flags == ("guard_not_tested:g",)
    assert result.guards[0].outcome == "not_enough_data"


def test_a_control_takes_out_what_happened_to_all() -> None:
    shock = 4.0 * (STEP >= CUT)
    y, other = series(1) - shock, series(2) - shock
    assert verify_improvement(y, intervention=CUT, better="lower").outcome == "improved"
    controlled = verify_improvement(y, intervention=CUT, better="lower", control=other)
    assert (controlled.outcome, controlled.controlled) == ("no_effect_shown", True)


def test_what_the_reader_is_warned_of() -> None:
    falling = series(1, jump=-5) - 0.5 * STEP
    assert "already_improving" in verify_improvement(falling, intervention=CUT, better="lower").flags
    low = series(1)
    low[CUT - 6 : CUT] += 6
    assert "begun_at_a_low" in verify_improvement(low, intervention=CUT, better="lower").flags
    assert "begun_at_a_low" not in verify_improvement(low, intervention=CUT, better="higher").flags
    wave = np.sin(np.arange(60) / 5)
    assert "autocorrelated" in verify_improvement(wave, intervention=40, better="lower").flags
    exact = verify_improvement(5 - 3 * AFTER, intervention=CUT, better="lower")
    assert (exact.outcome, exact.flags) == ("improved", ("zero_variance",))


Y = tuple(range(20))


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: interrupted_time_series([1, float("nan"), 2], intervention=1), "values"),
        (lambda: interrupted_time_series(Y, intervention=0), "intervention"),
        (lambda: interrupted_time_series(Y, intervention=21), "intervention"),
        (lambda: interrupted_time_series(Y, intervention=9, transition=-1), "transition"),
        (lambda: interrupted_time_series(Y, intervention=9, weights=[1]), "weights"),
        (lambda: interrupted_time_series(Y, intervention=9, weights=[0] * 20), "weights"),
        (lambda: interrupted_time_series(Y, intervention=9, season=[1]), "season"),
        (lambda: interrupted_time_series(Y, intervention=9, confidence=0), "confidence"),
        (lambda: difference_in_differences([1], [1, 0], [1]), "treated"),
        (lambda: difference_in_differences([1], [2], [1]), "treated"),
        (lambda: difference_in_differences([1], [1], [1], cluster=[1, 2]), "cluster"),
        (lambda: difference_in_differences([1], [1], [1], period=[1, 2]), "period"),
        (lambda: difference_in_differences([1], [1], [1], confidence=7), "confidence"),
        (lambda: verify_improvement(Y, intervention=9, better="faster"), "better"),  # type: ignore[arg-type]
        (lambda: verify_improvement(Y, intervention=9, better="lower", minimum_effect=-1), "minimum_effect"),
        (lambda: verify_improvement(Y, intervention=9, better="lower", minimum_points=2), "minimum_points"),
        (lambda: verify_improvement(Y, intervention=9, better="lower", control=[1]), "control"),
        (
            lambda: verify_improvement(Y, intervention=9, better="lower", guards=[Guard("g", [1], "lower")]),
            "guards: g",
        ),
        (
            lambda: verify_improvement(
                Y, intervention=9, better="lower", guards=[Guard("g", Y, "lower", -1)]
            ),
            "guards",
        ),
        (
            lambda: verify_improvement(Y, intervention=9, better="lower", guards=[Guard("g", Y, "up")]),  # type: ignore[arg-type]
            "better",
        ),
    ],
)
def test_bad_input_names_the_argument(call: object, argument: str) -> None:
    with pytest.raises(MeasureError) as caught:
        call()  # type: ignore[operator]
    assert caught.value.argument == argument
