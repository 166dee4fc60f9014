"""Order and keyset paging by the range form, which walks an index from the middle as fast as from its end.

`col >= x AND NOT (col = x AND id <= y)` took 0.7 ms at a million rows where `col > x OR (…)` took 66 ms.
Empty values count as the greatest, on both databases, and form a segment of their own.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Model, Q
from django.utils.translation import gettext_lazy as _

from zhiheng.kernel.errors import InvalidInput
from zhiheng.records.fields import FieldInfo


@dataclass(frozen=True, slots=True)
class Order:
    """An order over one column, ties broken by the primary key in the same direction."""

    info: FieldInfo | None
    descending: bool

    @property
    def text(self) -> str:
        """As it stands in the address: `-received_at`."""
        return ("-" if self.descending else "") + (self.info.path if self.info else "id")

    @property
    def nullable(self) -> bool:
        return bool(self.info and self.info.field.null)

    def reversed(self) -> Order:
        """The same order from the other end."""
        return Order(self.info, not self.descending)

    def terms(self) -> list[Any]:
        """The order as the ORM takes it."""
        key = "-pk" if self.descending else "pk"
        if self.info is None:
            return [key]
        column = F(self.info.lookup)
        if not self.nullable:
            return [column.desc() if self.descending else column.asc(), key]
        return [column.desc(nulls_first=True) if self.descending else column.asc(nulls_last=True), key]

    def segments(self) -> list[Q]:
        """All rows as ranges to be read one after the other, each along an index where all together would be sorted."""
        if self.info is None or not self.nullable:
            return [Q()]
        filled, empty = (Q(**{f"{self.info.lookup}__isnull": is_null}) for is_null in (False, True))
        return [empty, filled] if self.descending else [filled, empty]

    def beyond(self, cursor: Cursor) -> list[Q]:
        """The rows after the cursor, as one or two ranges to be read one after the other."""
        passed = "gte" if self.descending else "lte"
        if self.info is None:
            return [Q(**{"pk__lt" if self.descending else "pk__gt": cursor.key})]
        name = self.info.lookup
        if cursor.value is None:
            same = Q(**{f"{name}__isnull": True, "pk__lt" if self.descending else "pk__gt": cursor.key})
            return [same, Q(**{f"{name}__isnull": False})] if self.descending else [same]
        range_ = Q(**{f"{name}__{'lte' if self.descending else 'gte'}": cursor.value})
        segment = range_ & ~Q(**{name: cursor.value, f"pk__{passed}": cursor.key})
        if self.nullable and not self.descending:
            return [segment, Q(**{f"{name}__isnull": True})]
        return [segment]

    def cursor(self, row: Model) -> Cursor:
        """Where the row stands in this order."""
        if self.info is None:
            return Cursor(None, row.pk)
        return Cursor(getattr(row, self.info.field.attname), row.pk)

    def encode(self, cursor: Cursor) -> str:
        """The cursor as it stands in the address."""
        value = cursor.value
        if value is not None and self.info is not None:
            value = self.info.field.get_prep_value(value)
            value = value.isoformat() if hasattr(value, "isoformat") else str(value)
        text = json.dumps([value, cursor.key], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def decode(self, text: str) -> Cursor:
        """The cursor an address holds. Raises InvalidInput."""
        try:
            value, key = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            if value is not None and self.info is not None:
                target = getattr(self.info.field, "target_field", self.info.field)
                value = target.to_python(value)
            return Cursor(value, int(key))
        except (ValueError, TypeError, ValidationError, binascii.Error) as error:
            raise InvalidInput(
                _("This page of the list cannot be found any more; start from the first one."), code="cursor"
            ) from error


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place of a row: its value in the order and its primary key."""

    value: Any
    key: int
