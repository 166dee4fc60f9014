"""Mappings as files: read, written, refused with the faulty key named; columns and states guessed in two languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.analyze.guess import category_of
from zhiheng.analyze.mappings import CATEGORIES, ROLES, Mapping, load, shipped
from zhiheng.analyze.quality import ReadError
from zhiheng.analyze.readers import propose_mapping, read
from zhiheng.analyze.tests.logs import text_of, write

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
COLUMNS = 'case = "a"\nactivity = "b"\ntime = "c"\n'


@given(
    st.dictionaries(st.sampled_from(ROLES), WORDS),
    st.dictionaries(WORDS, st.sampled_from(CATEGORIES)),
    st.lists(WORDS),
    st.none() | st.just("Asia/Shanghai"),
    WORDS,
    st.none() | WORDS,
)
def test_a_mapping_written_is_read_back_equal(
    columns: dict[str, str],
    states: dict[str, str],
    missing: list[str],
    zone: str | None,
    name: str,
    kind: str | None,
) -> None:
    whole = {"case": "a", "activity": "b", "time": "c", **columns}
    mapping = Mapping(
        name, whole, ("%d/%m/%Y",), zone, states, tuple(missing), kind, {"zh": "映射", "en": "m"}
    )
    assert Mapping.from_toml(mapping.to_toml()) == mapping


def test_the_shipped_mappings() -> None:
    assert set(shipped()) == {"servicenow", "xes"}
    assert shipped()["xes"].columns["activity"] == "concept:name"
    assert all({"zh", "en"} <= set(mapping.title) for mapping in shipped().values())


def test_load_by_name_and_by_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(load("servicenow").to_toml().replace('"servicenow"', '"mine"'), encoding="utf-8")
    assert load(path).name == "mine"
    assert load("servicenow").kind == "incident"


@pytest.mark.parametrize(
    ("text", "code", "named"),
    [
        ("[columns", "mapping_syntax", "mine"),
        ("columns = 3", "mapping_syntax", "mine"),
        ('colums = "x"', "mapping_key", "colums"),
        ('[columns]\ncase = "a"', "mapping_required", "activity"),
        ("[columns]\n" + COLUMNS + 'colour = "d"', "mapping_role", "colour"),
        ("[columns]\n" + COLUMNS + '[states]\nNew = "fresh"', "mapping_category", "fresh"),
        ("[columns]\n" + COLUMNS + '[time]\nzone = "Mars/Olympus"', "timezone", "Mars/Olympus"),
    ],
)
def test_a_faulty_mapping_names_its_fault(tmp_path: Path, text: str, code: str, named: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReadError, match=named) as caught:
        load(path)
    assert caught.value.code == code


def test_unknown_and_unreadable_mappings_are_named(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="servicenow, xes"):
        load("jira")
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ReadError, match="cannot be read"):
        load(tmp_path / "bad.toml")


CHINESE = [
    ["工单编号", "当前状态", "操作时间", "处理人", "受理组", "优先级", "创建时间", "系统名称"],
    ["SR20240001", "待受理", "2024/3/1 09:00", "", "服务台", "高", "2024/3/1 08:58", "邮件"],
    ["SR20240001", "处理中", "2024/3/1 09:10", "张三", "服务台", "高", "2024/3/1 08:58", "邮件"],
    ["SR20240001", "挂起", "2024/3/1 11:00", "张三", "网络组", "高", "2024/3/1 08:58", "邮件"],
    ["SR20240002", "待受理", "2024/3/2 09:00", "", "服务台", "低", "2024/3/2 08:58", "打印"],
    ["SR20240002", "已解决", "2024/3/2 10:00", "李四", "服务台", "低", "2024/3/2 08:58", "打印"],
    ["SR20240001", "已关闭", "2024/3/5 09:00", "张三", "网络组", "高", "2024/3/1 08:58", "邮件"],
]
ENGLISH = [
    ["Case ID", "Activity", "Complete Timestamp", "Resource", "Product", "Support Section"],
    ["Case 1", "Assign seriousness", "2012/10/09 14:50:17.000", "Value 1", "Value 2", "Value 3"],
    ["Case 1", "Take in charge ticket", "2012/10/09 14:51:01.000", "Value 1", "Value 2", "Value 3"],
    ["Case 2", "Assign seriousness", "2012/10/10 14:50:17.000", "Value 2", "Value 2", "Value 4"],
    ["Case 1", "Closed", "2012/11/09 12:54:39.000", "Value 1", "Value 2", "Value 3"],
]


def test_a_chinese_export_is_guessed(tmp_path: Path) -> None:
    mapping = propose_mapping(write(tmp_path, text_of(CHINESE, "\t").encode("gb18030")))
    assert mapping.columns == {
        "case": "工单编号",
        "activity": "当前状态",
        "time": "操作时间",
        "assignee": "处理人",
        "team": "受理组",
        "priority": "优先级",
        "opened": "创建时间",
        "service": "系统名称",
    }
    assert mapping.formats == ("%Y/%m/%d %H:%M",)
    assert mapping.states == {
        "待受理": "new",
        "处理中": "open",
        "挂起": "waiting-internal",
        "已解决": "solved",
        "已关闭": "closed",
    }


def test_an_english_export_is_guessed_and_read_with_the_saved_mapping(tmp_path: Path) -> None:
    path = write(tmp_path, text_of(ENGLISH))
    mapping = propose_mapping(path)
    assert mapping.columns == {
        "case": "Case ID",
        "activity": "Activity",
        "time": "Complete Timestamp",
        "assignee": "Resource",
        "category": "Product",
        "team": "Support Section",
    }
    (tmp_path / "saved.toml").write_text(mapping.to_toml(), encoding="utf-8")
    log, guessed = read([path], load(tmp_path / "saved.toml")), read([path])
    assert log.events.equals(guessed.events)
    assert "mapping_guessed" in {note.code for note in guessed.quality}
    assert log.times_s[0] == 1_349_794_217  # 2012-10-09T14:50:17Z


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (["colour", "when", "size"], "no_case"),
        (["ticket", "when", "weight"], "no_activity"),
        (["ticket", "status", "weight"], "no_time"),
    ],
)
def test_a_guess_that_fails_says_what_is_missing(tmp_path: Path, header: list[str], code: str) -> None:
    cells = {
        "ticket": "T-{0:03}",
        "status": "New",
        "when": "2024-01-01 10:{0:02}",
        "colour": "red",
        "size": "big",
    }
    rows = [[cells.get(name, "0.{0}").format(i) for name in header] for i in range(10, 20)]
    with pytest.raises(ReadError, match=", ".join(header)) as caught:
        propose_mapping(write(tmp_path, text_of([header, *rows])))
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("state", "category"),
    [
        ("In Progress", "open"),
        ("waiting_for_customer", "waiting-customer"),
        ("Pending Vendor", "waiting-supplier"),
        ("待用户确认", "waiting-customer"),
        ("已取消", "cancelled"),
        ("New", "new"),
        ("-100", None),
        ("banana", None),
    ],
)
def test_categories_of_states(state: str, category: str | None) -> None:
    assert category_of(state) == category
