"""The public names: all that was promised is there, keyword-only beyond the data, documented alike, prints readably."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import is_dataclass
from importlib import import_module

import pytest

from zhiheng.measure import satisfaction, service

PROMISED = {
    "proportion": "wilson_interval agresti_coull_interval clopper_pearson_interval jeffreys_interval "
    "newcombe_difference sample_size",
    "satisfaction": "csat net_promoter_score customer_effort response_rate post_stratify effective_sample_size drivers "
    "cluster_interval bootstrap_interval nonresponse_check shrink",
    "psychometrics": "cronbach_alpha mcdonald_omega guttman_lambda6 item_rest kmo bartlett_sphericity "
    "parallel_analysis icc rwg krippendorff_alpha cohen_kappa fleiss_kappa kr20 item_analysis",
    "servqual": "gap_analysis servperf zone_of_tolerance five_gaps technical_vs_perceived",
    "kano": "classify better_worse fong_test continuous_kano penalty_reward",
    "importance": "importance_performance",
    "index": "normalise ahp_weights entropy_weights critic_weights topsis CompositeIndex",
    "spc": "i_mr_chart xbar_r_chart xbar_s_chart p_chart laney_p_chart np_chart c_chart u_chart laney_u_chart g_chart "
    "t_chart ewma_chart cusum_chart average_run_length",
    "trend": "mann_kendall sen_slope change_points interrupted_time_series difference_in_differences "
    "verify_improvement",
    "survival": "kaplan_meier log_rank cox aalen_johansen restricted_mean nelson_aalen mean_cumulative_function",
    "dependability": "availability series parallel k_of_n graph_availability mtbf mttr mtbsi error_budget "
    "burn_rate_alerts",
    "service": "response_time restore_time closure_rate reopen_rate recurrence_rate first_contact_resolution "
    "backlog_age commitment_attainment littles_law_check flow_efficiency",
    "sampling": "discovery_sample_size hypergeometric_sample_size stratified_sample",
}
DATA = 4
"""The most arguments by position: the four counts of a difference of two shares."""
YEAR = re.compile(r"\b(1[89]|20)\d\d\b|AAPOR|IAF MD|Mantel|Garwood")
GIVEN = {
    "ServicePeriod",
    "Goalposts",
    "Points",
    "TargetRatio",
    "ZScore",
    "Group",
    "Indicator",
    "Input",
    "Veto",
    "IndexDefinition",
    "CompositeIndex",
    "Removal",
    "Guard",
    "BurnPolicy",
}
"""What is passed in, not given out: it prints as what was given."""
PARTS = {
    "MeanSquares",
    "Option",
    "Standard",
    "Ellipse",
    "Contribution",
    "GroupValue",
    "IndicatorChange",
    "Incidence",
    "CutSet",
    "SampledStratum",
}
"""Parts of a result that prints itself; alone they print as their fields."""
NO_FORMULA = {"five_gaps", "definition_of_document"}
"""What only puts results together or reads a document."""


def functions() -> Iterator[tuple[str, str, Callable[..., object]]]:
    for module in PROMISED:
        loaded = import_module(f"zhiheng.measure.{module}")
        for name in loaded.__all__:
            if inspect.isfunction(getattr(loaded, name)):
                yield module, name, getattr(loaded, name)


def parameters(
    params: list[tuple[str, str, Callable[..., object]]],
) -> list[object]:
    return [pytest.param(function, id=f"{module}.{name}") for module, name, function in params]


ALL = parameters(list(functions()))


@pytest.mark.parametrize(("module", "name"), [(m, n) for m, names in PROMISED.items() for n in names.split()])
def test_what_was_promised_is_public(module: str, name: str) -> None:
    loaded = import_module(f"zhiheng.measure.{module}")
    assert name in getattr(loaded, "__all__")  # noqa: B009 - the name of a module's own list
    assert callable(getattr(loaded, name))


@pytest.mark.parametrize("function", ALL)
def test_only_data_is_passed_by_position(function: Callable[..., object]) -> None:
    kinds = inspect.signature(function).parameters.values()
    positional = [p for p in kinds if p.kind is p.POSITIONAL_OR_KEYWORD]
    assert len(positional) <= DATA
    # An option has a default; of what may be left out by position only the marks of open cases are data.
    assert {p.name for p in positional if p.default is not p.empty} <= {"observed", "zone"}
    assert not [p for p in kinds if p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]


def documented(function: Callable[..., object], seen: frozenset[str] = frozenset()) -> str:
    """A docstring with those of the functions that it refers to: "as for `gap_analysis`"."""
    text = inspect.getdoc(function) or ""
    package = import_module(function.__module__.rsplit(".", 1)[0])
    own = import_module(function.__module__)
    for name in re.findall(r"(?:as (?:for|in)|[Ss]ee|also|of) `(?:\w+\.)?(\w+)`", text):
        other = getattr(own, name, None) or getattr(package, name, None)
        if inspect.isfunction(other) and name not in seen:
            text += "\n" + documented(other, seen | {name})
    return text


@pytest.mark.parametrize("function", ALL)
def test_a_function_says_what_goes_in_what_comes_out_and_where_it_is_from(
    function: Callable[..., object],
) -> None:
    own, text = inspect.getdoc(function) or "", documented(function)
    wanted = [
        p.name
        for p in inspect.signature(function).parameters.values()
        if p.default is p.empty and not re.search(rf"\b{p.name}\b", text)
    ]
    assert not wanted, f"does not say what {wanted} is"
    assert "Unit:" in own, "does not say the unit of what comes out"
    assert "Errors:" in own, "does not say what is refused"
    if function.__name__ not in NO_FORMULA:
        assert YEAR.search(text) or "Source:" in text, "does not say where the method is from"
        assert re.search(r"[=ΣΠ√±×÷/−≤≥·∫%^]", text), "has no formula"


def test_results_are_frozen_and_print_themselves() -> None:
    plain = set()
    for module in PROMISED:
        loaded = import_module(f"zhiheng.measure.{module}")
        for name in loaded.__all__:
            result = getattr(loaded, name)
            if inspect.isclass(result) and is_dataclass(result):
                assert result.__dataclass_params__.frozen, name  # type: ignore[attr-defined]
                plain |= {name} if "__str__" not in vars(result) else set()
    assert plain == GIVEN | PARTS


def test_open_work_and_flow_print_their_figures() -> None:
    assert str(service.backlog_age([0, 86_400], cut_s=172_800)) == (
        "2 open: median 1.5 d, P90 1.9 d, oldest 2 d; aged 0.00% [0.00% … 65.76%] (n=2, 95% wilson)"
    )
    assert str(service.backlog_age([], cut_s=0)).startswith("0 open: median ?, P90 ?, oldest ?; aged not")
    # One arrival that leaves after the half of two days: L = ½, λ = ½ a day, W = 1 day.
    assert str(service.littles_law_check([0], [86_400], from_s=0, to_s=172_800)) == (
        "0.5 open, 0.5 a day, stay 1 d: L / (λ W) = 1 (1 arrivals, 1 departures)"
    )
    assert "stay ?: L / (λ W) = ?" in str(service.littles_law_check([], [], from_s=0, to_s=86_400))


def test_a_stratum_prints_its_mean_and_weight() -> None:
    result = satisfaction.post_stratify(
        [1, 3, 5], ["a", "a", "b"], population={"a": 20, "b": 10, "c": 5}, trim=None
    )
    assert [str(stratum) for stratum in result.strata] == [
        "a: mean 2, weight 1, n=2 of 20",
        "b: mean 5, weight 1, n=1 of 10",
        "c: mean ?, weight ?, n=0 of 5",
    ]
