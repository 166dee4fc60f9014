"""Average run lengths: closed forms, simulation, and the charts themselves."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from zhiheng.measure.errors import MeasureError
from zhiheng.measure.spc import (
    LIMITS_ONLY,
    NELSON,
    WESTERN_ELECTRIC,
    Limits,
    Rule,
    average_run_length,
    i_mr_chart,
)


@pytest.mark.parametrize("shift", [0.0, 0.7, -1.0, 3.0])
def test_limits_alone_are_geometric(shift: float) -> None:
    beyond = stats.norm.sf(3 - shift) + stats.norm.cdf(-3 - shift)
    assert average_run_length("shewhart", shift=shift).average == pytest.approx(1 / beyond, rel=1e-9)
    alone = average_run_length("ewma", weight=1, sigmas=3, shift=shift)
    assert alone.average == pytest.approx(1 / beyond, rel=1e-9)


def test_a_run_on_one_side_has_a_closed_form() -> None:
    # Eight in a row on one side: a run of seven equal tosses after the first, 2^8 − 1 tosses.
    rule = (Rule("R", "same_side", 8, 8),)
    assert average_run_length("shewhart", rules=rule).average == pytest.approx(255)


@pytest.mark.parametrize("rules", [WESTERN_ELECTRIC, NELSON[:2] + NELSON[4:5]])
def test_zone_rules_against_the_chart_itself(rules: tuple[Rule, ...]) -> None:
    values = np.random.default_rng(11).normal(0.8, 1, (600, 400))
    limits = Limits("i", 0.0, 1.0, 1.0, 30)
    first = [i_mr_chart(row, limits=limits, rules=rules).location.signals[0].position + 1 for row in values]
    expected = average_run_length("shewhart", rules=rules, shift=0.8).average
    assert expected == pytest.approx(np.mean(first), abs=4 * np.std(first) / np.sqrt(len(first)))


def length_over_histories(rules: tuple[Rule, ...]) -> float:
    """Σ P(no signal yet) over all points, by moving the mass of every history of four zones and a run.

    Zones 1, 2, 3 lie above the centre and 4, 5, 6 below it, 0 is before the first point. Unlike the library's chain
    nothing is merged, and there is no system to solve.
    """
    zones = (1, 2, 3, 4, 5, 6)
    edges = stats.norm.cdf([0, 1, 2, 3])
    shares = dict(zip(zones, [*np.diff(edges), *np.diff(edges)], strict=True))
    history = np.indices((7, 7, 7, 7, 15)).reshape(5, -1)
    past, run = history[:4], history[4] - 7
    moves = []
    for zone in zones:
        points = np.vstack((np.full(past.shape[1], zone), past))
        level = np.where(points > 3, points - 4, points - 1)  # 0, 1, 2 sigmas at least
        same = (points > 3) == (zone > 3)
        signal = np.zeros(past.shape[1], bool)
        for rule in rules:
            if rule.kind == "beyond" and rule.sigmas < 3:
                far = (points > 0) & same & (level >= rule.sigmas)
                signal |= far[0] & (far[: rule.window].sum(axis=0) >= rule.hits)
        side = -1 if zone > 3 else 1
        longer = np.where(run * side > 0, run + side, side)
        if any(rule.kind == "same_side" for rule in rules):
            signal |= np.abs(longer) >= 8
        after = np.ravel_multi_index(
            (np.full(past.shape[1], zone), *past[:3], np.clip(longer, -7, 7) + 7), (7, 7, 7, 7, 15)
        )
        moves.append((shares[zone], after, ~signal))
    mass = np.zeros(past.shape[1])
    mass[np.ravel_multi_index((0, 0, 0, 0, 7), (7, 7, 7, 7, 15))] = 1.0
    total, left = 0.0, 1.0
    for _ in range(400):
        total += left
        moved = sum(np.bincount(after, share * mass * going, mass.size) for share, after, going in moves)
        mass, before, left = np.asarray(moved), left, float(np.sum(moved))
    # What is left falls by the same factor at every further point.
    return total + left / (1 - left / before)


@pytest.mark.slow
@pytest.mark.parametrize("chosen", [(0, 1), (0, 2), (0, 3), (0, 1, 2, 3)])
def test_zone_rules_against_all_histories(chosen: tuple[int, ...]) -> None:
    rules = tuple(WESTERN_ELECTRIC[k] for k in chosen)
    expected = average_run_length("shewhart", rules=rules).average
    assert length_over_histories(rules) == pytest.approx(expected, rel=1e-6)


def test_drift_charts_against_simulation() -> None:
    values = np.random.default_rng(5).normal(1, 1, (4000, 150))
    smooth = np.zeros(4000)
    high = low = np.zeros(4000)
    ewma, cusum = np.zeros(4000), np.zeros(4000)
    for t in range(150):
        smooth = 0.2 * values[:, t] + 0.8 * smooth
        high, low = np.maximum(high + values[:, t] - 0.5, 0), np.maximum(low - values[:, t] - 0.5, 0)
        ewma[(ewma == 0) & (np.abs(smooth) > 2.962 * np.sqrt(0.2 / 1.8))] = t + 1
        cusum[(cusum == 0) & (np.maximum(high, low) > 5)] = t + 1
    for name, lengths in (("ewma", ewma), ("cusum", cusum)):
        assert lengths.all()
        expected = average_run_length(name, shift=1).average  # type: ignore[arg-type]
        assert expected == pytest.approx(lengths.mean(), abs=4 * lengths.std() / 63)


def test_one_side_waits_longer() -> None:
    both = average_run_length("cusum", decision=4)
    one = average_run_length("cusum", decision=4, two_sided=False)
    assert one.average == pytest.approx(2 * both.average)
    assert str(both) == "167.7 points (cusum, shift 0 sigma, integral equation)"


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: average_run_length("mystery"), "chart"),  # type: ignore[arg-type]
        (lambda: average_run_length("shewhart", shift=float("nan")), "shift"),
        (lambda: average_run_length("shewhart", rules=NELSON), "rules"),
        (lambda: average_run_length("shewhart", rules=()), "rules"),
        (lambda: average_run_length("ewma", weight=1.5), "weight"),
        (lambda: average_run_length("ewma", sigmas=-1), "sigmas"),
        (lambda: average_run_length("cusum", reference=0), "reference"),
        (lambda: average_run_length("cusum", decision=0), "decision"),
    ],
)
def test_bad_input_names_the_argument(call: object, argument: str) -> None:
    with pytest.raises(MeasureError) as caught:
        call()  # type: ignore[operator]
    assert caught.value.argument == argument


def test_the_default_is_the_limits_alone() -> None:
    assert average_run_length("shewhart") == average_run_length("shewhart", rules=LIMITS_ONLY)
