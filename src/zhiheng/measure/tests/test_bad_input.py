"""Bad input to every public function: an error that names an argument, or a result without a silent NaN.

`GOOD` holds a call of each that works. Each of its arguments is then spoilt in turn: emptied, cut to one or two
entries, made constant, given a NaN, an infinity, a negative number, text, another number of dimensions, another
length, reversed.
"""

from __future__ import annotations

import dataclasses
import inspect
import math
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any

import numpy as np
import pytest

from zhiheng.measure import MeasureError, Measurement
from zhiheng.measure.index import CompositeIndex, Goalposts, Group, Indicator
from zhiheng.measure.satisfaction import net_promoter_score

R = np.random.default_rng(8)
N = 24
ANSWERS = R.integers(1, 6, (N, 4)).astype(float)
RATINGS = R.integers(1, 6, N)
GROUPS = np.repeat(["a", "b", "c"], N // 3)
TIMES = np.arange(N) * 3_600
SERIES = R.normal(10, 1, N)
EVENTS, SIZES = R.integers(0, 9, N), np.full(N, 40)
HOURS = R.exponential(10, N)
SEEN = np.arange(N) % 4 > 0
YES = np.arange(N) % 3 == 0
INDEX = CompositeIndex.of("i", Group("i", (Indicator("x", Goalposts(0, 10), 1.0),)), version="1")

Good = tuple[tuple[Any, ...], dict[str, Any]]


def call(*arguments: Any, **options: Any) -> Good:
    return arguments, options


GOOD: dict[str, Good] = {
    "proportion.wilson_interval": call(3, 9),
    "proportion.agresti_coull_interval": call(3, 9),
    "proportion.clopper_pearson_interval": call(3, 9),
    "proportion.jeffreys_interval": call(3, 9),
    "proportion.newcombe_difference": call(3, 9, 4, 9),
    "proportion.sample_size": call(margin=0.1),
    "satisfaction.bootstrap_interval": call(RATINGS, seed=1, replicates=20),
    "satisfaction.cluster_interval": call(RATINGS, GROUPS),
    "satisfaction.csat": call(RATINGS),
    "satisfaction.customer_effort": call(RATINGS),
    "satisfaction.drivers": call(ANSWERS, RATINGS, seed=1, replicates=20),
    "satisfaction.effective_sample_size": call(HOURS),
    "satisfaction.net_promoter_difference": call(
        net_promoter_score(RATINGS), net_promoter_score(RATINGS[:9])
    ),
    "satisfaction.net_promoter_of_counts": call(3, 4, 5),
    "satisfaction.net_promoter_sample_size": call(margin=0.1, promoters=0.5, detractors=0.2),
    "satisfaction.net_promoter_score": call(RATINGS),
    "satisfaction.nonresponse_check": call(YES, {"age": HOURS}),
    "satisfaction.post_stratify": call(RATINGS, GROUPS, population={"a": 1, "b": 2, "c": 3}),
    "satisfaction.rake": call({"g": GROUPS}, population={"g": {"a": 1, "b": 2, "c": 3}}),
    "satisfaction.response_rate": call(3, 9),
    "satisfaction.shrink": call(EVENTS, SIZES),
    **{
        f"psychometrics.{name}": call(ANSWERS)
        for name in (
            "bartlett_sphericity", "cronbach_alpha", "guttman_lambda6", "icc", "item_rest", "kmo", "mcdonald_omega",
        )
    },
    "psychometrics.cohen_kappa": call(RATINGS, RATINGS[::-1]),
    "psychometrics.fleiss_kappa": call(np.tile([2.0, 1.0, 0.0], (N, 1))),
    "psychometrics.item_analysis": call((ANSWERS > 2).astype(float)),
    "psychometrics.kr20": call((ANSWERS > 2).astype(float)),
    "psychometrics.krippendorff_alpha": call(ANSWERS, level="interval"),
    "psychometrics.parallel_analysis": call(ANSWERS, seed=1, replicates=20),
    "psychometrics.reverse_key": call(ANSWERS, items=[0], low=1, high=5),
    "psychometrics.rwg": call(RATINGS, options=5),
    "servqual.bland_altman": call(SERIES, SERIES[::-1]),
    "servqual.communication_gap": call(HOURS[:2], [Measurement(1.0, "h", 9, low=0.5, high=2.0)] * 2),
    "servqual.delivery_gap": call(EVENTS, SIZES, np.full(N, 0.5)),
    "servqual.difference_reliability": call(
        perception_deviation=1.0, expectation_deviation=1.0, perception_reliability=0.8,
        expectation_reliability=0.8, correlation=0.5,
    ),
    "servqual.five_gaps": call(),
    "servqual.gap_analysis": call(ANSWERS, ANSWERS[::-1], dimensions=list("xxyy")),
    "servqual.knowledge_gap": call(ANSWERS, ANSWERS[:9], dimensions=list("xxyy")),
    "servqual.servperf": call(ANSWERS, dimensions=list("xxyy")),
    "servqual.spearman": call(SERIES, SERIES[::-1]),
    "servqual.standards_gap": call(HOURS, HOURS[::-1]),
    "servqual.technical_vs_perceived": call(SERIES, SERIES[::-1]),
    "servqual.zone_of_tolerance": call(ANSWERS, ANSWERS, ANSWERS, dimensions=list("xxyy")),
    "kano.better_worse": call({"A": 3, "O": 2, "M": 4, "I": 1}),
    "kano.fong_test": call({"A": 3, "O": 2}),
    "kano.classify": call(ANSWERS, ANSWERS[::-1]),
    "kano.continuous_kano": call(ANSWERS, ANSWERS[::-1]),
    "kano.penalty_reward": call(ANSWERS, RATINGS, low=2, high=4),
    "importance.importance_performance": call(ANSWERS, importance=ANSWERS[::-1], seed=1, replicates=20),
    "index.ahp_weights": call([[1, 2], [0.5, 1]]),
    "index.critic_weights": call(ANSWERS),
    "index.definition_of_document": call(INDEX.definition.document),
    "index.entropy_weights": call(ANSWERS),
    "index.normalise": call(SERIES, scale=Goalposts(0, 10)),
    "index.topsis": call(ANSWERS, weights=[0.25] * 4),
    "spc.average_run_length": call("shewhart"),
    **{f"spc.{name}_chart": call(EVENTS, SIZES) for name in ("p", "laney_p", "u", "laney_u")},
    **{f"spc.{name}_charts": call([EVENTS, EVENTS], [SIZES, SIZES]) for name in ("laney_p", "laney_u")},
    **{f"spc.{name}_chart": call(EVENTS) for name in ("c", "g")},
    **{f"spc.{name}_chart": call(SERIES) for name in ("i_mr", "ewma", "cusum")},
    "spc.np_chart": call(EVENTS, size=40),
    "spc.t_chart": call(HOURS),
    "spc.xbar_r_chart": call(ANSWERS),
    "spc.xbar_s_chart": call(ANSWERS),
    "trend.change_points": call(SERIES),
    "trend.difference_in_differences": call(SERIES, YES, SEEN),
    "trend.interrupted_time_series": call(SERIES, intervention=12),
    "trend.mann_kendall": call(SERIES),
    "trend.sen_slope": call(SERIES),
    "trend.verify_improvement": call(SERIES, intervention=12, better="lower"),
    "survival.aalen_johansen": call(HOURS, GROUPS, censored="a"),
    "survival.cox": call(HOURS, SEEN, SERIES),
    "survival.kaplan_meier": call(HOURS, SEEN),
    "survival.log_rank": call(HOURS, SEEN, GROUPS),
    "survival.mean_cumulative_function": call([0, 0, 1], [1.0, 2.0, 3.0], observed_until=[5.0, 5.0]),
    "survival.nelson_aalen": call(HOURS, SEEN),
    "survival.quantile": call(HOURS, SEEN),
    "survival.restricted_mean": call(HOURS, SEEN, horizon=20.0),
    "dependability.availability": call(TIMES, TIMES + 60, from_s=0, to_s=86_400),
    "dependability.budget_used": call(2.0, window_s=60, period_s=600),
    "dependability.burn_rate": call(2, 100, objective=0.99),
    "dependability.burn_rate_alerts": call(EVENTS, SIZES, objective=0.99, slot_s=300),
    "dependability.error_budget": call(0.99, total=100.0),
    "dependability.graph_availability": call("s", parts={"a": 0.9}, needs={"s": ["a"]}),
    "dependability.k_of_n": call([0.9, 0.8], needed=1),
    "dependability.mtbf": call(100.0, 3),
    "dependability.mtbsi": call(100.0, 3),
    "dependability.mttr": call(HOURS),
    "dependability.parallel": call([0.9, 0.8]),
    "dependability.poisson_limits": call(3),
    "dependability.series": call([0.9, 0.8]),
    "dependability.union_of_outages": call(TIMES, TIMES + 60),
    "service.backlog_age": call(TIMES, cut_s=10**6),
    "service.chance_recurrence": call(HOURS / 10**6, window_s=100),
    "service.closure_rate": call(TIMES, TIMES + 60, cut_s=10**7),
    "service.commitment_attainment": call(TIMES, TIMES + 60, cut_s=10**6),
    "service.first_contact_resolution": call(
        TIMES, YES, transferred=SEEN, reopened=YES, requester_topic=np.arange(N), cut_s=10**7
    ),
    "service.flow_efficiency": call(TIMES, TIMES * 2 + 1),
    "service.history_rate": call([1, 2], [1, 2], [3, 4], from_s=0, to_s=9),
    "service.littles_law_check": call(TIMES, TIMES + 60, from_s=0, to_s=86_400),
    "service.recurrence_rate": call(np.arange(N) % 3, TIMES, TIMES + 60, matcher="m", cut_s=10**7),
    "service.reopen_rate": call(TIMES, TIMES + 60, cut_s=10**7, window_s=600),
    "service.response_time": call(TIMES, SEEN),
    "service.restore_time": call(TIMES, SEEN),
    "sampling.discovery_limit": call(60),
    "sampling.discovery_sample_size": call(rate=0.05),
    "sampling.hypergeometric_sample_size": call(200, rate=0.05),
    "sampling.multi_site_sample_size": call(9),
    "sampling.stratified_sample": call(GROUPS, size=6, seed=1),
}  # fmt: skip


def spoilt(value: Any) -> Iterator[tuple[str, Any]]:
    """Ways to spoil one argument."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield from (("NaN", math.nan), ("infinite", math.inf), ("negative", -1), ("zero", 0))
    if not isinstance(value, list | np.ndarray) or isinstance(value[0], Measurement):
        return
    array = np.asarray(value)
    for size in (0, 1, 2):
        yield f"n = {size}", array[:size]
    yield "constant", np.full(array.shape, array.flat[0])
    yield "reversed", array[::-1]
    yield "one longer", np.concatenate((array, array[:1]))
    yield "more dimensions", array[None]
    if array.dtype.kind in "fiu":
        for name, bad in (("NaN", math.nan), ("infinite", math.inf), ("negative", -5)):
            changed = array.astype(float)
            changed.flat[0] = bad
            yield name, changed
        yield "text", np.full(array.shape, "x")


CASES = [
    pytest.param(name, place, bad, id=f"{name}-{place}-{how}")
    for name, (arguments, options) in GOOD.items()
    for place, value in (*enumerate(arguments), *options.items())
    if place not in ("seed", "replicates")
    for how, bad in spoilt(value)
]
NAN_BY_CONTRACT = {
    "spc.laney_p_charts", "spc.laney_u_charts", "psychometrics.reverse_key", "index.normalise",
}  # fmt: skip
"""Arrays in which NaN marks what was not given or, with a flag, that there are no limits."""


def function_of(name: str) -> Callable[..., object]:
    module, _, function = name.partition(".")
    found: Callable[..., object] = getattr(import_module(f"zhiheng.measure.{module}"), function)
    return found


def numbers(result: object) -> Iterator[float]:
    """Every number of a result, however deep."""
    if isinstance(result, float | np.floating):
        yield float(result)
    elif isinstance(result, np.ndarray):
        yield from result[np.isfinite(result) == 0].ravel().tolist() if result.dtype.kind == "f" else ()
    elif dataclasses.is_dataclass(result) and not isinstance(result, type):
        for field in dataclasses.fields(result):
            yield from numbers(getattr(result, field.name))
    elif isinstance(result, Mapping):
        for value in result.values():
            yield from numbers(value)
    elif isinstance(result, list | tuple):
        for value in result:
            yield from numbers(value)


def test_every_public_function_is_among_them() -> None:
    modules = {name.partition(".")[0] for name in GOOD}
    public = {
        f"{module}.{name}"
        for module in modules
        for name in import_module(f"zhiheng.measure.{module}").__all__
        if inspect.isfunction(getattr(import_module(f"zhiheng.measure.{module}"), name))
    }
    assert set(GOOD) == public


@pytest.mark.parametrize("name", list(GOOD))
def test_the_good_call_works_and_prints(name: str) -> None:
    arguments, options = GOOD[name]
    result = function_of(name)(*arguments, **options)
    assert not any(math.isnan(number) for number in numbers(result))
    assert str(result)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "place", "bad"), CASES)
def test_bad_input_is_refused_by_name_or_flagged(name: str, place: int | str, bad: object) -> None:
    arguments, options = GOOD[name]
    if isinstance(place, int):
        arguments = (*arguments[:place], bad, *arguments[place + 1 :])
    else:
        options = options | {place: bad}
    try:
        result = function_of(name)(*arguments, **options)
    except MeasureError as refused:
        assert refused.argument and refused.rule
        return
    assert str(result)
    if name not in NAN_BY_CONTRACT:
        assert not any(math.isnan(number) for number in numbers(result)), result
