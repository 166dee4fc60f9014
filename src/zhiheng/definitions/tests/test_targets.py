"""An organisation's own targets: what an indicator allows, which is in force when, and files of them."""

import re
from datetime import date

import pytest

from zhiheng.definitions.definition import Target
from zhiheng.definitions.engine import Figure
from zhiheng.definitions.errors import DefinitionError
from zhiheng.definitions.judging import judged_figure, judged_trend
from zhiheng.definitions.loader import load_indicators
from zhiheng.definitions.target_file import load_targets
from zhiheng.definitions.targets import MESSAGES, TargetError, in_force, judged_day, own_target
from zhiheng.definitions.verdict import Verdict
from zhiheng.measure.result import Measurement

INDICATORS = load_indicators()
CLOSURE, RESPONSE = INDICATORS["closure_30d"], INDICATORS["mean_response"]
JULY, YEAR = date(2026, 7, 1), date(2026, 1, 1)


def own(indicator, scope="all", group="", since=None, **limits):
    return own_target(indicator, limits, where="here", since=since, scope=scope, group=group)


def test_limits_left_out_stay_as_they_were_defined():
    target = own(CLOSURE, target=0.9)
    assert (target.value, target.alarm, target.direction, target.tag) == (0.9, 0.85, "up", "own")
    # An alarm of the definition above a lower target would be nonsense; nobody asked for it.
    assert own(CLOSURE, target=0.8).alarm is None
    assert own(CLOSURE, alarm=0.7).value == 0.95
    band = own(INDICATORS["utilisation"], high=0.9)
    assert (band.low, band.high, band.aim) == (0.6, 0.9, 0.9)
    assert own(RESPONSE, target=1.5).aim == 1.5
    assert own(INDICATORS["nps"], target=-10).value == -10


@pytest.mark.parametrize(
    ("indicator", "limits", "code"),
    [
        ("closure_30d", {}, "nothing"),
        ("nps", {"alarm": 5}, "nothing"),
        ("utilisation", {}, "nothing"),
        ("closure_30d", {"target": 95}, "share"),
        ("closure_30d", {"target": -0.1}, "share"),
        ("mean_response", {"target": -1}, "negative"),
        ("mean_response", {"target": float("inf")}, "number"),
        ("mean_response", {"target": float("nan")}, "number"),
        ("csat_score", {"target": 101}, "range"),
        ("nps", {"target": -101}, "range"),
        ("closure_30d", {"low": 0.5}, "limit"),
        ("closure_30d", {"high": 0.5}, "limit"),
        ("utilisation", {"target": 0.7}, "band"),
        ("utilisation", {"low": 0.9, "high": 0.8}, "order"),
        ("utilisation", {"high": 0.5}, "order"),
        ("closure_30d", {"target": 0.9, "alarm": 0.95}, "alarm"),
        ("mean_response", {"target": 2, "alarm": 1}, "alarm"),
    ],
)
def test_what_an_indicator_does_not_allow_is_refused_with_the_reason(indicator, limits, code):
    with pytest.raises(TargetError) as caught:
        own(INDICATORS[indicator], **limits)
    assert caught.value.code == code
    for language, words in MESSAGES[code].items():
        assert caught.value.text(language).startswith("here")
        assert words.split("{")[0] in caught.value.text(language)


@pytest.mark.parametrize(
    ("scope", "group", "code"),
    [
        ("planet", "a", "scope"),
        ("all", "a", "group"),
        ("service", "", "group"),
        ("priority", "high", "priority"),
        ("priority", "0", "priority"),
    ],
)
def test_a_scope_names_its_group(scope, group, code):
    with pytest.raises(TargetError) as caught:
        own(CLOSURE, scope, group, target=0.9)
    assert caught.value.code == code


def test_the_latest_target_that_has_come_into_force_judges():
    always = own(CLOSURE, target=0.7)
    year = own(CLOSURE, since=YEAR, target=0.8)
    july = own(CLOSURE, since=JULY, target=0.9)
    known = [july, always, year]
    assert in_force(known, CLOSURE.target, day=date(2025, 12, 31)) is always
    assert in_force(known, CLOSURE.target, day=date(2026, 6, 30)) is year
    assert in_force(known, CLOSURE.target, day=JULY) is july
    assert in_force([july], CLOSURE.target, day=date(2026, 6, 30)) is CLOSURE.target


def test_the_most_specific_target_judges_whatever_its_day():
    everyone = own(CLOSURE, since=JULY, target=0.9)
    urgent = own(CLOSURE, "priority", "1", since=YEAR, target=0.99)
    mail = own(CLOSURE, "service", "mail", since=YEAR, target=0.97)
    north = own(CLOSURE, "team", "North", since=YEAR, target=0.96)
    known = [everyone, urgent, north, mail]

    def chosen(**groups):
        return in_force(known, CLOSURE.target, day=JULY, groups=groups)

    assert chosen() is everyone
    assert chosen(priority="2", service="print") is everyone
    assert chosen(priority="1", service="print") is urgent
    assert chosen(priority="1", team="North") is north
    assert chosen(priority="1", team="South") is urgent
    assert chosen(priority="1", team="North", service="mail") is mail


def test_a_period_is_judged_by_its_last_day_in_the_zone():
    midnight = 1_782_835_200  # 2026-06-30 16:00 UTC, midnight of 1 July in Shanghai
    assert judged_day(midnight, "Asia/Shanghai") == date(2026, 6, 30)
    assert judged_day(midnight + 1, "Asia/Shanghai") == JULY
    assert judged_day(midnight + 1, "UTC") == date(2026, 6, 30)


def test_past_periods_keep_the_target_that_was_in_force():
    june, july, august = (1_780_272_000 + n * 86_400 for n in (0, 30, 61))  # first days of the months, UTC
    point = Figure("0", Measurement(value=0.92, unit="share", n=100), Verdict("not_met"), {}, CLOSURE.target)
    known = [own(CLOSURE, since=JULY, target=0.9)]
    first, second = judged_trend([point, point], CLOSURE, known, edges=[june, july, august], zone="UTC")
    assert (first.verdict.state, first.target) == ("not_met", CLOSURE.target)
    assert (second.verdict.state, second.target.value) == ("met", 0.9)
    # Nothing is counted anew, and what could not be computed stays so.
    absent = Figure(
        "0", Measurement(value=None, unit="share", n=0), Verdict("not_computable", missing=("loop_s",))
    )
    assert judged_figure(absent, CLOSURE, known, to_s=august, zone="UTC").verdict == absent.verdict


TOML = """
[closure_30d]
target = 0.9

[[mean_response]]
target = 2.5
from = 2026-01-01

[[mean_response]]
target = 1
from = 2026-07-01
scope = "priority"
group = "1"
"""
CSV = {
    "english.csv": "Indicator,Applies to,Group,In force from,Target,Alarm,Note\n"
    "closure_30d,All tickets,,,0.9,,why\n"
    "mean_response,All tickets,,2026-01-01,2.5,,\n"
    "\n"
    "mean_response,A priority,1,2026-07-01,1,,\n",
    "中文.csv": "\ufeff指标,适用范围,组,生效日,目标值,预警值\n"
    "closure_30d,全部工单,,,0.9,\n"
    "mean_response,全部工单,,2026-01-01,2.5,\n"
    "mean_response,某个优先级,1,2026-07-01,1.0,\n",
}


@pytest.mark.parametrize(("name", "text"), [("own.toml", TOML), *CSV.items()])
def test_a_file_of_targets_in_any_form(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    found = load_targets(path, INDICATORS)
    assert found == {
        "closure_30d": (Target("up", 0.9, alarm=0.85, tag="own"),),
        "mean_response": (
            Target("down", 2.5, tag="own", since=YEAR),
            Target("down", 1.0, tag="own", since=JULY, scope="priority", group="1"),
        ),
    }


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.toml", "[nonsense]\ntarget = 1", "no indicator 'nonsense'"),
        ("a.toml", "closure_30d = 1", "must be a table"),
        ("a.toml", "closure_30d = []", "must be a table"),
        ("a.toml", "[closure_30d]\ngoal = 1", "unknown key 'goal'"),
        ("a.toml", "[closure_30d]\ntarget = 'high'", "must be a number"),
        ("a.toml", "[closure_30d]\ntarget = true", "must be a number"),
        ("a.toml", "[closure_30d]\ntarget = 0.9\nfrom = '2026'", "must be a date"),
        ("a.toml", "[closure_30d]\ntarget = 0.9\nfrom = 2026-01-01T08:00:00", "must be a date"),
        ("a.toml", "[[closure_30d]]\ntarget = 0.9\n[[closure_30d]]\ntarget = 0.8", "two targets"),
        ("a.toml", "[closure_30d", "is not valid TOML"),
        ("a.csv", "", "indicator is missing"),
        ("a.csv", "indicator,goal\nclosure_30d,0.9", "target is missing"),
        ("a.csv", "indicator,target\nclosure_30d,high", "must be a number"),
        ("a.csv", "indicator,target,from\nclosure_30d,0.9,soon", "must be a date"),
        ("a.csv", "indicator,target,scope,group\nclosure_30d,0.9,planet,a", "scope must be"),
    ],
)
def test_a_wrong_file_of_targets_is_refused(tmp_path, name, text, message):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError, match=re.escape(message)):
        load_targets(path, INDICATORS)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(DefinitionError, match="cannot be read"):
        load_targets(tmp_path / "absent.toml", INDICATORS)
    (tmp_path / "a.toml").write_bytes(b"\xff\xfe[\x00")
    with pytest.raises(DefinitionError, match="is not valid TOML"):
        load_targets(tmp_path / "a.toml", INDICATORS)
