"""The bytes of an archive file. Pure.

A file is a series of gzip members, which `zcat` and DuckDB read as one text: a JSON object a line with all columns of
an entry, times in microseconds since 1970 UTC. Each member but the last is a block of entries sorted by record and id,
so that one record's entries are one small read. The last holds one line of its own, with id 0: the directory, which
says in which block each id lies.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from zhiheng.kernel.time import EPOCH
from zhiheng.platform.models.journal import Entry

ENTRIES_A_BLOCK = 128
# Level 9 takes three times as long for 2 % less.
LEVEL = 6
_GZIP = 16 + zlib.MAX_WBITS
_MICROSECOND = timedelta(microseconds=1)
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

Blocks = list[list[int]]


@dataclass(frozen=True, slots=True)
class Line:
    """One encoded entry and what places it."""

    id: int
    record_type: str
    record_id: int | None
    correlation: str
    text: bytes


@dataclass(frozen=True, slots=True)
class Directory:
    """The block of each id, in the order of ids, and where the blocks lie."""

    places: dict[int, int]
    blocks: Blocks


@dataclass(frozen=True, slots=True)
class Packed:
    """A file ready to be written: its bytes, its blocks, and the blocks of each record and operation."""

    content: bytes
    blocks: Blocks
    keys: list[tuple[int, int]]

    @property
    def sha256(self) -> str:
        """The digest of the file."""
        return hashlib.sha256(self.content).hexdigest()


def record_key(record_type: str, record_id: int | None) -> int:
    """What stands for a record in the index: 64 bits. Two may share it; readers look at the entries too."""
    return _key(f"record|{record_type}|{record_id}")


def operation_key(correlation: str) -> int:
    """What stands for an operation in the index; `correlation` in 32 hexadecimal digits."""
    return _key(f"operation|{correlation}")


def _key(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)


def line_of(entry: Entry) -> Line:
    """An entry as a line."""
    correlation = entry.correlation.hex
    text = _json(
        {
            "id": entry.pk,
            "occurred_at": (entry.occurred_at - EPOCH) // _MICROSECOND,
            "recorded_at": (entry.recorded_at - EPOCH) // _MICROSECOND,
            "actor_kind": entry.actor_kind,
            "actor_id": entry.actor_id,
            "cause": entry.cause,
            "act": entry.act,
            "act_version": entry.act_version,
            "record_type": entry.record_type,
            "record_id": entry.record_id,
            "partition": entry.partition,
            "correlation": correlation,
            "changes": entry.changes,
            "data": entry.data,
            "salt": bytes(entry.salt).hex(),
            "salts": entry.salts,
        }
    )
    return Line(entry.pk, entry.record_type, entry.record_id, correlation, text.encode())


def entry_of(text: bytes) -> Entry:
    """The entry that a line holds. Raises ValueError, KeyError or TypeError for a line that is none."""
    held: dict[str, Any] = json.loads(text)
    return Entry(
        **held
        | {
            "occurred_at": _moment(held["occurred_at"]),
            "recorded_at": _moment(held["recorded_at"]),
            "correlation": UUID(held["correlation"]),
            "salt": bytes.fromhex(held["salt"]),
        }
    )


def _moment(microseconds: int) -> datetime:
    return EPOCH + timedelta(microseconds=microseconds)


def id_mark(entry_id: int) -> bytes:
    """How a line with this id begins."""
    return b'{"id":%d,' % entry_id


def record_mark(record_type: str, record_id: int | None) -> bytes:
    """What every line of a record contains; seldom another's, so look at what the line says."""
    return f'"record_type":{_json(record_type)},"record_id":{_json(record_id)},'.encode()


def correlation_mark(correlation: str) -> bytes:
    """What every line of an operation contains."""
    return f'"correlation":"{correlation}",'.encode()


def pack(lines: Iterable[Line]) -> Packed:
    """A file of these entries."""
    placed: dict[int, int] = {}
    keys: dict[tuple[int, int], None] = {}
    members = []
    ordered = sorted(lines, key=lambda line: (line.record_type, line.record_id or 0, line.id))
    for number, block in enumerate(_blocks(ordered)):
        members.append(member([line.text for line in block]))
        for line in block:
            placed[line.id] = number
            keys[record_key(line.record_type, line.record_id), number] = None
            keys[operation_key(line.correlation), number] = None
    content, blocks = joined(members, placed)
    return Packed(content, blocks, list(keys))


def _blocks(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Cut between records, and inside one that is longer than a block."""
    block: list[Line] = []
    for line in lines:
        if len(block) >= ENTRIES_A_BLOCK:
            last = block[-1]
            same = (last.record_type, last.record_id) == (line.record_type, line.record_id)
            if not same or len(block) >= 2 * ENTRIES_A_BLOCK:
                yield block
                block = []
        block.append(line)
    if block:
        yield block


def member(texts: Iterable[bytes]) -> bytes:
    """A block of lines, compressed."""
    return gzip.compress(b"\n".join(texts) + b"\n", LEVEL, mtime=0)


def joined(members: Sequence[bytes], placed: Mapping[int, int]) -> tuple[bytes, Blocks]:
    """The whole file out of its blocks, and where they lie."""
    offsets = accumulate((len(piece) for piece in members), initial=0)
    blocks = [[offset, len(piece)] for offset, piece in zip(offsets, members, strict=False)]
    ids = sorted(placed)
    steps = [after - before for before, after in zip([0, *ids], ids, strict=False)]
    directory = {"id": 0, "steps": steps, "in": [placed[each] for each in ids], "blocks": blocks}
    return b"".join([*members, member([_json(directory).encode()])]), blocks


def lines_in(compressed: bytes) -> list[bytes]:
    """The lines of a block, or of several. Raises ValueError when it was damaged."""
    try:
        return gzip.decompress(compressed).splitlines()
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(_("it cannot be decompressed (%(why)s)") % {"why": error}) from error


def block_lines(compressed: bytes) -> list[bytes]:
    """The lines of one block, quicker than `lines_in`. Raises ValueError when it was damaged."""
    try:
        return zlib.decompress(compressed, _GZIP).splitlines()
    except zlib.error as error:
        raise ValueError(_("it cannot be decompressed (%(why)s)") % {"why": error}) from error


def directory_of(text: bytes) -> Directory:
    """The directory out of its line. Raises ValueError when it is none."""
    try:
        held = json.loads(text)
        ids = accumulate(held["steps"])
        return Directory(dict(zip(ids, held["in"], strict=True)), held["blocks"])
    except (KeyError, TypeError) as error:
        raise ValueError(_("it has no directory")) from error
