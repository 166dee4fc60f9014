"""Delimited text (CSV and kin), plain or gzipped, block by block."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv

from zhiheng.analyze.quality import ReadError

BLOCK_BYTES = 1 << 24


def read_header(path: Path) -> list[str]:
    """Return the names in the first line."""
    with _open(path) as stream:
        line = stream.readline().decode("utf-8-sig")
    if not line.strip():
        raise ReadError("empty", file=path.name)
    return [name.strip() for name in next(csv.reader([line]))]


def read_blocks(
    path: Path, header: list[str], columns: list[str], missing: tuple[str, ...]
) -> Iterator[pa.Table]:
    """Yield tables of the wanted columns, dictionary-encoded."""
    convert = pacsv.ConvertOptions(
        include_columns=columns,
        column_types={name: pa.dictionary(pa.int32(), pa.utf8()) for name in columns},
        null_values=list(missing),
        strings_can_be_null=True,
    )
    with _open(path) as stream:
        stream.readline()
        rest = b""
        while block := stream.read(BLOCK_BYTES):
            block = rest + block
            cut = block.rfind(b"\n") + 1
            rest = block[cut:]
            yield _parse(block[:cut], header, convert)
        if rest.strip():
            yield _parse(rest, header, convert)


def _parse(block: bytes, header: list[str], convert: pacsv.ConvertOptions) -> pa.Table:
    return pacsv.read_csv(
        pa.py_buffer(block),
        read_options=pacsv.ReadOptions(column_names=header),
        parse_options=pacsv.ParseOptions(newlines_in_values=True),
        convert_options=convert,
    )


def _open(path: Path) -> gzip.GzipFile:
    with path.open("rb") as stream:
        zipped = stream.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if zipped else path.open("rb")  # type: ignore[return-value]
