"""Addresses of the REST resources and of their description."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from drf_spectacular.views import SpectacularAPIView

from zhiheng.records.api.serializers import (
    Problem,
    bulk_serializer,
    form_serializer,
    page_serializer,
    serializer_for,
)
from zhiheng.records.api.views import RecordViewSet
from zhiheng.records.declaration import Act, RecordType
from zhiheng.records.filters import filters_of
from zhiheng.records.forms.acts import NoQuestions
from zhiheng.records.listing.request import sortable
from zhiheng.records.registry import registry


def described(record_type: RecordType) -> type[RecordViewSet]:
    """The view set with what OpenAPI says about it."""
    one, tag = serializer_for(record_type), [record_type.label]
    prefix = record_type.label.replace(".", "_")
    problems = {400: Problem, 403: Problem, 404: Problem, 409: Problem}

    def operation(name: str, **words: Any) -> Any:
        return extend_schema(operation_id=f"{prefix}_{name}", tags=tag, **words)

    view = type(f"{record_type.model.__name__}ViewSet", (RecordViewSet,), {})
    decorate = extend_schema_view(
        list=operation(
            "list",
            parameters=list_parameters(record_type),
            responses={200: page_serializer(record_type), **problems},
        ),
        retrieve=operation("read", responses={200: one, **problems}),
        create=operation("add", request=one, responses={201: one, **problems}),
        partial_update=operation(
            "change", request=one(partial=True), responses={200: one, 412: Problem, **problems}
        ),
        destroy=operation("delete", responses={204: None, **problems}),
        bulk=operation("bulk", request=bulk_serializer(record_type), responses={200: dict, **problems}),
    )
    decorated: type[RecordViewSet] = decorate(view)
    return decorated


def list_parameters(record_type: RecordType) -> list[OpenApiParameter]:
    """Every filter and what else a list understands."""
    orders = sorted(sortable(record_type))
    found = [
        OpenApiParameter("q", str, description="Words that the record holds."),
        OpenApiParameter("order", str, enum=[*orders, *(f"-{name}" for name in orders), "id", "-id"]),
        OpenApiParameter("after", str, description="Cursor of the page before; see `next`."),
        OpenApiParameter("before", str, description="Cursor of the page after; see `previous`."),
        OpenApiParameter("size", int, enum=[50, 100, 200]),
    ]
    if record_type.views:
        found.append(OpenApiParameter("view", str, enum=[view.name for view in record_type.views]))
    for bound in filters_of(record_type):
        for operator in bound.operators:
            words = f"{bound.label} {operator.word}"
            found.append(OpenApiParameter(bound.parameter(operator), str, many=True, description=words))
    return found


def act_view(record_type: RecordType, act: Act) -> Any:
    """The address of one act, described by its form."""
    prefix = record_type.label.replace(".", "_")
    name = f"{record_type.model.__name__}{act.name.title().replace('_', '')}"
    decorate = extend_schema_view(
        act=extend_schema(
            operation_id=f"{prefix}_act_{act.name}",
            tags=[record_type.label],
            request=form_serializer(name, act.form or NoQuestions),
            responses={200: serializer_for(record_type), 403: Problem, 404: Problem, 409: Problem},
        )
    )
    view: type[RecordViewSet] = decorate(type(f"{name}View", (RecordViewSet,), {}))
    return view.as_view({"post": "act"}, record_type=record_type)


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
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    *(pattern for record_type in registry if record_type.api for pattern in resources(record_type)),
]
