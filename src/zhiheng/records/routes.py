"""Addresses of records: `/desk/tickets/7/`. Everything that links to a record asks here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.urls import reverse

from zhiheng.records.declaration import RecordType
from zhiheng.records.registry import registry


def route_name(record_type: RecordType, page: str) -> str:
    """The name of a page in the URL configuration: `records:desk.ticket:list`."""
    return f"records:{record_type.label}:{page}"


def record_url(target: RecordType | Model, page: str = "detail", **arguments: Any) -> str:
    """The address of a page of a record type (list, add, import …) or of a record (detail, edit …).

    Answers "" for a record whose model has no declaration.
    """
    if isinstance(target, RecordType):
        return reverse(route_name(target, page), kwargs=arguments or None)
    record_type = registry.of(target)
    if record_type is None:
        return ""
    return reverse(route_name(record_type, page), kwargs={"pk": target.pk, **arguments})


def detail_urls(record_type: RecordType) -> Callable[[Model], str]:
    """The addresses of records of one type, resolved once: a list of 50 would resolve its route 50 times."""
    before, after = reverse(route_name(record_type, "detail"), kwargs={"pk": 0}).rsplit("0", 1)
    return lambda record: f"{before}{record.pk}{after}"
