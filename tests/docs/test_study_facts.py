"""What the studies conclude, computed a second time with other packages or by plain counting."""

from __future__ import annotations

import csv
import gzip
import math
from collections import Counter, defaultdict
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest
from lifelines import KaplanMeierFitter
from lifelines.statistics import multivariate_logrank_test
from scipy import stats
from statsmodels.stats.multitest import multipletests

from studies import improvement, kiosk, recurrence, resolution, stability
from studies.incident_log import CUT, DAY_S, FIRST_MONDAY, LOG, read_incidents
from studies.kiosk_survey import KANO_ANSWERS, SURVEY, place_columns, read_items, read_survey
from zhiheng.measure.service import NEVER

pytestmark = pytest.mark.slow
BERGER = {"11": "Q", "15": "O", "55": "Q"}
MONDAY = datetime(2016, 2, 29, tzinfo=UTC)


def stamp(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=UTC)


@pytest.fixture(scope="module")
def survey_rows() -> list[list[str]]:
    with gzip.open(SURVEY, "rt", encoding="utf-8-sig", newline="") as lines:
        return list(csv.reader(lines))


@pytest.fixture(scope="module")
def study() -> kiosk.KioskStudy:
    return kiosk.study("en")


class TestTheSurvey:
    def test_columns_are_where_a_reader_of_the_headings_puts_them(self, survey_rows: list[list[str]]) -> None:
        placed = place_columns(survey_rows[0])
        # Read by hand: question 8 stands after question 9, Kano 5 and 28-2 near the end of the file.
        assert placed["expectation"][6:10] == [15, 19, 17, 21]
        assert placed["perception"][23] == 50
        assert placed["functional"][3:6] == [57, 153, 59]
        assert placed["dysfunctional"][27] == 155
        assert (placed["importance"][7], placed["importance"][8]) == (120, 105)
        assert placed["overall"] == [158, 159, 160, 161]
        assert sum(len(columns) for columns in placed.values()) == 4 * 24 + 2 * 29 + 4

    def test_a_heading_that_is_missing_or_twice_there_is_refused(self, survey_rows: list[list[str]]) -> None:
        headings = survey_rows[0]
        with pytest.raises(ValueError, match="two columns for perception 2"):
            place_columns([*headings, headings[6]])
        with pytest.raises(ValueError, match="not every question"):
            place_columns([*headings[:3], *headings[4:]])

    def test_who_answered(self, survey_rows: list[list[str]]) -> None:
        survey = read_survey()
        assert (survey.n, int(survey.answered.sum()), survey.never_used) == (211, 207, 4)
        assert (survey.women, survey.in_their_twenties) == (155, 203)
        for table in (survey.expectation, survey.satisfaction, survey.functional):
            # Nobody answers in part: who has used a kiosk answered everything.
            assert np.array_equal(np.isnan(table).all(axis=1), ~survey.answered)
            assert not np.isnan(table[survey.answered]).any()

    def test_names_of_questions_and_features(self) -> None:
        items = read_items()
        assert sorted(item.question for item in items if item.question) == list(range(1, 25))
        assert {item.feature for item in items} == set(range(1, 30))
        sizes = Counter(item.dimension for item in items if item.dimension)
        assert sizes == {
            "usefulness": 3, "tangibles": 4, "control": 2, "economy": 3, "convenience": 5, "security": 3,
        }  # fmt: skip


class TestGaps:
    def test_gaps_and_their_tests(self, study: kiosk.KioskStudy) -> None:
        survey = study.survey
        e, p = survey.expectation[survey.answered], survey.perception[survey.answered]
        tests = stats.ttest_rel(p, e)
        adjusted = multipletests(tests.pvalue, method="holm")[1]
        limits = tests.confidence_interval()
        for i, gap in enumerate(study.items.items):
            assert gap.gap.value == pytest.approx((p - e)[:, i].mean(), abs=1e-12)
            assert gap.p_holm == pytest.approx(adjusted[i], rel=1e-6)
            assert (gap.gap.low, gap.gap.high) == pytest.approx((limits.low[i], limits.high[i]), abs=1e-9)
        assert sum(1 for i in range(24) if adjusted[i] < 0.05 and (p - e)[:, i].mean() < 0) == 20

    def test_alphas_by_their_formula(self, study: kiosk.KioskStudy) -> None:
        survey = study.survey
        for check in study.dimensions.checks:
            chosen = [i for i, item in enumerate(survey.questions) if item.dimension == check.name]
            answers = survey.perception[survey.answered][:, chosen]
            k = len(chosen)
            alpha = k / (k - 1) * (1 - answers.var(axis=0, ddof=1).sum() / answers.sum(axis=1).var(ddof=1))
            assert check.alpha_perception == pytest.approx(alpha, abs=1e-9)

    def test_security_has_the_widest_gap_of_all_dimensions(self, study: kiosk.KioskStudy) -> None:
        widest = min(study.dimensions.dimensions, key=lambda gap: gap.gap.value or 0.0)
        assert widest.name == "security"
        narrowest = max(study.dimensions.dimensions, key=lambda gap: gap.gap.value or 0.0)
        assert narrowest.name == "tangibles" and not narrowest.clear


class TestKano:
    def test_counts_by_reading_every_pair(
        self, study: kiosk.KioskStudy, survey_rows: list[list[str]]
    ) -> None:
        placed = place_columns(survey_rows[0])
        for k, feature in enumerate(study.features.features):
            tally: Counter[str] = Counter()
            for row in survey_rows[1:]:
                have, lack = row[placed["functional"][k]], row[placed["dysfunctional"][k]]
                if not have or not lack:
                    continue
                pair = f"{KANO_ANSWERS[have]}{KANO_ANSWERS[lack]}"
                fallback = "A" if pair[0] == "1" else "R" if "1" in pair[1] or pair[0] == "5" else "I"
                tally[BERGER.get(pair, "M" if pair[1] == "5" and pair[0] != "5" else fallback)] += 1
            assert {c: n for c, n in feature.counts.items() if n} == dict(tally)

    def test_security_must_be_there(self, study: kiosk.KioskStudy) -> None:
        for number in (21, 22, 23):
            feature = study.features.features[number - 1]
            assert feature.category == "M" and "undetermined" not in feature.flags


class TestImportance:
    def test_what_is_surely_important_and_unsatisfying(self, study: kiosk.KioskStudy) -> None:
        survey = study.survey
        importance = survey.importance[survey.answered].mean(axis=0)
        satisfied = survey.satisfaction[survey.answered].mean(axis=0)
        below = (importance >= importance.mean()) & (satisfied < satisfied.mean())
        assert {i + 1 for i in np.flatnonzero(below)} >= {16, 23}
        names = {survey.questions[i - 1].names["en"] for i in (16, 23)}
        assert set(study.stated.in_quadrant("concentrate")) == names

    def test_looks_and_fun_matter_least(self, study: kiosk.KioskStudy) -> None:
        survey = study.survey
        importance = survey.importance[survey.answered].mean(axis=0)
        assert {int(i) + 1 for i in np.argsort(importance)[:4]} == {4, 5, 6, 22}
        assert all(
            not g.clear or (g.gap.value or 0) > 0 for g in (study.items.items[i - 1] for i in (4, 5, 6, 22))
        )

    def test_saving_time_explains_most_of_overall_satisfaction(self, study: kiosk.KioskStudy) -> None:
        survey = study.survey
        names = [point.name for point in study.derived.points]
        members = [[i for i, q in enumerate(survey.questions) if q.dimension == name] for name in names]
        satisfied = survey.satisfaction[survey.answered]
        x = np.column_stack([satisfied[:, chosen].mean(axis=1) for chosen in members])
        y = survey.overall[survey.answered].mean(axis=1)
        # Leaving it out of the six costs more R² than leaving out any other.
        losses = {
            name: r_squared(x, y) - r_squared(np.delete(x, i, axis=1), y) for i, name in enumerate(names)
        }
        assert max(losses, key=lambda name: losses[name]) == "economy"
        total = sum(point.importance.value or 0 for point in study.derived.points)
        assert total == pytest.approx(r_squared(x, y), abs=1e-9)
        assert max(study.derived.points, key=lambda p: p.importance.value or 0).name == "economy"


def r_squared(x: np.ndarray, y: np.ndarray) -> float:
    design = np.column_stack((np.ones(len(x)), x))
    residual = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    return float(1 - residual @ residual / ((y - y.mean()) @ (y - y.mean())))


@pytest.fixture(scope="module")
def log_rows() -> dict[str, list[dict[str, str]]]:
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    with gzip.open(LOG, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            rows[row["number"]].append(row)
    return rows


def test_resolution_where_the_stamp_is_missing(log_rows: dict[str, list[dict[str, str]]]) -> None:
    # Where both are known, the turn to "Resolved" in the log is the stamp of the system, to the minute.
    same = []
    for rows in log_rows.values():
        states = ["", *(row["incident_state"] for row in rows)]
        turns = [
            row for row, (old, new) in zip(rows, pairwise(states), strict=True) if new == "Resolved" != old
        ]
        if turns and rows[-1]["resolved_at"] != "?":
            same.append(stamp(turns[-1]["sys_updated_at"]) == stamp(rows[-1]["resolved_at"]))
    assert np.mean(same) > 0.985
    incidents = read_incidents()
    assert int((~incidents.stamped).sum()) == 1556
    assert int((~incidents.stamped & (incidents.resolved < NEVER)).sum()) == 1543
    assert incidents.n == 24_918


def test_curves_by_priority_against_lifelines() -> None:
    incidents, found = read_incidents(), resolution.study()
    before = incidents.opened < CUT
    hours = (np.minimum(incidents.resolved, CUT) - incidents.opened)[before] / 3600
    seen = (incidents.resolved <= CUT)[before]
    for name, curve in found.curves.items():
        chosen = incidents.priority[before] == name
        fitted = KaplanMeierFitter().fit(hours[chosen], seen[chosen])
        left = fitted.survival_function_["KM_estimate"]
        for share in (0.5, 0.9):
            assert curve.quantile(share).value == pytest.approx(left.index[left <= 1 - share + 1e-12][0])
        assert curve.at(120).value == pytest.approx(fitted.predict(120), abs=1e-9)
    test = multivariate_logrank_test(hours, incidents.priority[before], seen)
    assert found.test.statistic == pytest.approx(test.test_statistic, rel=1e-6)
    medians = [found.curves[name].quantile() for name in "13"]
    # Urgent incidents are not solved faster: the intervals of the medians lie apart.
    assert medians[0].low is not None and medians[1].high is not None and medians[0].low > medians[1].high
    assert found.still_open == int((~seen).sum()) == 1265


def test_charts_by_hand_arithmetic(log_rows: dict[str, list[dict[str, str]]]) -> None:
    missed: Counter[int] = Counter()
    opened: Counter[int] = Counter()
    for rows in log_rows.values():
        day = (stamp(rows[0]["opened_at"]) - MONDAY).days
        opened[day] += 1
        missed[day] += rows[-1]["made_sla"] == "false"
    days = [day for day in range(92) if day % 7 < 5]
    found = stability.study()
    settled = days[25:55]
    centre = sum(missed[d] for d in settled) / sum(opened[d] for d in settled)
    spread = [math.sqrt(centre * (1 - centre) / opened[d]) for d in settled]
    z = [(missed[d] / opened[d] - centre) / s for d, s in zip(settled, spread, strict=True)]
    sigma_z = sum(abs(b - a) for a, b in pairwise(z)) / 29 / 1.128
    assert found.phase_1.limits is not None
    assert found.phase_1.limits.centre == pytest.approx(centre, rel=1e-12)
    assert found.phase_1.limits.factor == pytest.approx(sigma_z, rel=1e-9)
    out = [k for k, score in enumerate(z) if abs(score) > 3 * sigma_z]
    assert list(found.phase_1.out_of_limits) == out == [12]
    later = [
        (missed[d] / opened[d] - centre) / math.sqrt(centre * (1 - centre) / opened[d]) for d in days[55:]
    ]
    assert max(abs(score) for score in later) < 3 * sigma_z
    assert not found.phase_2.signals
    assert len(found.plain_2.out_of_limits) == sum(abs(score) > 3 for score in later)
    # More than 90 % missed: seven working days, one after the other.
    bad = [k for k, d in enumerate(days) if missed[d] > 0.9 * opened[d]]
    assert bad == list(range(5, 12))


def test_recurrence_by_going_through_the_incidents_of_each_key() -> None:
    incidents, found = read_incidents(), recurrence.study()
    by_key: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for caller, sub, opened, resolved in zip(
        incidents.caller, incidents.subcategory, incidents.opened, incidents.resolved, strict=True
    ):
        if "?" not in (caller, sub):
            by_key[caller, sub].append((int(opened), int(resolved)))
    followed = counted = 0
    chances = []
    for faults in by_key.values():
        onsets = sorted(onset for onset, _ in faults)
        for _, restored in faults:
            chances.append(1 - math.exp(-(len(faults) - 1) / 92 * 30))
            if restored <= CUT - 30 * DAY_S:
                counted += 1
                followed += any(restored < onset <= restored + 30 * DAY_S for onset in onsets)
    result = found.by_matcher["caller_subcategory"]
    assert (result.rate.numerator, result.rate.denominator) == (followed, counted)
    assert result.chance == pytest.approx(np.mean(chances), rel=1e-9)
    # The conclusion: no more than a point over chance, whatever the matcher.
    for each in found.by_matcher.values():
        assert each.excess is not None and each.excess.value is not None and abs(each.excess.value) < 0.01


class TestImprovement:
    def test_the_days_of_the_team(self, log_rows: dict[str, list[dict[str, str]]]) -> None:
        days = improvement.study().days
        first = int(days.day[0])
        assert (first, FIRST_MONDAY) == (21, int(MONDAY.timestamp()))
        logs = []
        for rows in log_rows.values():
            last = rows[-1]
            opened = stamp(last["opened_at"])
            if last["assignment_group"] != "Group 70" or (opened - MONDAY).days != first:
                continue
            turns = [r["sys_updated_at"] for r in rows if r["incident_state"] == "Resolved"]
            text = last["resolved_at"] if last["resolved_at"] != "?" else turns[0] if turns else None
            if text:
                minutes = (stamp(text) - opened).total_seconds() / 60
                logs.append(math.log(max(minutes, 1) / 60))
        assert days.incidents[0] == len(logs)
        assert days.value[0] == pytest.approx(np.mean(logs), abs=1e-9)

    def test_what_was_put_in_is_what_moves_the_effect(self) -> None:
        found = improvement.study()
        nothing, halved = found.nothing_done.effect.value, found.halved.effect.value
        assert nothing is not None and halved is not None
        assert halved - nothing == pytest.approx(math.log(0.5), abs=1e-9)

    def test_the_verdicts(self) -> None:
        found = improvement.study()
        assert found.nothing_done.outcome == "no_effect_shown"
        assert found.halved.outcome == "improved"
        assert found.halved.guards[0].outcome == "held"
        assert found.halved_with_guard_worse.outcome == "no_effect_shown"
        assert found.halved_with_guard_worse.guards[0].outcome == "worsened"

    def test_how_often_it_is_wrong_and_how_often_too_weak(self) -> None:
        rates = improvement.study().rates
        wrong = rates[1.0]["improved"] + rates[1.0]["worse"]
        # 5 % is promised; of 200 that is at most 18 with a probability of 99.5 %.
        assert wrong <= stats.binom.ppf(0.995, improvement.SEEDS, 0.05)
        power = [rates[factor]["improved"] for factor in improvement.FACTORS]
        assert power == sorted(power)
        assert all(found.total() == improvement.SEEDS for found in rates.values())
        assert all(rates[factor]["worse"] <= 2 for factor in (0.65, 0.5))

    def test_shuffling_keeps_the_weekdays(self) -> None:
        days = improvement.study().days
        shuffled = days.shuffled(3)
        assert sorted(shuffled.value) == sorted(days.value)
        for weekday in range(5):
            of_it = days.weekday == weekday
            assert sorted(shuffled.value[of_it]) == sorted(days.value[of_it])
        assert not np.array_equal(shuffled.value, days.value)
