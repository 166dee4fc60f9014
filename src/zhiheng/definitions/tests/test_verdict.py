"""Verdicts, estimators and the scan over groups, by hand."""

import pytest

from zhiheng.definitions.definition import Formula, Target
from zhiheng.definitions.estimators import count, rate_ratio, workload
from zhiheng.definitions.scan import benjamini_hochberg, one_sided_p, scan_groups
from zhiheng.definitions.verdict import Verdict, judge
from zhiheng.measure.proportion import wilson_interval
from zhiheng.measure.result import Measurement

UP = Target(direction="up", value=0.9, alarm=0.8)


def figure(value, low=None, high=None, n=100, flags=()):
    return Measurement(value=value, unit="share", n=n, low=low, high=high, flags=flags)


@pytest.mark.parametrize(
    ("measurement", "target", "verdict"),
    [
        (figure(0.95, 0.92, 0.97), UP, Verdict("met")),
        (figure(0.91, 0.88, 0.94), UP, Verdict("met", uncertain=True)),
        (figure(0.89, 0.86, 0.91), UP, Verdict("not_met", uncertain=True)),
        (figure(0.70, 0.65, 0.75), UP, Verdict("not_met", alarm=True)),
        (figure(0.95, 0.92, 0.97, n=29), UP, Verdict("not_enough_data")),
        (figure(None), UP, Verdict("not_enough_data")),
        (figure(0.9, 0.8, 0.95, flags=("too_many_without_key",)), UP, Verdict("not_enough_data")),
        (figure(1.0, 0.98, 1.0), Target(direction="up", value=1.0), Verdict("met")),
        (figure(0.7, 0.6, 0.8), Target(direction="band", low=0.6, high=0.85), Verdict("met")),
        (
            figure(0.9, 0.8, 0.95),
            Target(direction="band", low=0.6, high=0.85),
            Verdict("not_met", uncertain=True),
        ),
        (figure(0.7, 0.6, 0.8), Target(direction="down"), Verdict("no_target")),
        (figure(3.0), Target(direction="down", value=2.0), Verdict("not_met")),
    ],
)
def test_the_point_decides_and_the_interval_doubts(measurement, target, verdict):
    assert judge(measurement, target, minimum_n=30) == verdict


def test_a_missing_column_outranks_everything():
    assert judge(figure(0.95), UP, minimum_n=30, missing=("loop_s",)) == Verdict(
        "not_computable", missing=("loop_s",)
    )


def test_benjamini_hochberg_on_the_paper_example():
    # Benjamini & Hochberg 1995, §3.2: fifteen p-values, at 5 % the first four are rejected.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324]
    p += [0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    assert benjamini_hochberg(p, level=0.05) == [True] * 4 + [False] * 11
    assert benjamini_hochberg([], level=0.05) == []
    assert benjamini_hochberg([0.9, 0.01], level=0.05) == [False, True]


def test_p_values_of_shares_and_means():
    # 60 of 100 against one half: z = 2, one-sided 0.02275.
    assert one_sided_p(wilson_interval(60, 100), watch=0.5, direction="up") == pytest.approx(
        0.0227501, abs=1e-6
    )
    assert one_sided_p(wilson_interval(60, 100), watch=0.5, direction="down") == pytest.approx(
        0.9772499, abs=1e-6
    )
    mean = figure(3.0, 3.0 - 1.959963984540054, 3.0 + 1.959963984540054)
    assert one_sided_p(mean, watch=1.0, direction="up") == pytest.approx(0.0227501, abs=1e-6)
    assert one_sided_p(figure(3.0), watch=1.0, direction="up") == 1.0


def test_the_scan_keeps_the_worst_three():
    groups = [("team", f"t{n}", wilson_interval(20 + 10 * n, 100)) for n in range(6)]
    found = scan_groups(groups, watch=0.25, direction="up")
    assert [item.name for item in found] == ["t5", "t4", "t3"]
    assert all(item.significant for item in found)
    assert scan_groups(groups, watch=0.9, direction="up") == ()


def formula(estimator, **parameters):
    return Formula(
        estimator=estimator, needs=(), unit="x", minimum_n=1, cohort="point", parameters=parameters
    )


def test_workload_is_open_work_in_weeks_of_closures():
    rows = [{"open": 60, "closures": 90, "window_s": 3 * 604800}]
    estimate = workload(rows, formula("workload"))
    assert estimate.measurement.value == pytest.approx(2.0)
    assert estimate.measurement.low < 2 < estimate.measurement.high
    assert workload([], formula("workload")).measurement.value is None


def test_rate_ratio_compares_events_per_exposure():
    row = {"events": 30, "earlier": 45, "exposure": 10, "earlier_exposure": 30}
    estimate = rate_ratio([row], formula("rate_ratio"))
    assert estimate.measurement.value == pytest.approx((30 / 10) / (45 / 30))
    share = wilson_interval(30, 75)
    assert estimate.measurement.low == pytest.approx(3 * share.low / (1 - share.low))
    assert rate_ratio([row | {"earlier_exposure": 0}], formula("rate_ratio")).measurement.value is None


def test_a_count_has_no_interval():
    measurement = count([{"numerator": 2, "denominator": 7}], formula("count")).measurement
    assert (measurement.value, measurement.n, measurement.low) == (2.0, 7, None)
