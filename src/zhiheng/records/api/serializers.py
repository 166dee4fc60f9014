"""Serializers made from declarations. They translate and check types; rules and writes are the services' part."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from django import forms
from django.db.models import DateTimeField, Model, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from zhiheng.kernel.actor import current
from zhiheng.kernel.text import LANGUAGES
from zhiheng.platform.grants import visible_to
from zhiheng.records.declaration import RecordType
from zhiheng.records.fields import FieldInfo, Kind, columns_of_table, editable_fields
from zhiheng.records.registry import registry
from zhiheng.records.routes import record_url


class LinkedRecord(serializers.PrimaryKeyRelatedField[Any]):
    """A link by id, to records that the caller may see."""

    def __init__(self, **options: Any) -> None:
        self.model: type[Model] | None = options.pop("model", None)
        super().__init__(**options)

    def get_queryset(self) -> QuerySet[Any]:
        assert self.model is not None
        rows = self.model._default_manager.all()
        return visible_to(current().actor, "view", rows) if registry.of(self.model) else rows

    def use_pk_only_optimization(self) -> bool:
        return True


@extend_schema_field({"type": "object", "properties": {code: {"type": "string"} for code in LANGUAGES}})
class LocalizedText(serializers.JSONField):
    """A text in both languages."""


class Moment(serializers.DateTimeField):
    """A time with the offset of the reader's zone, or in UTC where that offset cannot be written.

    Before standard time clocks were set by the sun: Shanghai was 8:05:43 ahead, and RFC 3339 knows no seconds there.
    """

    def to_representation(self, value: Any) -> Any:
        offset = self.enforce_timezone(value).utcoffset() or timedelta()
        return super().to_representation(value) if not offset.seconds % 60 else _in_utc(value)


def _in_utc(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


class RecordSerializer(serializers.ModelSerializer[Any]):
    """A record: its id, its words, the address of its page, and its fields."""

    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {DateTimeField: Moment}

    label = serializers.SerializerMethodField()  # type: ignore[assignment]  # the words; hides DRF's own label
    url = serializers.SerializerMethodField()

    @extend_schema_field(OpenApiTypes.STR)
    def get_label(self, record: Model) -> str:
        """The record in words."""
        return str(record)

    @extend_schema_field({"type": "string", "format": "uri-reference"})
    def get_url(self, record: Model) -> str:
        """Its page."""
        return record_url(record)


@lru_cache(maxsize=512)
def serializer_for(record_type: RecordType) -> type[RecordSerializer]:
    """The serializer of a record type."""
    infos = [info for info in columns_of_table(record_type) if info.path not in record_type.redact]
    editable = {info.path for info in editable_fields(record_type)}
    own: dict[str, Any] = {}
    for info in infos:
        if (field := _field(info)) is not None and info.path in editable:
            own[info.path] = field
    meta = type(
        "Meta",
        (),
        {
            "model": record_type.model,
            "fields": ["id", "label", "url", *(info.path for info in infos)],
            "read_only_fields": [info.path for info in infos if info.path not in editable],
            "validators": [],
        },
    )
    return type(f"{record_type.model.__name__}Serializer", (RecordSerializer,), {"Meta": meta, **own})


def _field(info: FieldInfo) -> serializers.Field[Any, Any, Any, Any] | None:
    required = not info.field.blank and not info.field.has_default() and not info.field.null
    if info.kind is Kind.RELATION:
        return LinkedRecord(model=info.related_model, required=required, allow_null=info.field.null)
    if info.kind is Kind.LOCALIZED:
        return LocalizedText(required=required)
    return None


class Page(serializers.Serializer[Any]):
    """What surrounds a page of a list."""

    count = serializers.IntegerField(help_text="Rows in the list, counted up to 1000.")
    count_capped = serializers.BooleanField(help_text="True when there are more than counted.")
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


class Problem(serializers.Serializer[Any]):
    """An error as RFC 9457 describes it."""

    type = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    field = serializers.CharField(required=False)
    remedy = serializers.CharField(required=False)
    errors = serializers.JSONField(required=False)  # type: ignore[assignment]  # the name RFC 9457 readers expect


@lru_cache(maxsize=512)
def page_serializer(record_type: RecordType) -> type[serializers.Serializer[Any]]:
    """A page of a list of this type."""
    name = f"{record_type.model.__name__}Page"
    page = type(name, (Page,), {"results": serializer_for(record_type)(many=True)})
    # The address answers with one page, not with a list of them.
    return extend_schema_serializer(many=False)(page)


def bulk_serializer(record_type: RecordType) -> type[serializers.Serializer[Any]]:
    """What the bulk address takes: all of it is done, or nothing."""
    body = serializers.ListField(child=serializers.DictField(), required=False)
    changes = serializers.ListField(
        child=serializers.DictField(), required=False, help_text="Each with its id."
    )
    ids = serializers.ListField(child=serializers.IntegerField(), required=False)
    name = f"{record_type.model.__name__}Bulk"
    return type(name, (serializers.Serializer,), {"add": body, "change": changes, "delete": ids})


class BulkDone(serializers.Serializer[Any]):
    """What a bulk request did."""

    added = serializers.ListField(child=serializers.IntegerField(), help_text="Ids, in the order given.")
    changed = serializers.IntegerField()
    deleted = serializers.IntegerField()


_OF_FORM: tuple[tuple[type[forms.Field], type[serializers.Field[Any, Any, Any, Any]]], ...] = (
    (forms.ModelChoiceField, serializers.IntegerField),
    (forms.BooleanField, serializers.BooleanField),
    (forms.DateTimeField, serializers.DateTimeField),
    (forms.DateField, serializers.DateField),
    (forms.IntegerField, serializers.IntegerField),
)


def form_serializer(name: str, form: type[forms.BaseForm]) -> type[serializers.Serializer[Any]]:
    """The values that the form of an act asks for, for the documentation of the API."""
    fields: dict[str, Any] = {}
    for field_name, field in getattr(form, "base_fields", {}).items():
        kind = next(
            (target for source, target in _OF_FORM if isinstance(field, source)), serializers.CharField
        )
        fields[field_name] = kind(required=field.required, help_text=str(field.help_text or ""))
    return type(name, (serializers.Serializer,), fields)
