"""Stamps of field values: they tell whether somebody else changed a field between reading and saving it.

A stamp per field, not per record, lets two people edit different fields of a record at the same time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from zhiheng.records.fields import concrete_field


def stamp(value: Any) -> str:
    """A short digest of a stored value."""
    text = json.dumps(value, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def stored(record: Model, name: str) -> Any:
    """The value of a column as the table holds it (the key of a link, not the linked record)."""
    field = concrete_field(type(record), name)
    return (
        field.get_prep_value(getattr(record, field.attname))
        if not field.get_internal_type() == "JSONField"
        else (getattr(record, field.attname))
    )


def stamps(record: Model, names: Iterable[str]) -> dict[str, str]:
    """The stamps of these fields."""
    return {name: stamp(stored(record, name)) for name in names}


def changed_by_others(fresh: Model, values: Mapping[str, Any], seen: Mapping[str, str]) -> list[str]:
    """Fields that were seen otherwise than they are now stored, and that `values` would overwrite differently."""
    names = []
    for name, value in values.items():
        if name not in seen:
            continue
        held = stored(fresh, name)
        wanted = value.pk if isinstance(value, Model) else value
        if stamp(held) != seen[name] and stamp(held) != stamp(wanted):
            names.append(name)
    return names
