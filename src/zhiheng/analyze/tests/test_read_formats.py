"""Workbooks, Parquet and XES: the same small log from each."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from zhiheng.analyze.quality import ReadError
from zhiheng.analyze.readers import propose_mapping, read
from zhiheng.analyze.tests.logs import HEADER, ROWS, TIMES_S, write
from zhiheng.analyze.tests.test_read_text import assert_is_the_small_log, codes, note

WHEN = [datetime.fromtimestamp(second, UTC).replace(tzinfo=None) for second in TIMES_S]


def workbook(folder: Path, rows: list[list[Any]], first_sheet: str | None = None) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    if first_sheet is not None:
        sheet.title = first_sheet
        sheet = book.create_sheet("Data")
    for row in rows:
        sheet.append(row)
    path = folder / "log.xlsx"
    book.save(path)
    return path


def typed_rows() -> list[list[Any]]:
    rows = [
        [*row[:2], when, row[3], int(row[4]), row[5] == "true"] for row, when in zip(ROWS, WHEN, strict=True)
    ]
    return [list(HEADER), *rows]


def test_a_workbook_with_true_dates(tmp_path: Path) -> None:
    log = read([workbook(tmp_path, typed_rows())])
    assert_is_the_small_log(log)
    assert "misnamed" not in codes(log)


def test_a_workbook_with_texts_and_an_empty_first_sheet(tmp_path: Path) -> None:
    log = read([workbook(tmp_path, [[], [], [*HEADER], *([*row] for row in ROWS)], first_sheet="Cover")])
    assert_is_the_small_log(log)
    assert note(log, "sheet_chosen").params["others"] == "Cover"


def test_a_workbook_row_is_refused_by_its_number(tmp_path: Path) -> None:
    rows = typed_rows()
    rows.insert(3, ["INC9", "New", "soon", None, 0, True])
    log = read([workbook(tmp_path, rows)])
    assert_is_the_small_log(log)
    example = note(log, "time_unparseable").examples[0]
    assert (example.line, example.text) == (4, "INC9, New, soon, 0, True")


def test_serial_numbers_of_days_are_times(tmp_path: Path) -> None:
    # 42429 = 2016-02-29 in Excel's calendar.
    rows = [["工单号", "状态", "更新时间"], ["A-001", "新建", 42429.5], ["A-001", "关闭", 42430.25]]
    log = read([workbook(tmp_path, rows)])
    assert log.times_s.tolist() == [16_860 * 86_400 + 43_200, 16_861 * 86_400 + 21_600]


def test_damaged_and_empty_workbooks_are_declined(tmp_path: Path) -> None:
    path = workbook(tmp_path, typed_rows())
    whole = path.read_bytes()
    for data, code in ((whole[: len(whole) // 2], "damaged"), (workbook(tmp_path, []).read_bytes(), "empty")):
        with pytest.raises(ReadError) as caught:
            read([write(tmp_path, data, "log.xlsx")])
        assert caught.value.code == code
    with pytest.raises(ReadError) as caught:
        read([workbook(tmp_path, [["a"], ["b"]])])
    assert caught.value.code == "one_column"


def parquet(folder: Path, columns: dict[str, Any]) -> Path:
    path = folder / "log.parquet"
    pq.write_table(pa.table(columns), path, row_group_size=2)
    return path


@pytest.mark.parametrize(
    "times",
    [
        pa.array(WHEN, pa.timestamp("us")),
        pa.array(WHEN, pa.timestamp("ns", "Asia/Shanghai")),
        pa.array([row[2] for row in ROWS]).dictionary_encode(),
        pa.array(TIMES_S),
        pa.array([second * 1000 for second in TIMES_S]),
    ],
    ids=["naive", "zoned", "text", "epoch seconds", "epoch milliseconds"],
)
def test_parquet_with_times_of_any_type(tmp_path: Path, times: Any) -> None:
    columns: dict[str, Any] = {name: [row[i] for row in ROWS] for i, name in enumerate(HEADER)}
    columns["sys_updated_at"] = times
    columns["reopen_count"] = pa.array([0.0, 0.0, 0.0, 1.0, 0.0])
    columns["made_sla"] = pa.array([True, True, False, True, False])
    seen: list[int] = []
    log = read([parquet(tmp_path, columns)], progress=lambda done, total: seen.append(done <= total))
    assert_is_the_small_log(log)
    assert seen


def test_parquet_dates_and_refused_rows(tmp_path: Path) -> None:
    columns = {
        "number": ["INC1", None],
        "incident_state": ["New", "New"],
        "sys_updated_at": pa.array([when.date() for when in WHEN[:2]]),
    }
    log = read([parquet(tmp_path, columns)])
    assert log.times_s.tolist() == [16_860 * 86_400]
    assert note(log, "case_missing").examples[0].line == 2


def test_damaged_and_empty_parquet_is_declined(tmp_path: Path) -> None:
    path = parquet(tmp_path, {"a": ["x"], "b": ["y"]})
    whole = path.read_bytes()
    with pytest.raises(ReadError) as caught:
        read([write(tmp_path, whole[:-20], "log.parquet")])
    assert caught.value.code == "damaged"
    with pytest.raises(ReadError) as caught:
        read([parquet(tmp_path, {"a": pa.array([], pa.utf8()), "b": pa.array([], pa.utf8())})])
    assert caught.value.code == "empty"


XES = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0">
  <string key="concept:name" value="not a case"/>
  <global scope="event"><string key="concept:name" value="UNKNOWN"/></global>
  <trace>
    <string key="concept:name" value="工单1"/>
    <event>
      <string key="concept:name" value="New"/>
      <date key="time:timestamp" value="2016-02-29T01:23:59.999+00:00"/>
      <string key="org:group" value="A"><string key="org:group" value="nested"/></string>
    </event>
    <event>
      <date key="time:timestamp" value="2016-02-29T03:23:59+02:00"/>
      <string key="concept:name" value="Closed"/>
    </event>
  </trace>
  <trace><string key="concept:name" value="empty"/></trace>
  <trace>
    <string key="concept:name" value="2"/>
    <event>
      <string key="concept:name" value="New"/>
    </event>
  </trace>
</log>
"""


@pytest.mark.parametrize("name", ["log.xes", "log.xml", "log.xes.gz"])
def test_xes_plain_and_gzipped(tmp_path: Path, name: str) -> None:
    data = XES.encode()
    log = read([write(tmp_path, gzip.compress(data) if name.endswith("gz") else data, name)])
    assert log.cases[0] == "工单1"
    assert log.activities == ["New", "Closed"]
    # The fraction of a second is dropped, so the two events are tied and keep the file's order.
    assert log.times_s.tolist() == [16_860 * 86_400 + 83 * 60 + 59] * 2
    assert log.names("team") == ["A"]
    assert note(log, "traces_empty").count == 1
    assert note(log, "time_missing").examples[0].line == 20
    assert "zone_assumed" not in codes(log)


def test_xes_in_utf16(tmp_path: Path) -> None:
    log = read([write(tmp_path, XES.replace("UTF-8", "UTF-16").encode("utf-16"), "log.xes")])
    assert log.cases[0] == "工单1"


def test_xes_cut_off_gives_what_is_whole(tmp_path: Path) -> None:
    data = XES.encode()
    cut = data[: data.index(b"<trace><string")]
    log = read([write(tmp_path, cut, "log.xes")])
    assert log.events.num_rows == 2
    assert note(log, "truncated").severity == "serious"
    whole = gzip.compress(cut)
    assert "truncated" in codes(read([write(tmp_path, whole[:-12], "log.xes.gz")]))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("<log><trace></log>", "xml_damaged"),
        ("<log>", "xml_damaged"),
        ("<log/>", "empty"),
        ("<rss><channel/></rss>", "not_xes"),
        ('<!DOCTYPE log [<!ENTITY a "aaa">]><log>&a;</log>', "xml_entities"),
    ],
)
def test_what_is_no_event_log_is_declined(tmp_path: Path, data: str, code: str) -> None:
    with pytest.raises(ReadError) as caught:
        read([write(tmp_path, data, "log.xes")])
    assert caught.value.code == code


def test_the_proposed_mapping_is_the_one_that_is_used(tmp_path: Path) -> None:
    path = workbook(tmp_path, typed_rows())
    assert propose_mapping(path).name == "servicenow"
    assert propose_mapping(write(tmp_path, XES, "log.xes")).name == "xes"
