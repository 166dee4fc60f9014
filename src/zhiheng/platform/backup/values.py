"""How a value of a column is written in a dump, and how it becomes a value for the database again.

Numbers, texts, yes/no and JSON stand as themselves; times as ISO 8601 in UTC, bytes in base64, all else as the text
that its field reads. The same row gives the same line on both engines.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BinaryField, Field, ForeignKey, JSONField
from django.utils.duration import duration_string

PLAIN = frozenset(
    {
        "AutoField", "BigAutoField", "SmallAutoField", "IntegerField", "BigIntegerField", "SmallIntegerField",
        "PositiveIntegerField", "PositiveBigIntegerField", "PositiveSmallIntegerField", "BooleanField", "CharField",
        "TextField", "SlugField", "FloatField", "FileField",
    }
)  # fmt: skip

AnyField = Field[Any, Any]
Convert = Callable[[Any], Any]


def _spelled(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes | memoryview | bytearray):
        return b64encode(value).decode("ascii")
    if isinstance(value, timedelta):
        return duration_string(value)
    if isinstance(value, UUID | Decimal):
        return str(value)
    raise TypeError(f"a dump has no spelling for {type(value).__name__}")


_line = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_spelled).encode


def line_of(row: Sequence[Any]) -> bytes:
    """A row as one line. Keys of JSON columns are sorted, since jsonb does not keep their order."""
    return _line(row).encode() + b"\n"


def converter(field: AnyField, connection: BaseDatabaseWrapper) -> Convert | None:
    """What makes a spelled value a parameter for this database; None where it is one already."""
    base: AnyField = field
    while isinstance(base, ForeignKey):
        base = base.target_field
    if base.get_internal_type() in PLAIN:
        return None

    def convert(value: Any) -> Any:
        if value is None:
            # A JSON column that cannot be NULL holds JSON's own null.
            return "null" if isinstance(base, JSONField) and not field.null else None
        if isinstance(base, JSONField):
            return base.get_db_prep_save(value, connection)
        read = b64decode(value) if isinstance(base, BinaryField) else base.to_python(value)
        return base.get_db_prep_save(read, connection)

    return convert
