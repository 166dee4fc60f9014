"""The catalogue against the specification, transcribed by hand: no threshold, target, point or owner drifts unseen."""

from pathlib import Path

import pytest

from zhiheng.definitions import schema
from zhiheng.definitions.definition import ROOTS, Defect, Indicator, Signal
from zhiheng.definitions.loader import load_defects, load_indicators

INDICATORS, DEFECTS = load_indicators(), load_defects()
DIMENSIONS = {
    "RT": "response_time",
    "FF": "functional_fulfilment",
    "RL": "reliability",
    "SE": "security",
    "SU": "supportability",
    "US": "user_side",
    "-": "none",
}
LETTERS = {
    "received": "A",
    "onset": "F",
    "restored": "R",
    "resolved": "R",
    "loop": "C",
    "point": "P",
    "other": "-",
}
SECONDS = {"h": 3600, "d": 86_400}


def specified(name: str) -> dict[str, list[str]]:
    lines = (Path(__file__).parent / f"specified_{name}.txt").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.split("|")] for line in lines if not line.startswith("#")]
    return {row[0]: row[1:] for row in rows}


def aim(indicator: Indicator) -> str:
    target, unit = indicator.target, indicator.formula.unit
    factor, word = (100, "%") if unit == "share" else (1, unit)
    limit = "-" if target.aim is None else f"{target.aim * factor:g}"
    if target.direction == "band":
        limit = f"{target.low * factor:g}-{limit}"
    if target.alarm is not None:
        limit += f"/{target.alarm * factor:g}"
    return f"{word} {target.direction} {limit} {target.tag}"


def points(indicator: Indicator) -> str:
    letters = next(short for short, long in DIMENSIONS.items() if long == indicator.dimension)
    factor = 100 if indicator.formula.unit == "share" else 1
    return f"{letters} {'/'.join(f'{value * factor:g}' for value in indicator.points) or '-'}"


def matured_s(text: str) -> int:
    number, _, unit = text.partition(" ")
    return int(number) * SECONDS[unit] if unit else 0


def shown(signal: Signal) -> str:
    def limit(name: str, value: float) -> str:
        sign = ">" if signal.direction == "up" else "<"
        return f"{sign}{'=' if name in signal.at else ''} {value:g}"

    text = f"{signal.id} {'-' if signal.watch is None else limit('watch', signal.watch)}"
    if signal.confirmed is not None:
        by = "lim " if signal.confirm_by == "limit" else ""
        text += f" / {by}{limit('confirmed', signal.confirmed)}"
    return f"{text} {signal.tag}"


def test_every_indicator_and_defect_of_the_specification_is_there_and_no_other():
    assert sorted(INDICATORS) == sorted(specified("indicators"))
    assert sorted(DEFECTS) == sorted(specified("defects"))


@pytest.mark.parametrize(("name", "row"), specified("indicators").items())
def test_an_indicator_is_as_specified(name, row):
    zh, en, target, index, cohort, crosswalk, programme, kinds, pairs = row
    item = INDICATORS[name]
    letter, _, matured = cohort.partition(" ")
    standards = [item.crosswalk[key] for key in ("gbt33850", "ts25011", "iso20000")]
    assert (item.name["zh"], item.name["en"]) == (zh, en)
    assert aim(item) == target
    assert points(item) == index
    assert LETTERS[item.formula.cohort] == letter
    assert item.matured_s == matured_s(matured.replace("-", "0"))
    assert " · ".join(standards).replace("、", ", ") == crosswalk
    assert item.programme == programme
    lines = [" ".join(line) for line in (item.formula.kinds, item.second_kinds) if line]
    assert (" / ".join(lines) or "-") == kinds
    assert (" ".join(item.shown_with) or "-") == pairs


@pytest.mark.parametrize(("name", "row"), specified("defects").items())
def test_a_defect_is_as_specified(name, row):
    zh, en, level, quarter, owner, signals, causes, measures, verified, guards = row
    item = DEFECTS[name]
    assert (item.name["zh"], item.name["en"], item.level, item.quarter) == (zh, en, level, quarter)
    assert item.owner["en"] == owner
    assert "; ".join(shown(signal) for signal in item.signals) == signals
    assert " ".join(cause.id for cause in item.causes) == causes
    assert len(item.measures) == int(measures)
    assert " ".join(item.verified_by) == verified
    assert " ".join(item.guards) == guards


def named(item: Defect) -> set[str]:
    return {signal.id for signal in item.signals} | set(item.figures) | set(INDICATORS)


@pytest.mark.parametrize("item", DEFECTS.values(), ids=DEFECTS)
def test_whatever_verifies_or_guards_a_defect_has_a_name(item):
    assert {*item.verified_by, *item.guards} <= named(item)


@pytest.mark.parametrize("item", DEFECTS.values(), ids=DEFECTS)
def test_every_cause_says_its_test_and_either_measures_or_names_the_field_it_lacks(item):
    assert item.causes
    for cause in item.causes:
        assert cause.root in ROOTS
        assert all(cause.test.values())
        lacking = [need for need in cause.needs if not schema.is_known(need)]
        assert bool(lacking) == (cause.formula is None), (item.id, cause.id)


def test_the_most_cautious_number_of_cases_holds_for_each_kind_of_figure():
    # Shares 30, means 20, a 90th or higher percentile 50, figures between persons 10.
    least = {"mean_response": 20, "response_48h": 30, "system_p95": 50, "csat_score": 20, "exam_pass": 10}
    assert {name: INDICATORS[name].formula.minimum_n for name in least} == least
