"""Long files are read in blocks: whatever the borders cut through, the log is that of Python's own csv reader."""

from __future__ import annotations

import csv
import gzip
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from zhiheng.analyze.log import EventLog
from zhiheng.analyze.mappings import Mapping
from zhiheng.analyze.quality import QualityNote
from zhiheng.analyze.readers import read, stream
from zhiheng.analyze.readers.delimited import DelimitedSource
from zhiheng.analyze.tests.logs import write

COLUMNS = {"case": "case", "activity": "state", "time": "at", "team": "team", "reopen_count": "reopened"}
MAPPING = Mapping("blocks", COLUMNS, formats=("%d/%m/%Y %H:%M",), missing=("?", ""))
HEADER = ["case", "state", "at", "team", "reopened", "note"]
START = datetime(2037, 12, 1, tzinfo=UTC)  # the seconds outgrow 32 bits on the way
ROWS = 700


def long_log(end: str = "\n") -> str:
    """Return a log of cases in disorder, tied minutes, growing numbers and notes of several quoted lines."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=end)
    writer.writerow(HEADER)
    for row in range(ROWS):
        moment = START + timedelta(minutes=(row // 3) * 400)
        note = f'第 {row} 行，\n说：“好”, "ok"\n' if row % 5 == 0 else "plain"
        state = ("新建", "Active", "Closed")[row * 7 % 3]
        team = "?" if row % 11 == 0 else f"Group {row // 90}"
        at = f"{moment.day}/{moment.month}/{moment.year} {moment:%H:%M}"
        writer.writerow([f"C{row * row % 37}", state, at, team, str(row**2), note])
    return text.getvalue()


def with_blocks_of(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(stream.TextStream.__init__, "__defaults__", (None, size))


def by_hand(text: str) -> list[tuple[str, str, int, str | None, int]]:
    """Return case, state, second, team and count of every row."""
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    return [
        (
            row["case"],
            row["state"],
            int(datetime.strptime(row["at"], "%d/%m/%Y %H:%M").replace(tzinfo=UTC).timestamp()),
            None if row["team"] == "?" else row["team"],
            int(row["reopened"]),
        )
        for row in rows
    ]


def in_file_order(log: EventLog) -> list[tuple[str, str, int, str | None, int]]:
    return list(
        zip(
            (log.cases[code] for code in log.case_codes),
            (log.activities[code] for code in log.activity_codes),
            log.times_s.tolist(),
            log.events["team"].to_pylist(),
            log.events["reopen_count"].to_pylist(),
            strict=True,
        )
    )


@pytest.mark.slow
@pytest.mark.parametrize("size", [97, 1024, 5000, 1 << 20])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_rows_cut_anywhere_are_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, encoding: str
) -> None:
    with_blocks_of(monkeypatch, size)
    text = long_log()
    log = read([write(tmp_path, text.encode(encoding))], MAPPING, "UTC")
    assert in_file_order(log) == by_hand(text)


def test_gzip_and_windows_line_ends_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_blocks_of(monkeypatch, 333)
    text = long_log("\r\n")
    log = read([write(tmp_path, gzip.compress(text.encode()), "log.csv.gz")], MAPPING, "UTC")
    assert in_file_order(log) == by_hand(text)


@pytest.mark.slow
def test_ties_keep_the_order_of_the_file_across_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = long_log()
    rows = by_hand(text)
    cases = list(dict.fromkeys(row[0] for row in rows))
    expected = [
        row[1] for case in cases for row in sorted((r for r in rows if r[0] == case), key=lambda r: r[2])
    ]
    for size in (97, 1 << 20):
        with_blocks_of(monkeypatch, size)
        log = read([write(tmp_path, text)], MAPPING, "UTC")
        assert [log.activities[code] for code in log.traces().activity] == expected


def test_ill_formed_rows_of_every_block_are_counted_with_their_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_blocks_of(monkeypatch, 200)
    lines = ["case,state,at"] + [f"C{row},Open,1/2/2016 03:{row:02}" for row in range(40)]
    lines[8] += ",one too many"
    lines[30] = "C29,Open"
    log = read(
        [write(tmp_path, "\n".join(lines) + "\n")], Mapping("m", dict(list(COLUMNS.items())[:3])), "UTC"
    )
    found: QualityNote = next(note for note in log.quality if note.code == "columns_wrong")
    assert (found.count, log.events.num_rows, log.rows_read) == (2, 38, 40)
    assert [example.line for example in found.examples] == [9, 31]


@pytest.mark.parametrize(("columns", "times"), [(("case", "activity", "time"), 1), (tuple(COLUMNS), 2)])
def test_a_file_is_read_again_for_equal_rows_only_if_it_has_more_to_tell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, columns: tuple[str, ...], times: int
) -> None:
    text = "case,state,at,team,reopened\n" + "C1,Open,1/2/2016 03:04,A,0\n" * 2
    mapping = Mapping("m", {role: COLUMNS[role] for role in columns})
    readings: list[str] = []
    blocks = DelimitedSource.blocks

    def counted(self: DelimitedSource, *arguments: object) -> object:
        readings.append(self.file)
        return blocks(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(DelimitedSource, "blocks", counted)
    assert read([write(tmp_path, text)], mapping, "UTC", roles=()).events.num_rows == 2
    assert len(readings) == times
