"""Which records match words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from zhiheng.records.declaration import RecordType


def matching(record_type: RecordType, words: str) -> Q:
    """Records of the type whose searched fields hold every word."""
    condition = Q()
    for word in words.split():
        any_field = Q()
        for name in record_type.search:
            any_field |= Q(**{f"{name.replace('.', '__')}__icontains": word})
        condition &= any_field
    return condition
