"""Stamps of field values: they tell whether somebody else changed a field between reading and saving it.

A stamp per field, not per record, lets two people edit different fields of a record at the same time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import DecimalField, Field, JSONField, Model

from zhiheng.records.fields import concrete_field


def stamp(value: Any) -> str:
    """A short digest of a stored value."""
    text = json.dumps(value, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def stored(record: Model, name: str) -> Any:
    """The value of a column as the table holds it (the key of a link, not the linked record)."""
    field = concrete_field(type(record), name)
    return as_stored(field, getattr(record, field.attname))


def as_stored(field: Field[Any, Any], value: Any) -> Any:
    """A value in one form, wherever it comes from: a form, a file, the database."""
    if isinstance(value, Model):
        value = value.pk
    if isinstance(field, JSONField):
        return value
    value = field.get_prep_value(field.to_python(value))
    if isinstance(field, DecimalField) and value is not None:
        return value.quantize(Decimal(1).scaleb(-field.decimal_places))
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def stamps(record: Model, names: Iterable[str]) -> dict[str, str]:
    """The stamps of these fields."""
    return {name: stamp(stored(record, name)) for name in names}


def changed_by_others(fresh: Model, values: Mapping[str, Any], seen: Mapping[str, str]) -> list[str]:
    """Fields that were seen otherwise than they are now stored, and that `values` would overwrite differently."""
    names = []
    for name, value in values.items():
        if name not in seen:
            continue
        held = stamp(stored(fresh, name))
        if held not in {seen[name], stamp(as_stored(concrete_field(type(fresh), name), value))}:
            names.append(name)
    return names
