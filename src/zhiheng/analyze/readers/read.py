"""From files to one `EventLog`: choose the mapping, collect the columns, refuse what cannot be placed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from zhiheng.analyze.log import EventLog
from zhiheng.analyze.mappings import COUNT_ROLES, FLAG_ROLES, TIME_ROLES, Mapping, load
from zhiheng.analyze.quality import QualityNote, ReadError
from zhiheng.analyze.readers import delimited
from zhiheng.analyze.timestamps import parse_texts


def read(
    paths: Sequence[str | Path], mapping: Mapping | None = None, timezone: str | None = None
) -> EventLog:
    """Read exports with one mapping (found by its columns when None) into one log. Raises ReadError."""
    files = [Path(path) for path in paths]
    chosen = mapping or load("servicenow")
    zone = timezone or chosen.zone
    tables: list[pa.Table] = []
    for path in files:
        if not path.is_file():
            raise ReadError("file_missing", file=path)
        header = delimited.read_header(path)
        columns = {role: column for role, column in chosen.columns.items() if column in header}
        for role in ("case", "activity", "time"):
            if role not in columns:
                raise ReadError(
                    "column_missing",
                    file=path.name,
                    column=chosen.columns[role],
                    role=role,
                    mapping=chosen.name,
                    found=", ".join(header),
                )
        wanted = list(dict.fromkeys(columns.values()))
        for block in delimited.read_blocks(path, header, wanted, chosen.missing):
            tables.append(_roles(block, columns, chosen, zone))
    return _assemble(tables, chosen, files)


def _roles(block: pa.Table, columns: dict[str, str], mapping: Mapping, zone: str | None) -> pa.Table:
    arrays: dict[str, pa.Array] = {}
    for role, column in columns.items():
        array = block[column].unify_dictionaries().combine_chunks()
        if role == "time" or role in TIME_ROLES:
            parsed = parse_texts(array.dictionary, mapping.formats, zone)
            arrays[f"{role}_s"] = parsed.take(array.indices)
        elif role in FLAG_ROLES:
            arrays[role] = pc.equal(pc.utf8_lower(array.dictionary), "true").take(array.indices)
        elif role in COUNT_ROLES:
            arrays[role] = array.dictionary.cast(pa.int64()).take(array.indices)
        else:
            arrays[role] = array
    return pa.table(arrays)


def _assemble(tables: list[pa.Table], mapping: Mapping, files: list[Path]) -> EventLog:
    whole = pa.concat_tables(tables).unify_dictionaries().combine_chunks()
    rows = whole.num_rows
    notes = [QualityNote("rows_read", "info", rows, {"files": ", ".join(path.name for path in files)})]
    for column, role, code in (
        ("case", "case", "case_missing"),
        ("activity", "activity", "activity_missing"),
        ("time_s", "time", "time_unparseable"),
    ):
        bad = whole[column].null_count
        if bad:
            notes.append(QualityNote(code, "refused", bad, {"column": mapping.columns[role]}))
            whole = whole.filter(pc.is_valid(whole[column]))
    return EventLog(whole, mapping, tuple(notes), tuple(path.name for path in files), rows)
