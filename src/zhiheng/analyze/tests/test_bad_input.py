"""Bad input through the command: a message that says what, where and what to do, or a repaired and reported read."""

from __future__ import annotations

import gzip
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from zhiheng.analyze import command, memory
from zhiheng.analyze.command import main
from zhiheng.analyze.quality import ReadError
from zhiheng.analyze.readers import read
from zhiheng.analyze.readers import stream as stream_module
from zhiheng.analyze.tests.logs import HEADER, ROWS, text_of, write

PLAIN = text_of([HEADER, *ROWS])
XES = """<?xml version="1.0" encoding="{encoding}"?>
<log xes.version="1.0">
<trace><string key="concept:name" value="1"/>
<event><string key="concept:name" value="新建"/><date key="time:timestamp" value="2016-01-01T00:00:00Z"/></event>
<event><string key="concept:name" value="关闭"/><date key="time:timestamp" value="2016-01-02T00:00:00Z"/></event>
</trace>
</log>
"""
BROKEN_XES = XES.format(encoding="UTF-8").replace("</event>\n</trace>", "</trace>")


def book(folder: Path, rows: list[list[Any]], merged: str | None = None) -> Path:
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    if merged:
        workbook.active.merge_cells(merged)
    path = folder / "log.xlsx"
    workbook.save(path)
    return path


def parquet(folder: Path, columns: dict[str, Any]) -> Path:
    path = folder / "log.parquet"
    pq.write_table(pa.table(columns), path)
    return path


def report_of(path: Path, folder: Path) -> dict[str, Any]:
    """Run the command, which has to end well, and return its report."""
    out = folder / "report.json"
    assert main([str(path), "--json", str(out), "--figures", "log"]) == 0
    report: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return report


def found(report: dict[str, Any]) -> dict[str, int]:
    return {note["code"]: note["count"] for note in report["data_quality"]}


@pytest.mark.parametrize(
    ("name", "data", "en", "zh"),
    [
        ("log.csv", b"", "no data rows", "没有数据行"),
        ("log.csv", ",".join(HEADER).encode(), "Export it again with a header line", "至少包含表头和一行数据"),
        ("log.csv", PLAIN.replace(",", "~").encode(), "separated by comma, semicolon", "以逗号、分号、制表符"),
        ("log.csv", b"colour,shape\nred,round\nblue,square\n", "Write a mapping", "请编写映射"),
        ("log.csv", PLAIN.replace("/", "?").encode(), "First at line 2: INC1,New", "首次出现在第 2 行"),
        ("log.csv", bytes(range(256)) * 40, "binary data", "二进制数据"),
        ("log.csv.gz", gzip.compress(PLAIN.encode(), mtime=0)[:20], "gzip data is damaged", "gzip 数据"),
        ("log.xes.gz", gzip.compress(XES.encode(), mtime=0)[:40], "gzip data is damaged", "gzip 数据"),
        ("log.xlsx", b"PK\x03\x04 [Content_Types].xml", "not a readable Excel file", "不是可读取的 Excel 文件"),
        ("log.parquet", b"PAR1 and no more", "not a readable Parquet file", "不是可读取的 Parquet 文件"),
        ("log.xes", BROKEN_XES.encode(), "line 5: not well-formed", "第 5 行"),
        ("log.xes", XES.format(encoding="klingon").encode(), '"klingon"', "“klingon”"),
        ("log.xes", XES.format(encoding="hex").encode(), '"hex"', "“hex”"),
        ("log.csv", "編號,狀態,時間\n甲1,新,2024-01-01\n".encode("big5"), "export the file as UTF-8", "导出为 UTF-8"),
    ],
)  # fmt: skip
def test_a_message_says_what_and_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, data: bytes, en: str, zh: str
) -> None:
    path = write(tmp_path, data, name)
    for language, text in (("en", en), ("zh", zh)):
        assert main([str(path), "--lang", language]) == 2
        message = capsys.readouterr().err
        assert text in message
        assert name in message
        assert "Traceback" not in message


def test_folders_missing_and_forbidden_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main([str(tmp_path), "--lang", "en"]) == 2
    assert "is a folder" in capsys.readouterr().err
    assert main([str(tmp_path / "none.csv"), "--lang", "en"]) == 2
    assert "no such file" in capsys.readouterr().err

    def forbidden(*_arguments: object) -> object:
        raise PermissionError(13, "Permission denied")

    path = write(tmp_path, PLAIN)
    monkeypatch.setattr(Path, "open", forbidden)
    assert main([str(path), "--lang", "en"]) == 2
    assert "cannot be opened: Permission denied" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["utf-32", "utf-32-be"])
def test_utf32(tmp_path: Path, encoding: str) -> None:
    text = PLAIN if encoding == "utf-32" else "\ufeff" + PLAIN
    assert report_of(write(tmp_path, text.encode(encoding)), tmp_path)["log"]["events"] == 5


@pytest.mark.slow
def test_damage_within_a_gzip_keeps_what_came_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_module.TextStream.__init__, "__defaults__", (None, 4096))
    chance = np.random.default_rng(7)
    rows = [
        [f"INC{n}", "New", "29/2/2016 01:23", f"G {x}", "0", "t"] for n, x in enumerate(chance.random(3000))
    ]
    whole = gzip.compress(text_of([HEADER, *rows]).encode())
    third = len(whole) // 3
    path = write(tmp_path, whole[:third] + b"\xff" * 300 + whole[third + 300 :], "log.csv.gz")
    report = report_of(path, tmp_path)
    assert 900 < report["log"]["cases"] < 1500
    assert "truncated" in found(report)


def test_a_quotation_mark_that_is_never_closed_is_told_with_its_line(tmp_path: Path) -> None:
    lines = [line + "\n" for line in PLAIN.splitlines()]
    lines[3] = lines[3].replace("false", '"false')
    report = report_of(write(tmp_path, "".join(lines)), tmp_path)
    assert report["log"]["events"] == 3
    note = next(note for note in report["data_quality"] if note["code"] == "quote_unclosed")
    assert (note["count"], note["severity"], note["examples"][0]["line"]) == (2, "serious", 4)


def test_a_quotation_mark_within_a_cell_closes_nothing(tmp_path: Path) -> None:
    report = report_of(write(tmp_path, PLAIN.replace("Group 2", 'Disk 3.5"')), tmp_path)
    assert report["log"]["events"] == 5
    assert "quote_unclosed" not in found(report)


def test_lines_above_the_header(tmp_path: Path) -> None:
    report = report_of(
        write(tmp_path, "Incidents of 2016,,\n\nby Anna\n" + PLAIN.replace(",", ";")), tmp_path
    )
    assert (report["log"]["events"], found(report)["lines_above_header"]) == (5, 2)
    spoilt = PLAIN.replace("1/3/2016 10:00", "soon")
    report = report_of(write(tmp_path, "Incidents of 2016\n" + spoilt), tmp_path)
    note = next(note for note in report["data_quality"] if note["code"] == "time_unparseable")
    assert note["examples"][0]["line"] == 5


def test_a_first_line_that_tells_the_delimiter(tmp_path: Path) -> None:
    report = report_of(write(tmp_path, "sep=~\r\n" + text_of([HEADER, *ROWS], "~", "\r\n")), tmp_path)
    assert report["log"]["events"] == 5


def test_a_cell_longer_than_python_reads_by_itself(tmp_path: Path) -> None:
    rows = [["INC1", "New", "soon", "x" * 200_000, "0", "true"], *ROWS]
    report = report_of(write(tmp_path, text_of([HEADER, *rows])), tmp_path)
    assert found(report)["time_unparseable"] == 1


def test_a_merged_title_above_the_header_of_a_sheet(tmp_path: Path) -> None:
    path = book(tmp_path, [["Incidents of 2016"], HEADER, *ROWS], merged="A1:F1")
    report = report_of(path, tmp_path)
    assert (report["log"]["events"], found(report)["lines_above_header"]) == (5, 1)


def test_a_sheet_of_one_column(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(book(tmp_path, [["number"], ["INC1"], ["INC2"]])), "--lang", "en"]) == 2
    assert 'only one column found ("number")' in capsys.readouterr().err


def test_formulas_without_results(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    numbered = [[f'="INC"&{n}', *row[1:]] for n, row in enumerate(ROWS)]
    for language, text in (("en", "save it, and read it again"), ("zh", "没有计算结果")):
        assert main([str(book(tmp_path, [HEADER, *numbered])), "--lang", language]) == 2
        message = capsys.readouterr().err
        assert text in message
        assert "number" in message
    teams = [[*row[:3], "=1+1", *row[4:]] for row in ROWS]
    out = tmp_path / "report.json"
    assert main([str(book(tmp_path, [HEADER, *teams])), "--json", str(out), "--figures", "flow"]) == 0
    assert found(json.loads(out.read_text(encoding="utf-8")))["formulas_uncomputed"] == 5


@pytest.mark.parametrize(
    ("encoding", "state"),
    [
        ("GB18030", "新建"),
        ("GBK", "新建"),
        ("Big5", "新建"),
        ("windows-1252", "Gelöst"),
        ("UTF-8", "新建"),
        ("UTF-16", "新建"),
    ],
)
def test_xes_in_the_encoding_it_declares(tmp_path: Path, encoding: str, state: str) -> None:
    text = XES.format(encoding=encoding).replace("新建", state).replace("关闭", "Closed")
    out = tmp_path / "report.json"
    path = write(tmp_path, text.encode(encoding), "log.xes")
    assert main([str(path), "--json", str(out), "--figures", "flow"]) == 0
    arcs = json.loads(out.read_text(encoding="utf-8"))["flow"]["arcs"]
    assert [(arc["from"], arc["to"]) for arc in arcs] == [(state, "Closed")]


def test_xes_that_declares_utf16_and_is_utf8(tmp_path: Path) -> None:
    path = write(tmp_path, XES.format(encoding="UTF-16").encode(), "log.xes")
    assert report_of(path, tmp_path)["log"]["activities"] == 2


@pytest.mark.parametrize(
    "end", ["</log>", "</trace>\n</log>", '"/></event>\n</trace>\n</log>', "event>\n</trace>"]
)
def test_xes_that_stops_in_the_middle(tmp_path: Path, end: str) -> None:
    text = XES.format(encoding="UTF-8").rstrip()
    report = report_of(write(tmp_path, text[: text.rindex(end)], "log.xes"), tmp_path)
    assert report["log"]["events"] in (1, 2)
    assert "truncated" in found(report)


def test_parquet_with_records_and_lists_in_columns(tmp_path: Path) -> None:
    times = [datetime(2016, 1, 1, tzinfo=UTC), datetime(2016, 1, 2, tzinfo=UTC)]
    path = parquet(
        tmp_path,
        {
            "ticket": [{"number": "A1"}, {"number": "A1"}],
            "state": ["New", "Closed"],
            "at": times,
            "tags": [[1], [2]],
        },
    )
    report = report_of(path, tmp_path)
    assert (report["log"]["cases"], report["log"]["events"]) == (1, 2)
    assert report["source"]["mapping"]["columns"]["case"] == "ticket.number"
    note = next(note for note in report["data_quality"] if note["code"] == "columns_nested")
    assert "tags" in note["text"]["zh"]


def test_parquet_with_bytes_and_without_times(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    times = [datetime(2016, 1, 1, tzinfo=UTC), datetime(2016, 1, 2, tzinfo=UTC)]
    for numbers, code in (([b"A1", b"A\xff"], 2), ([b"A1", b"A2"], 0)):
        path = parquet(
            tmp_path, {"number": numbers, "incident_state": ["New", "Closed"], "sys_updated_at": times}
        )
        assert main([str(path), "--lang", "en"]) == code
    assert "bytes that are not text" in capsys.readouterr().err
    path = parquet(tmp_path, {"number": ["A1"], "incident_state": ["New"], "sys_updated_at": ["soon"]})
    assert main([str(path), "--lang", "en"]) == 2
    assert "First at line 1: A1, New, soon" in capsys.readouterr().err


def test_too_little_memory_is_told_before_the_system_ends_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(stream_module.TextStream.__init__, "__defaults__", (None, 64))
    path = write(tmp_path, text_of([HEADER, *ROWS * 20]))
    assert read([path]).rows_read == 100
    # The function of that name hides the module.
    monkeypatch.setattr(sys.modules["zhiheng.analyze.readers.read"], "left_bytes", lambda: 1 << 10)
    with pytest.raises(ReadError) as caught:
        read([path])
    assert caught.value.code == "memory"

    def full(*_arguments: object) -> None:
        raise MemoryError

    monkeypatch.setattr(command, "read", full)
    assert main([str(path), "--lang", "en"]) == 2
    assert "not enough memory" in capsys.readouterr().err


def test_the_memory_left_is_that_of_the_narrowest_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "memory.max").write_text("1000000\n", encoding="ascii")
    (tmp_path / "memory.current").write_text("700000\n", encoding="ascii")
    (tmp_path / "memory.stat").write_text("anon 600000\ninactive_file 50000\n", encoding="ascii")
    monkeypatch.setattr(memory, "_group_folders", lambda: [tmp_path])
    assert memory.left_bytes() == 350_000
    (tmp_path / "memory.max").write_text("max\n", encoding="ascii")
    monkeypatch.setattr(memory, "_available", lambda: None)
    assert memory.left_bytes() is None
