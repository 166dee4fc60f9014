"""Rows to test with, made up from the kinds of the fields; a domain may say how its own are made."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from django import forms
from django.contrib.auth import get_user_model
from django.db import models
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from zhiheng.records.declaration import RecordType
from zhiheng.records.fields import FieldInfo, Kind, columns_of_table, field_of
from zhiheng.records.registry import registry
from zhiheng.records.vocabularies import vocabulary

DAY = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
Made = TypeVar("Made", bound=models.Model)
Sampler = Callable[[int], models.Model]
_samplers: dict[str, Sampler] = {}
_values: dict[str, Callable[[int], dict[str, Any]]] = {}
_found: list[bool] = []


def sampler(model: type[Made]) -> Callable[[Callable[[int], Made]], Callable[[int], Made]]:
    """Say how the sample row of that number is made and saved."""

    def keep(make: Callable[[int], Made]) -> Callable[[int], Made]:
        _samplers[model._meta.label_lower] = make
        return make

    return keep


def sample_values(model: type[models.Model], values: Callable[[int], dict[str, Any]]) -> None:
    """Say which values cannot be made up from the kinds of their fields; the others still are."""
    _values[model._meta.label_lower] = values


def sample(model: type[models.Model], number: int) -> Any:
    """A saved sample row; the same number twice may break a rule of the model."""
    discover()
    make = _samplers.get(model._meta.label_lower)
    if make is not None:
        return make(number)
    record = unsaved(model, number)
    record.save()
    return record


def discover() -> None:
    """Read `tests/samples.py` of every app, once."""
    if not _found:
        _found.append(True)
        autodiscover_modules("tests.samples")


def unsaved(model: type[models.Model], number: int) -> Any:
    """A sample row that is not saved, with what the model requires."""
    discover()
    record_type = registry.of(model)
    record = model()
    once = _once(model)
    for field in model._meta.concrete_fields:
        if field.primary_key or (field.has_default() and not field.unique):
            continue
        wanted = field.unique or (field.name in once and field.related_model is not model)
        if (field.null or field.blank) and not wanted:
            continue
        info = field_of(record_type, field.name) if record_type else _plain_info(model, field.name)
        # Links that together may stand only once each get a row of their own.
        alone = info.kind is Kind.RELATION and field.name in once
        setattr(record, field.name, own_link(info, number) if alone else made_up(info, number))
    for name, value in _values.get(model._meta.label_lower, _nothing)(number).items():
        setattr(record, name, value)
    return record


def _nothing(_number: int) -> dict[str, Any]:
    return {}


def _once(model: type[models.Model]) -> frozenset[str]:
    groups = [list(getattr(constraint, "fields", ())) for constraint in model._meta.constraints]
    return frozenset(name for group in [*groups, *model._meta.unique_together] for name in group)


def own_link(info: FieldInfo, number: int) -> Any:
    """A row to link to that no other sample links to."""
    model = info.related_model
    if model is get_user_model():
        manager: Any = model._default_manager
        name = f"sample-person-{number}"
        found = manager.filter(username=name).first()
        return found or manager.create_user(username=name, name=name)
    # Two links of one record to the same model get different rows.
    place = [field.name for field in info.field.model._meta.concrete_fields].index(info.name)
    return sample(model, 5000 + 100 * place + number)


def _plain_info(model: type[models.Model], name: str) -> FieldInfo:
    return next(info for info in columns_of_table(RecordType(model=model)) if info.path == name)


def made_up(info: FieldInfo, number: int) -> Any:
    """A value of the kind of the field."""
    if info.kind is Kind.RELATION:
        return linked(info.related_model)
    if info.kind is Kind.CHOICE:
        return next(value for value, _words in info.field.flatchoices if value not in (None, ""))
    if info.kind is Kind.NAMED:
        return next((word.key for word in vocabulary(info.vocabulary)), "")
    if isinstance(info.field, models.EmailField):
        return f"sample{number}@example.org"
    if isinstance(info.field, models.UUIDField | models.URLField | models.GenericIPAddressField):
        return {
            "UUIDField": f"00000000-0000-4000-8000-{number:012d}",
            "URLField": f"https://example.org/{number}",
        }.get(info.field.get_internal_type(), f"192.0.2.{number % 250}")
    return _BY_KIND[info.kind](info, number)


def _text(info: FieldInfo, number: int) -> str:
    text = f"{info.name.replace('_', '-')}-{number}"
    return text[-(info.field.max_length or len(text)) :]


_BY_KIND: dict[Kind, Callable[[FieldInfo, int], Any]] = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.LOCALIZED: lambda _info, number: {"zh": f"样本 {number}", "en": f"Sample {number}"},
    Kind.NUMBER: lambda info, number: (
        Decimal(number) if isinstance(info.field, models.DecimalField) else number
    ),
    Kind.BOOLEAN: lambda _info, _number: False,
    Kind.DATE: lambda _info, number: date(2026, 1, 1) + timedelta(days=number),
    Kind.DATETIME: lambda _info, number: DAY + timedelta(minutes=number),
    Kind.DURATION: lambda info, number: 60 * number if info.in_seconds else timedelta(minutes=number),
    Kind.JSON: lambda _info, _number: {"sample": True},
}


def linked(model: type[models.Model]) -> Any:
    """A row to link to: the first there is, else a sample."""
    if model is get_user_model():
        manager: Any = model._default_manager
        return manager.filter(username="sample-owner").first() or manager.create_user(
            "sample-owner", name="Sample"
        )
    first = model._base_manager.order_by("pk").first()
    return first if first is not None else sample(model, 9001)


def posted(form: Any, record: Any, number: int) -> dict[str, Any]:
    """What a browser would send to fill the form in with the values of the record."""
    data: dict[str, Any] = {}
    record_type = registry.of(type(record))
    assert record_type is not None
    own = {info.path for info in columns_of_table(record_type)}
    for name, field in form.fields.items():
        if name not in own:
            data |= {name: _asked(field)} if field.required else {}
            continue
        info = field_of(record_type, name)
        value = getattr(record, name, None)
        if value in (None, "", {}) and field.required:
            value = made_up(info, number)
        data |= _as_sent(info, value)
    return data


def _asked(field: forms.Field) -> Any:
    """An answer to a question of the form that is no column of the record."""
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        return next(value for value, _words in list(choices) if value not in (None, ""))
    return 1 if isinstance(field, forms.IntegerField) else "sample"


def _as_sent(info: FieldInfo, value: Any) -> dict[str, Any]:
    name = info.name
    if value is None or value is False:
        return {}
    if info.kind is Kind.LOCALIZED:
        return {f"{name}_{code}": text for code, text in value.items()}
    if info.kind is Kind.RELATION:
        return {name: value.pk}
    if info.kind is Kind.DATETIME:
        return {name: timezone.localtime(value).strftime("%Y-%m-%dT%H:%M")}
    if info.kind is Kind.JSON:
        return {name: json.dumps(value)}
    if info.in_seconds:
        return {name: f"{value} s"}
    return {name: value}
