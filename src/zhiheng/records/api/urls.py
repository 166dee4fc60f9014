"""Addresses of the REST resources and of their description."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path

from zhiheng.records.api.description import Description, act_view, described
from zhiheng.records.declaration import RecordType
from zhiheng.records.registry import registry


def resources(record_type: RecordType) -> list[URLPattern]:
    """The addresses of one record type."""
    view, base = described(record_type), f"{record_type.app}/{record_type.plural_slug}/"

    def route(tail: str, methods: dict[str, Any], name: str) -> URLPattern:
        return path(
            base + tail, view.as_view(methods, record_type=record_type), name=f"{record_type.label}:{name}"
        )

    one = {"get": "retrieve", "patch": "partial_update", "delete": "destroy"}
    return [
        route("", {"get": "list", "post": "create"}, "list"),
        route("bulk/", {"post": "bulk"}, "bulk"),
        route("<int:pk>/", one, "detail"),
        *(
            path(
                f"{base}<int:pk>/acts/{act.name}/",
                act_view(record_type, act),
                {"name": act.name},
                name=f"{record_type.label}:act:{act.name}",
            )
            for act in record_type.acts
        ),
    ]


app_name = "api"
urlpatterns = [
    path("schema/", Description.as_view(), name="schema"),
    *(pattern for record_type in registry if record_type.api for pattern in resources(record_type)),
]
