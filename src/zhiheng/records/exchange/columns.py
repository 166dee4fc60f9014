"""The columns of a file: which field each holds, what its head says in either language, how values are written and
read. Reading accepts what writing produced, in Chinese and in English."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Q
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import override

from zhiheng.kernel.actor import Actor
from zhiheng.kernel.errors import InvalidInput
from zhiheng.kernel.text import LANGUAGES
from zhiheng.platform.grants import visible_to
from zhiheng.records.declaration import RecordType
from zhiheng.records.fields import FieldInfo, Kind, columns_of_table, field_of
from zhiheng.records.forms.options import Options
from zhiheng.records.registry import registry
from zhiheng.records.vocabularies import words_in
from zhiheng.ui.durations import read_duration

YES = frozenset({"1", "true", "yes", "y", "是", "有"})
NO = frozenset({"0", "false", "no", "n", "否", "无"})
DJANGO_LANGUAGES = {"zh": "zh-hans", "en": "en"}


@dataclass(frozen=True, slots=True)
class FileColumn:
    """One column of a file: a field, or one language of a text kept in several."""

    info: FieldInfo
    language: str = ""

    @property
    def key(self) -> str:
        """How a mapping names it: `name`, `name:zh`."""
        return f"{self.info.path}:{self.language}" if self.language else self.info.path

    @property
    def head(self) -> str:
        """What stands above it."""
        return f"{self.info.file_label} ({self.language})" if self.language else self.info.file_label

    def heads(self) -> frozenset[str]:
        """All heads by which it is recognised, folded: both languages, the name of the field, the key."""
        found = {self.key, self.info.path}
        for language in DJANGO_LANGUAGES.values():
            with override(language):
                found.add(self.head)
                if self.language in {"", LANGUAGES[0]}:
                    found |= {self.info.label, self.info.file_label}
        return frozenset(folded(head) for head in found)

    def write(self, value: Any) -> Any:
        """The value as it stands in a cell."""
        if value is None or value == "":
            return ""
        if self.language:
            return value.get(self.language, "") if isinstance(value, dict) else str(value)
        return _written(self.info, value)


def folded(head: str) -> str:
    """A head without case, spaces and marks of a required column."""
    return "".join(character for character in head.casefold() if character.isalnum() or character in "_:.")


def file_columns(record_type: RecordType, names: Sequence[str] = ()) -> list[FileColumn]:
    """The columns of a file over these fields (default: every one that may be exported)."""
    infos = [field_of(record_type, name) for name in names] if names else list(columns_of_table(record_type))
    return [column for info in infos if info.path not in record_type.redact for column in _of_field(info)]


def importable(record_type: RecordType) -> list[FileColumn]:
    """The columns that can be loaded: the key and what a person may fill in by hand."""
    declared = {name for section in record_type.form for name in section.fields} | set(record_type.import_key)
    return [
        column
        for column in file_columns(record_type)
        if column.info.field.editable and (not record_type.form or column.info.path in declared)
    ]


def _of_field(info: FieldInfo) -> Iterator[FileColumn]:
    if info.kind is Kind.LOCALIZED:
        yield from (FileColumn(info, language) for language in LANGUAGES)
    else:
        yield FileColumn(info)


def _written(info: FieldInfo, value: Any) -> Any:
    if info.kind is Kind.RELATION:
        return natural_key(value)
    if info.kind is Kind.CHOICE:
        return info.shown(value)
    if info.kind is Kind.BOOLEAN:
        return _("yes") if value else _("no")
    if info.kind is Kind.DATETIME:
        return timezone.localtime(value).isoformat(sep=" ")
    if info.kind is Kind.DATE:
        return value.isoformat()
    if info.kind is Kind.JSON:
        return json.dumps(value, ensure_ascii=False)
    return value if isinstance(value, int | float | Decimal) else str(value)


def natural_key(record: Model) -> str:
    """How a file names a linked record: by its import key if that is one text, else by its words."""
    record_type = registry.of(record)
    if record_type is not None and len(record_type.import_key) == 1:
        info = field_of(record_type, record_type.import_key[0])
        if info.kind in {Kind.TEXT, Kind.NUMBER}:
            return str(info.raw(record) or record)
    return str(record)


class Reader:
    """Reads cells for one person; links are looked up once per text."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self._links: dict[tuple[type[Model], str], Model] = {}

    def read(self, info: FieldInfo, text: str) -> Any:
        """The value of a cell. Raises InvalidInput saying what would be understood."""
        if text == "":
            return _empty(info)
        try:
            return self._read(info, text)
        except (ValidationError, ValueError, TypeError) as error:
            raise _not_understood(info, text) from error

    def _read(self, info: FieldInfo, text: str) -> Any:
        if info.kind is Kind.RELATION:
            return self._link(info, text)
        if info.kind is Kind.CHOICE:
            return _choice(info, text)
        if info.kind is Kind.NAMED:
            return _named(info, text)
        if info.in_seconds and not text.replace(",", "").strip().isdigit():
            return read_duration(text)
        if info.kind is Kind.BOOLEAN:
            return _boolean(info, text)
        if info.kind in {Kind.DATE, Kind.DATETIME}:
            return _moment(info, text)
        if info.kind is Kind.JSON:
            return json.loads(text)
        if info.numeric:
            text = text.replace(",", "").replace(" ", "")
        return info.field.to_python(text)

    def _link(self, info: FieldInfo, text: str) -> Model:
        model = info.related_model
        if (model, text) not in self._links:
            self._links[model, text] = self._found(info, model, text)
        return self._links[model, text]

    def _found(self, info: FieldInfo, model: type[Model], text: str) -> Model:
        record_type = registry.of(model)
        if record_type is not None and len(record_type.import_key) == 1:
            key = field_of(record_type, record_type.import_key[0])
            if key.kind in {Kind.TEXT, Kind.NUMBER}:
                rows = visible_to(self.actor, "view", model._default_manager.filter(Q(**{key.lookup: text})))
                if (found := rows.first()) is not None:
                    return found
        matches = Options(model, self.actor).matching(text, limit=2)
        if len(matches) != 1:
            raise InvalidInput(
                _("“%(text)s” names no single %(type)s.")
                % {"text": text[:60], "type": model._meta.verbose_name},
                code="link_not_found",
                field=info.path,
            )
        only: Model = matches[0]
        return only


def _empty(info: FieldInfo) -> Any:
    if info.field.null:
        return None
    if info.kind is Kind.RELATION:
        raise InvalidInput(_("This is required."), code="required", field=info.path)
    if info.kind in {Kind.LOCALIZED, Kind.JSON}:
        return {}
    return info.field.get_default() if info.field.has_default() else ""


def _choice(info: FieldInfo, text: str) -> Any:
    for language in DJANGO_LANGUAGES.values():
        with override(language):
            for value, words in info.field.flatchoices:
                if text.casefold() in {str(value).casefold(), str(words).casefold()}:
                    return value
    raise ValueError(text)


def _named(info: FieldInfo, text: str) -> str:
    if not words_in(info.vocabulary):
        return text
    for language in DJANGO_LANGUAGES.values():
        with override(language):
            for key, words in words_in(info.vocabulary).items():
                if text.casefold() in {key.casefold(), words.casefold()}:
                    return key
    raise ValueError(text)


def _boolean(info: FieldInfo, text: str) -> bool:
    word = text.strip().casefold()
    if word in YES or word in NO:
        return word in YES
    raise ValueError(f"{info.path}: {text}")


def _moment(info: FieldInfo, text: str) -> date | datetime:
    clean = text.strip().replace("/", "-")
    moment = parse_datetime(clean)
    day = parse_date(clean[:10]) if moment is None else None
    if info.kind is Kind.DATE:
        found = day or (moment.date() if moment else None)
        if found is None:
            raise ValueError(text)
        return found
    if moment is None:
        if day is None:
            raise ValueError(text)
        moment = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - made aware below
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def _not_understood(info: FieldInfo, text: str) -> InvalidInput:
    expected: Any = {
        Kind.NUMBER: _("a number"),
        Kind.BOOLEAN: _("yes or no"),
        Kind.DATE: _("a date such as 2026-11-20"),
        Kind.DATETIME: _("a time such as 2026-11-20 14:05"),
        Kind.JSON: _("JSON"),
    }.get(info.kind)
    if info.kind is Kind.CHOICE:
        expected = "、".join(str(words) for _value, words in info.field.flatchoices)
    if info.kind is Kind.NAMED:
        expected = "、".join(words_in(info.vocabulary).values())
    return InvalidInput(
        _("“%(text)s” is not understood; expected: %(expected)s.")
        % {"text": text[:60], "expected": expected or info.label},
        code="cell",
        field=info.path,
    )
