"""Field values as plain JSON for `changes`.

Long texts become references to revisions; masked fields show nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.db.models.fields.files import FieldFile
from django.utils.functional import Promise

from zhiheng.kernel.time import now
from zhiheng.platform.models.journal import Revision

LONG_TEXT = 4000
MASK = "***"
REVISION = "$revision"


def plain(value: Any) -> Any:
    """`value` as JSON has it: times in ISO 8601 UTC, exact numbers as text, containers copied."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z") if value.tzinfo else value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, (Decimal, UUID, Promise)):
        return str(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, FieldFile):
        return value.name or None
    if isinstance(value, (bytes, memoryview)):
        return {"$sha256": hashlib.sha256(bytes(value)).hexdigest()}
    if isinstance(value, Model):
        return value.pk
    raise TypeError(f"{type(value).__name__} cannot be journaled: {value!r}")


def shortened(value: Any, *, using: str) -> Any:
    """`value`, or a reference to a new revision that holds it if it is a text over 4,000 characters."""
    if not isinstance(value, str) or len(value) <= LONG_TEXT:
        return value
    revision = Revision.objects.using(using).create(text=value, made_at=now())
    return {REVISION: revision.pk, "sha256": hashlib.sha256(value.encode()).hexdigest(), "length": len(value)}
