"""From files to one `EventLog`: choose a mapping, collect the roles, name every row that was refused."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from zhiheng.analyze.arrays import join_tables, one_chunk
from zhiheng.analyze.checks import check_log
from zhiheng.analyze.columns import RoleReader
from zhiheng.analyze.guess import category_of, guess_mapping
from zhiheng.analyze.log import EventLog
from zhiheng.analyze.mappings import Mapping, shipped
from zhiheng.analyze.mappings.model import REQUIRED_ROLES, ROLES, VERSION_ROLE
from zhiheng.analyze.memory import expect_blocks, give_back_memory, left_bytes
from zhiheng.analyze.quality import MAX_EXAMPLES, QualityNote, ReadError
from zhiheng.analyze.readers.content import identify
from zhiheng.analyze.readers.sources import open_source
from zhiheng.analyze.readers.stream import Progress
from zhiheng.analyze.source import Source

COPIES = ("duplicates_removed", "duplicates_kept")
_BLOCKS_BETWEEN_LOOKS = 16
# Measured on 10 million events: joined, in order, and counted; the whole report takes thrice as much.
_BYTES_TO_COME_PER_ROW = 100


def read(
    paths: Sequence[str | Path],
    mapping: Mapping | None = None,
    timezone: str | None = None,
    progress: Progress | None = None,
    roles: Collection[str] = ROLES,
) -> EventLog:
    """Read one or more exports into one log.

    Without a mapping each file gets the shipped one whose columns it has, else one guessed from header and
    values (`propose_mapping`). `timezone` (IANA) is that of times written without one and outranks the
    mapping's. `progress` is called with bytes read and bytes in all. Only columns with these `roles` are
    read, and always those that place a row. Raises ReadError; rows that cannot be placed are refused and noted.
    """
    if not paths:
        raise ReadError("no_files")
    zone = timezone or (mapping.zone if mapping else None)
    if zone is not None and mapping is None:
        Mapping(
            "zone", dict.fromkeys(REQUIRED_ROLES, ""), zone=zone
        )  # names an unknown zone before any reading
    files = [Path(path) for path in paths]
    meter = _Meter(files, progress)
    wanted = frozenset(roles) | {*REQUIRED_ROLES, VERSION_ROLE}
    expect_blocks()
    readings = [_read_file(path, mapping, zone, meter, wanted) for path in files]
    whole = not any(reading.left_out for reading in readings)
    log = _assemble(readings, [path.name for path in files])
    if whole or not any(note.code in COPIES for note in log.quality):
        return log
    del log, readings
    # Rows equal in these columns may differ in others: only the whole row tells whether it was exported twice.
    return read(paths, mapping, timezone, progress)


def propose_mapping(path: str | Path) -> Mapping:
    """Return the mapping `read` would use for a file: shipped when its columns are there, else guessed."""
    return _choose(open_source(identify(Path(path)), None), None)[0]


class _Reading:
    """One file, read: its tables of roles, the mapping used and the notes about it."""

    def __init__(
        self, source: Source, zone: str | None, mapping: Mapping, guessed: bool, roles: Collection[str]
    ) -> None:
        found = _columns_of(source, mapping)
        columns = {role: column for role, column in found.items() if role in roles}
        self.left_out = len(columns) < len(found)
        self.zone = zone or mapping.zone
        self.reader = RoleReader(mapping, columns, self.zone, guess_times=guessed)
        self.rows = 0
        self.tables: list[pa.Table] = []
        for block in source.blocks(list(dict.fromkeys(columns.values())), mapping.missing):
            self.rows += block.table.num_rows
            self.tables.append(self.reader.roles_of(block))
            if len(self.tables) % _BLOCKS_BETWEEN_LOOKS == 0:
                _check_memory(source.file, self.rows)
        self.mapping = mapping
        self.notes = source.notes() + _refusals(source, self.reader) + _repairs(source, self.reader)
        if guessed:
            formats = dict.fromkeys(item for column in self.reader.times.values() for item in column.formats)
            self.mapping = replace(mapping, formats=tuple(formats) or mapping.formats)
            shown = ", ".join(f"{role} = {column}" for role, column in found.items())
            self.notes.insert(
                0, QualityNote("mapping_guessed", "info", 0, {"file": source.file, "columns": shown})
            )
        self.rows += source.refused


def _read_file(
    path: Path, mapping: Mapping | None, zone: str | None, meter: _Meter, roles: Collection[str]
) -> _Reading:
    content = identify(path)
    source = open_source(content, meter.for_file(path))
    reading = _Reading(source, zone, *_choose(source, mapping), roles)
    if not reading.rows:
        raise ReadError("empty", file=source.file)
    if content.misnamed:
        reading.notes.insert(
            0, QualityNote("misnamed", "info", 0, {"file": source.file, "kind": content.kind})
        )
    if not any(table.num_rows for table in reading.tables):
        raise _nothing_left(source, reading)
    return reading


def _check_memory(file: str, rows: int) -> None:
    # Better told now than ended by the system later: what was read must still be put in order and counted.
    left = left_bytes()
    if left is not None and left < rows * _BYTES_TO_COME_PER_ROW:
        raise ReadError("memory", file=file, rows=f"{rows:,}", left=f"{left >> 20:,}")


def _nothing_left(source: Source, reading: _Reading) -> ReadError:
    # Every row was refused: the most frequent reason is the one to act on, or what stands behind it.
    notes = [note for note in reading.notes if note.severity in ("refused", "serious")]
    worst = max(notes, key=lambda note: note.count)
    if worst.severity == "serious":
        return ReadError("nothing_read", reason_en=worst.text("en"), reason_zh=worst.text("zh"))
    place = worst.examples[0] if worst.examples else None
    return ReadError(
        "all_refused",
        file=source.file,
        reason_en=worst.text("en"),
        reason_zh=worst.text("zh"),
        line=place.line if place else 1,
        text=place.text if place else "",
    )


def _choose(source: Source, mapping: Mapping | None) -> tuple[Mapping, bool]:
    # The mapping, and whether it was guessed.
    if mapping is not None:
        return mapping, False
    known = {name.casefold() for name in source.header}
    for candidate in shipped().values():
        if all(candidate.columns[role].casefold() in known for role in REQUIRED_ROLES):
            return candidate, False
    return guess_mapping(source.header, source.sample(), source.file), True


def _columns_of(source: Source, mapping: Mapping) -> dict[str, str]:
    by_name = {name.casefold(): name for name in reversed(source.header)}
    columns = {
        role: by_name[mapping.columns[role].strip().casefold()]
        for role in ROLES
        if role in mapping.columns and mapping.columns[role].strip().casefold() in by_name
    }
    for role in REQUIRED_ROLES:
        if role not in columns:
            raise ReadError(
                "column_missing",
                file=source.file,
                column=mapping.columns[role],
                role=role,
                mapping=mapping.name,
                found=", ".join(source.header),
            )
    return columns


def _refusals(source: Source, reader: RoleReader) -> list[QualityNote]:
    shown = {reason: rows[:MAX_EXAMPLES] for reason, rows in reader.refused.items()}
    places = source.locate([row for rows in shown.values() for row in rows]) if shown else {}
    roles = {"case_missing": "case", "activity_missing": "activity"}
    return [
        QualityNote(
            reason,
            "refused",
            len(rows),
            {"file": source.file, "column": reader.columns[roles.get(reason, "time")]},
            tuple(places[row] for row in shown[reason] if row in places),
        )
        for reason, rows in reader.refused.items()
    ]


def _repairs(source: Source, reader: RoleReader) -> list[QualityNote]:
    file = {"file": source.file}
    notes = [QualityNote(kind, "repaired", count, file) for kind, count in sorted(reader.repaired.items())]
    for role, count in reader.unreadable.items():
        notes.append(
            QualityNote("value_unreadable", "repaired", count, {**file, "column": reader.columns[role]})
        )
    for role, times in reader.times.items():
        column = {**file, "column": reader.columns[role]}
        formats = ", ".join(times.formats)
        if times.ambiguous:
            notes.append(QualityNote("time_ambiguous", "serious", 0, {**column, "formats": formats}))
        elif times.guessed:
            notes.append(QualityNote("time_format_guessed", "repaired", 0, {**column, "formats": formats}))
        if len(times.used) > 1:
            mixed = ", ".join(f"{pattern}: {count:,}" for pattern, count in times.used.most_common())
            rest = sum(count for _, count in times.used.most_common()[1:])
            notes.append(QualityNote("time_formats_mixed", "repaired", rest, {**column, "formats": mixed}))
        if role != "time" and times.unreadable:
            notes.append(QualityNote("value_unreadable", "repaired", times.unreadable, column))
    if reader.zone is None and "time" in reader.times and not reader.times["time"].zoned:
        notes.append(QualityNote("zone_assumed", "info", 0, file))
    return notes


def _assemble(readings: list[_Reading], files: list[str]) -> EventLog:
    lengths = [sum(part.num_rows for part in reading.tables) for reading in readings]
    parts = [part for reading in readings for part in reading.tables if part.num_rows]
    for reading in readings:
        reading.tables.clear()
    table = join_tables(parts)
    give_back_memory()
    rows = sum(reading.rows for reading in readings)
    notes = [QualityNote("rows_read", "info", rows, {"files": ", ".join(files)})]
    notes += [note for reading in readings for note in reading.notes]
    table, checked = check_log(table, lengths)
    give_back_memory()
    first = readings[0]
    names = one_chunk(table["activity"]).dictionary.to_pylist()
    states = {name: category for name in names if (category := category_of(name)) is not None}
    mapping = replace(first.mapping, states={**states, **first.mapping.states}, zone=first.zone)
    return EventLog(table, mapping, (*notes, *checked), tuple(files), rows)


class _Meter:
    """Progress over several files as bytes done of bytes in all."""

    def __init__(self, files: list[Path], progress: Progress | None) -> None:
        self._progress = progress
        self._sizes = [path.stat().st_size if path.is_file() else 0 for path in files]
        self._started = 0

    def for_file(self, path: Path) -> Progress | None:
        """Return the callback for the next file."""
        report = self._progress
        if report is None:
            return None
        before, total = self._started, sum(self._sizes)
        self._started += path.stat().st_size
        return lambda done, _size: report(before + done, total)
