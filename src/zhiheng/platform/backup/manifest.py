"""What a dump says about itself: where it came from, what it holds, and a digest of every part. Pure."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from zhiheng.platform.backup.errors import BackupError

FORMAT = 1
NAME = "manifest.json"
FILES = "files/"
TABLES = "tables/"
KEYS = "keys/"
ARCHIVE = "archive/"
ANCHORS = "anchors/journal.jsonl"


@dataclass(frozen=True, slots=True)
class Part:
    """One member of the dump."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class TablePart:
    """One table. `last_id` is the highest number its sequence ever gave, though the row may be gone."""

    label: str
    columns: list[str]
    rows: int
    last_id: int | None

    @property
    def part(self) -> str:
        """The member that holds its rows, one JSON array a line, in the order of the primary key."""
        return f"{TABLES}{self.label}.jsonl"


@dataclass(frozen=True, slots=True)
class JournalHead:
    """How far the journal had come: its last entry, and the last seal with its digest."""

    last_entry: int
    sealed_to: int
    digest: str
    anchors: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """The table of contents. `secret_key` tells whether a restore runs under the same one, not what it is."""

    product: str
    made_at: str
    engine: str
    migrations: list[tuple[str, str]]
    tables: list[TablePart]
    parts: list[Part]
    journal: JournalHead
    secret_key: str
    left_out: list[str] = field(default_factory=list)
    missing_files: list[str] = field(default_factory=list)
    format: int = FORMAT

    def to_json(self) -> bytes:
        """As it stands in the dump."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()


def parsed(document: bytes) -> Manifest:
    """The manifest of a dump. Raises BackupError when it is not one that this version reads."""
    try:
        data: dict[str, Any] = json.loads(document)
        found = int(data["format"])
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError(
            _("%(part)s cannot be read: this is not a dump of Zhiheng.") % {"part": NAME}
        ) from error
    if found > FORMAT:
        raise BackupError(
            _(
                "the dump has format %(found)s; this version (%(known)s) is too old for it. Restore it with zhiheng"
                " %(version)s or later."
            )
            % {"found": found, "known": FORMAT, "version": data.get("product", "")}
        )
    try:
        return Manifest(
            **data
            | {
                "migrations": [(app, name) for app, name in data["migrations"]],
                "tables": [TablePart(**table) for table in data["tables"]],
                "parts": [Part(**part) for part in data["parts"]],
                "journal": JournalHead(**data["journal"]),
            }
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BackupError(_("%(part)s is damaged (%(why)s).") % {"part": NAME, "why": error}) from error
