"""The report on the sample export: every published fact of it, traps included."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from zhiheng.analyze.command import main
from zhiheng.analyze.facts import build
from zhiheng.analyze.facts.lifecycle import NEVER
from zhiheng.analyze.readers import read
from zhiheng.measure.calendar import always
from zhiheng.measure.service.recurrence import chance_recurrence

SAMPLE = Path(__file__).parents[4] / "samples" / "servicenow_incident_events.csv.gz"
MAY_END = 1464652800
DAY = 86_400

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not SAMPLE.exists(), reason="the sample export is not in this checkout"),
]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return analysed(tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="module")
def cut(tmp_path_factory):
    return analysed(tmp_path_factory.mktemp("cut"), "--to", "2016-05-31")


def analysed(folder, *options):
    out = folder / "report.json"
    assert main([str(SAMPLE), "--json", str(out), "--lang", "en", *options]) == 0
    return json.loads(out.read_text(encoding="utf-8"))


def test_size_and_flow(whole):
    log, flow = whole["log"], whole["flow"]
    assert (log["cases"], log["events"], log["activities"], log["variants"]) == (24_918, 141_712, 9, 2_080)
    assert len(flow["arcs"]) == 50
    assert sum(arc["count"] for arc in flow["arcs"]) == 116_794
    assert "-100" in {arc["from"] for arc in flow["arcs"]}


def test_durations(whole):
    hours = whole["durations"]["open_to_resolved_hours"]
    assert hours["n"] == 23_362
    assert hours["p50"] == pytest.approx(22.100, abs=5e-4)
    assert hours["p90"] == pytest.approx(381.548, abs=5e-4)
    assert hours["p95"] == pytest.approx(710.518, abs=5e-4)


def test_cases(whole):
    cases = whole["cases"]
    assert (cases["reopened"], cases["reassigned"], cases["unresolved"]) == (275, 11_369, 1_556)
    assert (cases["team_changes_2"], cases["team_changes_3"], cases["ping_pong"]) == (4_263, 2_243, 2_216)
    assert (cases["priority_changed"], cases["waited_customer"]) == (383, 5_471)


@pytest.mark.slow
def test_cut_at_the_end_of_may(cut):
    assert cut["window"]["cut_s"] == MAY_END
    assert (cut["cases"]["received_in_window"], cut["cases"]["open_at_cut"]) == (24_344, 2_801)
    within = {item["days"]: (round(100 * item["value"], 2), item["n"]) for item in cut["resolved_within"]}
    assert within == {5: (66.19, 23_739), 10: (77.32, 22_727), 30: (87.92, 17_137)}


@pytest.mark.slow
def test_recurrence_says_its_matcher_and_shows_no_excess(cut):
    found = {item["matcher"]: item for item in cut["recurrence"]}
    rounded = {
        name: (round(100 * item["value"], 2), item["n"]) for name, item in found.items() if item["value"]
    }
    assert rounded == {
        "requester_category_symptom": (15.11, 11_241),
        "requester_subcategory": (27.70, 14_699),
        "location_subcategory": (87.63, 14_702),
    }
    assert found["ci"]["value"] is None
    assert "no_key" in found["ci"]["flags"]
    for name in ("requester_subcategory", "location_subcategory"):
        assert found[name]["excess_low"] <= 0
        assert found[name]["chance"] == pytest.approx(found[name]["value"], abs=0.02)


@cache
def sample_facts():
    return build(read([SAMPLE]), calendar=always())


@pytest.mark.parametrize(
    ("keys", "chance"), [(("requester", "subcategory"), 0.275), (("location", "subcategory"), 0.889)]
)
def test_rough_chance_of_the_published_check(keys, chance):
    log, last = sample_facts().log, sample_facts().traces.last_event
    codes = [log.codes(key)[last] for key in keys]
    known = (codes[0] >= 0) & (codes[1] >= 0)
    pairs = (codes[0] * 100_000 + codes[1])[known]
    _, where, counts = np.unique(pairs, return_inverse=True, return_counts=True)
    rates = (counts[where] - 1) / (92 * DAY)
    assert chance_recurrence(rates, window_s=30 * DAY) == pytest.approx(chance, abs=5e-4)


@pytest.mark.slow
def test_critical_incidents_within_four_hours():
    facts = sample_facts()
    priority = facts.columns["priority"].to_pylist()
    received, resolved = facts.seconds("received_s"), facts.seconds("resolved_s")
    critical = np.array([number == 1 for number in priority])
    quick = critical & (resolved != NEVER) & (resolved <= received + 4 * 3600)
    assert critical.sum() == 270
    assert round(100 * quick.sum() / 270, 2) == 14.44


@pytest.mark.slow
def test_what_the_log_lacks_is_said_not_guessed(cut):
    indicators = cut["indicators"]
    assert "proxy:first_left_new" in indicators["mean_response"]["flags"]
    assert (indicators["csat_rate"]["verdict"], indicators["csat_rate"]["missing"]) == (
        "not_computable",
        ["ratings.score"],
    )
    assert indicators["closure_30d"]["line"] == "second"
    assert len(indicators) == 40
    assert len(cut["defects"]) == 20
    units = {item["burden"]["unit"] for item in cut["defects"].values() if item["burden"]}
    assert units == {"customer_waiting_hours", "tickets"}
    assert "staff" not in json.dumps([item["burden"] for item in cut["defects"].values()])


def test_sla_mark_of_the_last_row():
    clocks = (
        sample_facts()
        .connection.execute("select count(*) filter (where not missed), count(*) from clocks")
        .fetchone()
    )
    assert round(100 * clocks[0] / clocks[1], 2) == 63.42


@pytest.mark.slow
def test_volume_adds_up(cut):
    periods = cut["volume"]["periods"]
    assert sum(item["received"] for item in periods) == 24_344
    assert periods[-1]["open"] == 2_801
