"""Template tags of records: the address of a record, an entry of the journal in words."""

from __future__ import annotations

from typing import Any

from django import template

from zhiheng.platform.journal import EntryView
from zhiheng.records import routes
from zhiheng.records.declaration import RecordType
from zhiheng.records.timeline import words_of

register = template.Library()


@register.simple_tag
def record_url(target: Any, page: str = "detail", **arguments: Any) -> str:
    """`{% record_url record "edit" %}`; "" for a record without a declaration."""
    return routes.record_url(target, page, **arguments)


@register.filter
def entry_words(entry: EntryView, record_type: RecordType) -> str:
    """What an entry says happened, in one line."""
    return words_of(entry, record_type)
