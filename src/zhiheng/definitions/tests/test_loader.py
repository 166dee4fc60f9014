"""The shipped catalogue is whole, and a wrong definition is refused with the rule it breaks."""

import re

import pytest

from zhiheng.definitions import parse
from zhiheng.definitions.errors import DefinitionError
from zhiheng.definitions.estimators import ESTIMATORS
from zhiheng.definitions.loader import load_defects, load_indicators

GOOD = {
    "id": "x",
    "name": {"zh": "甲", "en": "x"},
    "words": {"zh": "甲 ÷ 乙", "en": "a ÷ b"},
    "exclusions": {"zh": "无", "en": "none"},
    "unit": "share",
    "direction": "up",
    "cohort": "received",
    "estimator": "wilson",
    "needs": ["received_s"],
    "sql": "select {scope}, 1 as numerator, 2 as denominator from tickets group by {scope}",
}


def build(**changes):
    return parse.indicator({**GOOD, **changes}, where="x.toml", estimators=tuple(ESTIMATORS))


def test_the_catalogue_is_complete():
    indicators, defects = load_indicators(), load_defects()
    assert len(indicators) == 40
    assert list(defects) == [f"D{number:02d}" for number in range(1, 21)]
    for indicator in indicators.values():
        assert indicator.formula.sql or indicator.formula.needs
        assert re.search("[\u4e00-\u9fff]", indicator.name["zh"])
        assert not re.search("[\u4e00-\u9fff]", indicator.name["en"] + indicator.words["en"])
    for defect in defects.values():
        assert len(defect.causes) >= 3
        assert len(defect.measures) >= 3
        for signal in defect.signals:
            assert signal.indicator is None or signal.indicator in indicators


def test_the_hash_is_of_the_content_not_of_its_layout():
    assert build().hash == parse.content_hash(dict(reversed(GOOD.items())))
    assert build(target=0.5).hash != build().hash


def test_a_later_folder_replaces_and_adds(tmp_path):
    own = "\n".join(
        [
            'id = "own_share"',
            'name = { zh = "甲", en = "own" }',
            'words = { zh = "甲", en = "own" }',
            'exclusions = { zh = "无", en = "none" }',
            'unit = "share"',
            'direction = "up"',
            'estimator = "wilson"',
            'needs = ["received_s"]',
            'sql = "select {scope}, 1 as numerator, 1 as denominator from tickets group by {scope}"',
        ]
    )
    (tmp_path / "own_share.toml").write_text(own, encoding="utf-8")
    assert "own_share" in load_indicators(tmp_path)
    (tmp_path / "broken.toml").write_text("id = ", encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"broken\.toml: is not valid TOML"):
        load_indicators(tmp_path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"colour": 1}, "unknown key 'colour'"),
        ({"name": {"en": "x"}}, "a text in zh and in en"),
        ({"direction": "sideways"}, "direction must be"),
        ({"cohort": "tuesday"}, "cohort must be"),
        ({"estimator": "magic"}, "estimator must be"),
        ({"needs": ["colour"]}, "which the facts schema does not know"),
        ({"sql": ""}, "without sql"),
        ({"sql": "select 1; drop table tickets"}, "one reading statement"),
        ({"sql": "select * from read_csv('x')"}, "one reading statement"),
        ({"sql": "select {secret} from tickets"}, "placeholders"),
        ({"dimension": "beauty"}, "dimension must be"),
        ({"points": [1.0, 2.0]}, "points must be"),
        ({"parameters": {"matchers": [{"id": "a", "columns": ["1=1"]}]}}, "no column of tickets"),
    ],
)
def test_a_wrong_definition_is_refused(changes, message):
    with pytest.raises(DefinitionError, match=re.escape(message)):
        build(**changes)
