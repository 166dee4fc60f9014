"""Template tags of records: the address of a record."""

from __future__ import annotations

from typing import Any

from django import template

from zhiheng.records import routes

register = template.Library()


@register.simple_tag
def record_url(target: Any, page: str = "detail", **arguments: Any) -> str:
    """`{% record_url record "edit" %}`; "" for a record without a declaration."""
    return routes.record_url(target, page, **arguments)
