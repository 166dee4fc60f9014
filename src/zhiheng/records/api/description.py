"""What OpenAPI says about the REST resource of a record type: every address, what it takes, what it answers."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any

from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from zhiheng.records.api.errors import CONTENT_TYPE
from zhiheng.records.api.serializers import (
    BulkDone,
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

Answers = dict[Any, Any]


def described(record_type: RecordType) -> type[RecordViewSet]:
    """The view set with what OpenAPI says about it."""
    one, tag = serializer_for(record_type), [record_type.label]
    prefix = record_type.label.replace(".", "_")

    def operation(name: str, method: Callable[..., Any], answers: Answers, **words: Any) -> Any:
        described = extend_schema(
            operation_id=f"{prefix}_{name}", tags=tag, responses=answers | _problems(), **words
        )
        return described(_own(method))

    methods = {
        "list": operation(
            "list",
            RecordViewSet.list,
            {200: page_serializer(record_type)},
            parameters=list_parameters(record_type),
        ),
        "retrieve": operation("read", RecordViewSet.retrieve, {200: one}),
        "create": operation("add", RecordViewSet.create, {201: one}, request=one),
        "partial_update": operation(
            "change", RecordViewSet.partial_update, {200: one} | _problems(412), request=one(partial=True)
        ),
        "destroy": operation("delete", RecordViewSet.destroy, {204: None}),
        "bulk": operation("bulk", RecordViewSet.bulk, {200: BulkDone}, request=bulk_serializer(record_type)),
    }
    return type(f"{record_type.model.__name__}ViewSet", (RecordViewSet,), methods)


def act_view(record_type: RecordType, act: Act) -> Any:
    """The address of one act, described by its form."""
    prefix = record_type.label.replace(".", "_")
    name = f"{record_type.model.__name__}{act.name.title().replace('_', '')}"
    described = extend_schema(
        operation_id=f"{prefix}_act_{act.name}",
        tags=[record_type.label],
        request=form_serializer(name, act.form or NoQuestions),
        # Nothing is answered where the act takes the record out of the caller's sight.
        responses={200: serializer_for(record_type), 204: None, **_problems()},
    )
    view: type[RecordViewSet] = type(
        f"{name}View", (RecordViewSet,), {"act": described(_own(RecordViewSet.act))}
    )
    return view.as_view({"post": "act"}, record_type=record_type)


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


class Description(SpectacularAPIView):
    """The description of the whole API. It depends on the program and the language alone, so it is made once."""

    def _get_schema_response(self, request: Request) -> Response:
        name = self._get_filename(request, None)  # type: ignore[no-untyped-call]  # the package types few calls
        return Response(
            data=_description(get_language()), headers={"Content-Disposition": f'inline; filename="{name}"'}
        )


@lru_cache(maxsize=8)
def _description(_language: str | None) -> Any:
    return SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]


def _own(method: Callable[..., Any]) -> Callable[..., Any]:
    """The method as one of a single view: what is said about it stays with that view."""

    @wraps(method)
    def own(*arguments: Any, **named: Any) -> Any:
        return method(*arguments, **named)

    return own


def _problems(*more: int) -> Answers:
    """The errors that any address may answer with."""
    codes = (400, 401, 403, 404, 405, 406, 409, 415, 429, *more)
    return {(code, CONTENT_TYPE): OpenApiResponse(Problem) for code in codes}
