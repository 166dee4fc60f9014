"""Delimited text of every shape: what is read, repaired, refused or declined, and that it is said."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import pytest

from zhiheng.analyze.log import EventLog
from zhiheng.analyze.mappings import load
from zhiheng.analyze.quality import QualityNote, ReadError
from zhiheng.analyze.readers import read, stream
from zhiheng.analyze.tests.logs import HEADER, ROWS, TIMES_S, text_of, write

PLAIN = text_of([HEADER, *ROWS])
ZH_HEADER = ["工单号", "状态", "操作时间", "处理组"]
ZH_ROWS = [
    ["工单001", "新建", "2024-03-01 09:00:00", "网络组"],
    ["工单001", "处理中", "2024-03-01 09:30:00", "网络组"],
    ["工单002", "新建", "2024-03-01 10:00:00", "应用组"],
    ["工单001", "已关闭", "2024-03-01 18:00:00", "网络组"],
    ["工单002", "已关闭", "2024-03-02 10:00:00", "应用组"],
]
ZH_TEXT = text_of([ZH_HEADER, *ZH_ROWS])


def note(log: EventLog, code: str) -> QualityNote:
    return next(item for item in log.quality if item.code == code)


def codes(log: EventLog) -> set[str]:
    return {item.code for item in log.quality}


def as_cp1252(text: str) -> str:
    """Read UTF-8 as Windows does cp1252: undefined bytes become control characters."""
    return "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in text.encode())


def assert_is_the_small_log(log: EventLog) -> None:
    assert log.names("case") == ["INC1", "INC2"]
    assert log.case_codes.tolist() == [0, 0, 1, 0, 1]
    assert [log.activities[code] for code in log.activity_codes] == [row[1] for row in ROWS]
    assert log.times_s.tolist() == TIMES_S
    assert [log.names("team")[code] if code >= 0 else None for code in log.codes("team")] == [
        "Group 1", "Group 2", None, "Group 1", "Group 1"
    ]  # fmt: skip
    assert log.events["reopen_count"].to_pylist() == [0, 0, 0, 1, 0]
    assert log.events["made_sla"].to_pylist() == [True, True, False, True, False]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_delimiter_and_line_end(tmp_path: Path, delimiter: str, end: str) -> None:
    path = write(tmp_path, text_of([HEADER, *ROWS], delimiter, end))
    assert_is_the_small_log(read([path]))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_latin_text_in_any_unicode_encoding(tmp_path: Path, encoding: str) -> None:
    assert_is_the_small_log(read([write(tmp_path, PLAIN.encode(encoding))]))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chinese_text_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    log = read([write(tmp_path, ZH_TEXT.encode(encoding))], timezone="Asia/Shanghai")
    assert log.cases == ["工单001", "工单002"]
    assert log.activities == ["新建", "处理中", "已关闭"]
    assert log.state_categories() == ["new", "open", "closed"]
    assert log.times_s[0] == 1_709_254_800  # 2024-03-01T01:00:00Z
    if encoding == "gb18030":
        assert note(log, "encoding").params["encoding"] == "gb18030"


def test_western_text_in_cp1252(tmp_path: Path) -> None:
    rows = [
        ["INC1", "Gelöst", "29/2/2016 01:23", "Büro Köln"],
        ["INC1", "Erfüllt", "29/2/2016 02:23", "Büro"],
    ]
    log = read([write(tmp_path, text_of([HEADER[:4], *rows]).encode("cp1252"))])
    assert log.activities == ["Gelöst", "Erfüllt"]
    assert note(log, "encoding").params["encoding"] == "cp1252"


def test_utf8_read_as_cp1252_and_saved_again_is_repaired_and_counted(tmp_path: Path) -> None:
    log = read([write(tmp_path, as_cp1252(ZH_TEXT))])
    assert log.cases == ["工单001", "工单002"]
    assert log.activities == ["新建", "处理中", "已关闭"]
    assert note(log, "mojibake").count == 15  # case, state and team of five rows
    assert note(log, "mojibake").severity == "repaired"


def test_a_few_damaged_characters_do_not_change_the_encoding(tmp_path: Path) -> None:
    data = ZH_TEXT.encode().replace("应用组".encode(), "应用".encode() + b"\xe7\xbb", 1)
    log = read([write(tmp_path, data)])
    assert "应用\ufffd" in log.names("team")
    assert note(log, "undecodable").count == 1


def test_two_spellings_of_a_state_become_one(tmp_path: Path) -> None:
    rows = [row.copy() for row in ROWS]
    rows[3][1] = " Closed  "
    log = read([write(tmp_path, text_of([HEADER, *rows]))])
    assert_is_the_small_log(log)
    assert note(log, "trimmed").count == 1


def test_quoted_cells_may_hold_delimiters_quotes_and_line_ends(tmp_path: Path) -> None:
    rows = [row.copy() for row in ROWS]
    rows[0][3] = '"Group ""1"",\nsecond line"'
    log = read([write(tmp_path, text_of([HEADER, *rows]))])
    assert log.names("team")[0] == 'Group "1",\nsecond line'
    assert log.times_s.tolist() == TIMES_S


def test_refused_rows_are_counted_with_line_and_reason(tmp_path: Path) -> None:
    rows = [row.copy() for row in ROWS]
    rows[0][3] = '"two\nlines"'  # shifts the lines of all that follow by one
    bad = [
        ["", "New", "1/3/2016 10:00", "", "", ""],  # line 8
        ["INC3", "?", "1/3/2016 10:00", "", "", ""],
        ["INC3", "New", "", "", "", ""],
        ["INC3", "New", "soon", "", "", ""],
        ["INC3", "New", "30/2/2016 10:00", "", "", ""],
        ["INC3", "New"],
        ["INC3", "New", "1/3/2016 10:00", "", "", "", "more"],
    ]
    log = read([write(tmp_path, text_of([HEADER, *rows, *bad]))])
    assert log.events.num_rows == 5
    assert log.rows_read == 12
    found = {
        item.code: (item.count, [example.line for example in item.examples])
        for item in log.quality
        if item.severity == "refused"
    }
    assert found == {
        "case_missing": (1, [8]),
        "activity_missing": (1, [9]),
        "time_missing": (1, [10]),
        "time_unparseable": (2, [11, 12]),
        "columns_wrong": (2, [13, 14]),
    }
    assert note(log, "time_unparseable").examples[0].text == "INC3,New,soon,,,"


def test_nothing_readable_names_the_reason_and_the_first_line(tmp_path: Path) -> None:
    rows = [["INC1", "New", "soon"], ["INC1", "Closed", "later"]]
    with pytest.raises(ReadError, match=r"line 2: INC1,New,soon") as caught:
        read([write(tmp_path, text_of([HEADER[:3], *rows]))])
    assert caught.value.code == "all_refused"
    assert "时间无法识别" in caught.value.text("zh")


def test_mixed_dates_that_cannot_contradict_are_all_read(tmp_path: Path) -> None:
    rows = [row.copy() for row in ROWS]
    rows[1][2] = "2016-02-29T08:53:00Z"
    rows[3][2] = "5/3/2016 12:00:00 PM"
    log = read([write(tmp_path, text_of([HEADER, *rows]))])
    assert log.times_s.tolist() == TIMES_S
    assert note(log, "time_formats_mixed").count == 2


def test_month_first_dates_are_not_read_as_day_first_where_the_file_says_otherwise(tmp_path: Path) -> None:
    american = ["2/29/2016 01:23", "2/29/2016 08:53", "3/1/2016 10:00", "3/25/2016 12:00", "3/26/2016 10:00"]
    rows = [[*row[:2], when, *row[3:]] for row, when in zip(ROWS, american, strict=True)]
    log = read([write(tmp_path, text_of([HEADER, *rows]))])
    assert log.times_s[:3].tolist() == TIMES_S[:3]
    assert note(log, "time_format_guessed").params["formats"].startswith("%m/%d/%Y")


def test_a_month_first_row_among_day_first_ones_is_refused_not_guessed(tmp_path: Path) -> None:
    rows = [*ROWS, ["INC2", "Closed", "3/28/2016 10:00", "Group 1", "0", "false"]]
    log = read([write(tmp_path, text_of([HEADER, *rows]))])
    assert (log.events.num_rows, note(log, "time_unparseable").examples[0].line) == (5, 7)


def test_days_and_months_that_cannot_be_told_apart_are_said_so(tmp_path: Path) -> None:
    rows = [["T-001", "New", "1/2/2024 10:00"], ["T-001", "Closed", "3/4/2024 10:00"]] * 3
    log = read([write(tmp_path, text_of([["Ticket ID", "Status", "Updated"], *rows]))])
    assert log.mapping.name == "guessed"
    assert log.times_s[0] == 1_706_781_600  # 2024-02-01T10:00:00Z
    assert "%d/%m/%Y" in note(log, "time_ambiguous").params["formats"]


def test_a_row_exported_twice_is_removed_when_a_version_tells_updates_apart(tmp_path: Path) -> None:
    header = [*HEADER, "sys_mod_count"]
    rows = [[*row, str(i)] for i, row in enumerate(ROWS)]
    log = read([write(tmp_path, text_of([header, *rows, rows[1], rows[4]]))])
    assert_is_the_small_log(log)
    assert note(log, "duplicates_removed").count == 2
    assert "version" not in log.roles


def test_equal_rows_without_a_version_are_kept_and_said(tmp_path: Path) -> None:
    log = read([write(tmp_path, text_of([HEADER, *ROWS, ROWS[1]]))])
    assert log.events.num_rows == 6
    assert note(log, "duplicates_kept").count == 1


def test_overlapping_files_are_one_log(tmp_path: Path) -> None:
    first = write(tmp_path, text_of([HEADER, *ROWS[:3]]), "a.csv")
    second = write(tmp_path, text_of([HEADER, *ROWS[1:]]), "b.csv")
    log = read([first, second])
    assert_is_the_small_log(log)
    assert (log.sources, log.rows_read, note(log, "duplicates_removed").count) == (("a.csv", "b.csv"), 7, 2)


def test_files_with_different_columns_are_joined(tmp_path: Path) -> None:
    first = write(tmp_path, text_of([HEADER[:3], *(row[:3] for row in ROWS[:3])]), "a.csv")
    second = write(tmp_path, text_of([HEADER, *ROWS[3:]]), "b.csv")
    log = read([first, second])
    assert log.codes("team").tolist() == [-1, -1, -1, 0, 0]


def test_time_that_runs_backwards_ties_and_nameless_states_are_noted(tmp_path: Path) -> None:
    rows = [*ROWS, ["INC2", "-100", "1/3/2016 10:00", "?", "0", "false"]]
    log = read([write(tmp_path, text_of([HEADER, *rows]))])
    assert {code: note(log, code).count for code in ("time_backwards", "times_tied", "state_nameless")} == {
        "time_backwards": 1, "times_tied": 1, "state_nameless": 1
    }  # fmt: skip
    assert log.activities[-1] == "-100"


def test_values_that_are_no_number_or_flag_count_as_missing(tmp_path: Path) -> None:
    rows = [row.copy() for row in ROWS]
    rows[0][4], rows[0][5], rows[1][4], rows[1][5] = "many", "perhaps", "2.0", "是"
    log = read([write(tmp_path, text_of([HEADER, *rows]))])
    assert log.events["reopen_count"].to_pylist() == [None, 2, 0, 1, 0]
    assert log.events["made_sla"].to_pylist() == [None, True, False, True, False]
    assert [item.count for item in log.quality if item.code == "value_unreadable"] == [1, 1]


@pytest.mark.parametrize("block_bytes", [64, 200, 1 << 20])
def test_the_size_of_blocks_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block_bytes: int
) -> None:
    monkeypatch.setattr(stream.TextStream.__init__, "__defaults__", (None, block_bytes))
    rows = [row.copy() for row in ROWS]
    rows[1][3] = '"Group, 2"'
    rows[3][2] = "soon"
    seen: list[tuple[int, int]] = []
    path = write(tmp_path, gzip.compress(text_of([HEADER, *rows]).encode("gb18030")), "log.csv.gz")
    log = read([path], progress=lambda done, total: seen.append((done, total)))
    assert log.times_s.tolist() == [*TIMES_S[:3], TIMES_S[4]]
    assert note(log, "time_unparseable").examples[0].line == 5
    assert seen[-1] == (path.stat().st_size, path.stat().st_size)


def test_several_gzip_members_and_padding_are_one_file(tmp_path: Path) -> None:
    half = len(PLAIN) // 2
    data = gzip.compress(PLAIN[:half].encode()) + gzip.compress(PLAIN[half:].encode()) + b"\0" * 100
    assert_is_the_small_log(read([write(tmp_path, data, "log.csv.gz")]))


def test_a_truncated_gzip_gives_its_whole_rows_and_says_so(tmp_path: Path) -> None:
    chance = random.Random(7)
    teams = [f"Group {chance.random()}" for _ in range(2000)]
    rows = [[*ROWS[0][:3], team, "0", "true"] for team in teams]
    whole = gzip.compress(text_of([HEADER, *rows]).encode())
    log = read([write(tmp_path, whole[: len(whole) // 2], "log.csv.gz")])
    assert 500 < log.events.num_rows < 1500
    assert log.names("team") == teams[: log.events.num_rows]
    assert note(log, "truncated").severity == "serious"


def test_a_wrong_name_is_seen_through(tmp_path: Path) -> None:
    log = read([write(tmp_path, PLAIN, "log.xlsx")])
    assert_is_the_small_log(log)
    assert note(log, "misnamed").params["kind"] == "delimited"
    assert_is_the_small_log(read([write(tmp_path, gzip.compress(PLAIN.encode()), "log.csv")]))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"  \n\n", "empty"),
        (",".join(HEADER).encode(), "empty"),
        (gzip.compress(b"", mtime=0), "empty"),
        (b"\x1f\x8b\x08\x00garbage that is no deflate stream", "gzip_damaged"),
        (bytes(range(256)) * 40, "binary"),
        (b"\x7fELF\x02\x01\x01\x00\x00", "binary"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "old_excel"),
        (b"%PDF-1.7\n", "pdf"),
        (b"PK\x03\x04 a zip of something else", "compressed"),
        (b"BZh91AY&SY", "compressed"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "html"),
        (b'{"tickets": []}', "json"),
        (b"one line of prose\nand another\n", "one_column"),
        (b"colour,shape\nred,round\nblue,square\n", "no_case"),
    ],
)
def test_what_cannot_be_read_is_declined_with_a_message(tmp_path: Path, data: bytes, code: str) -> None:
    with pytest.raises(ReadError) as caught:
        read([write(tmp_path, data)])
    assert caught.value.code == code
    assert "log.csv" in caught.value.text("en")
    assert "log.csv" in caught.value.text("zh")


def test_missing_files_folders_and_empty_lists_are_named(tmp_path: Path) -> None:
    for paths, code in (
        ([], "no_files"),
        ([tmp_path / "none.csv"], "file_missing"),
        ([tmp_path], "file_is_folder"),
    ):
        with pytest.raises(ReadError) as caught:
            read(paths)
        assert caught.value.code == code


def test_a_column_the_mapping_needs_is_named_with_those_found(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r'"number".*colour, shape'):
        read([write(tmp_path, "colour,shape\nred,round\n")], load("servicenow"))


def test_an_unknown_zone_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="Mars/Olympus"):
        read([write(tmp_path, PLAIN)], timezone="Mars/Olympus")


def test_a_zone_is_assumed_only_where_none_is_given(tmp_path: Path) -> None:
    path = write(tmp_path, PLAIN)
    assert "zone_assumed" in codes(read([path]))
    log = read([path], timezone="Asia/Shanghai")
    assert "zone_assumed" not in codes(log)
    assert log.times_s.tolist() == [second - 8 * 3600 for second in TIMES_S]
    assert log.mapping.zone == "Asia/Shanghai"


def test_a_case_all_of_whose_rows_were_refused_is_no_case(tmp_path: Path) -> None:
    rows = [["INC9", "Odd", "soon", "Group 9", "0", "true"], *ROWS]
    log = read([write(tmp_path, text_of([HEADER, *rows]))])
    assert_is_the_small_log(log)
    assert log.activities == ["New", "Active", "Closed"]
