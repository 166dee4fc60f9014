"""What one line of a file would do: add, change, nothing, or why it cannot be used. Reads, never writes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.utils.translation import gettext as _

from zhiheng.kernel.actor import Actor
from zhiheng.kernel.errors import InvalidInput
from zhiheng.platform.grants import may, visible_to
from zhiheng.records.declaration import RecordType
from zhiheng.records.exchange.columns import FileColumn, Reader, folded, importable
from zhiheng.records.fields import field_of
from zhiheng.records.models import Outcome
from zhiheng.records.services import fill
from zhiheng.records.stamps import stored


@dataclass(frozen=True, slots=True)
class Plan:
    """What a line would do. `values` are ready for the service."""

    outcome: Outcome
    reason: str = ""
    changes: dict[str, list[Any]] = field(default_factory=dict)
    record: Any = None
    values: dict[str, Any] = field(default_factory=dict)


def guess_mapping(record_type: RecordType, heads: Sequence[str]) -> dict[str, str]:
    """{head: key of a column} for the heads that are recognised; each column at most once."""
    mapping: dict[str, str] = {}
    columns = importable(record_type)
    for head in heads:
        for column in columns:
            if column.key not in mapping.values() and folded(head) in column.heads():
                mapping[head] = column.key
                break
    return mapping


def missing_keys(record_type: RecordType, mapping: Mapping[str, str]) -> list[str]:
    """Labels of the key fields to which no column of the file is mapped."""
    mapped = {key.split(":")[0] for key in mapping.values()}
    return [field_of(record_type, name).label for name in record_type.import_key if name not in mapped]


class Planner:
    """Plans line after line for one person; knows the keys of earlier lines, so that they may be referred to."""

    def __init__(
        self, record_type: RecordType, heads: Sequence[str], mapping: Mapping[str, str], actor: Actor
    ) -> None:
        self.record_type = record_type
        self.actor = actor
        self.reader = Reader(actor)
        by_key = {column.key: column for column in importable(record_type)}
        self.columns: list[tuple[int, FileColumn]] = [
            (index, by_key[mapping[head]]) for index, head in enumerate(heads) if mapping.get(head) in by_key
        ]
        self.lines: dict[tuple[str, ...], int] = {}

    def plan(self, line: int, cells: Sequence[str]) -> Plan:
        """What the line would do."""
        try:
            return self._plan(line, cells)
        except InvalidInput as error:
            label = f"{field_of(self.record_type, error.field).label}{_(': ')}" if error.field else ""
            return Plan(Outcome.BAD, f"{label}{error}")

    def _plan(self, line: int, cells: Sequence[str]) -> Plan:
        key = self._key(cells)
        if (first := self.lines.setdefault(key, line)) != line:
            raise InvalidInput(_("Line %(line)s has the same key.") % {"line": first}, code="twice")
        values, awaited = self._values(cells)
        record = self._existing(values, awaited)
        if record is None:
            return self._addition(values, awaited)
        return self._change(record, values)

    def _key(self, cells: Sequence[str]) -> tuple[str, ...]:
        held = {column.info.path: cells[index] for index, column in self.columns}
        for name in self.record_type.import_key:
            if not held.get(name):
                raise InvalidInput(_("The key is missing."), code="key_missing", field=name)
        return tuple(held[name] for name in self.record_type.import_key)

    def _values(self, cells: Sequence[str]) -> tuple[dict[str, Any], set[str]]:
        values: dict[str, Any] = {}
        awaited: set[str] = set()
        for index, column in self.columns:
            name, text = column.info.path, cells[index]
            if column.language:
                texts = values.setdefault(name, {})
                if text:
                    texts[column.language] = text
                continue
            try:
                values[name] = self.reader.read(column.info, text)
            except InvalidInput as error:
                if error.code != "link_not_found" or not self._comes_earlier(column, text):
                    raise
                awaited.add(name)
        return values, awaited

    def _comes_earlier(self, column: FileColumn, text: str) -> bool:
        own = column.info.related_model is self.record_type.model
        return own and (text,) in self.lines

    def _existing(self, values: Mapping[str, Any], awaited: set[str]) -> Model | None:
        if awaited & set(self.record_type.import_key):
            return None
        key = {name: values[name] for name in self.record_type.import_key}
        rows = list(visible_to(self.actor, "view", self.record_type.model._default_manager.filter(**key))[:2])
        if len(rows) > 1:
            raise InvalidInput(_("Several records have this key."), code="key_ambiguous")
        return rows[0] if rows else None

    def _addition(self, values: dict[str, Any], awaited: set[str]) -> Plan:
        if self.record_type.create is False or not may(self.actor, "add", self.record_type.model):
            raise InvalidInput(_("You may not add records of this type."), code="not_allowed")
        record = self.record_type.model()
        fill(record, values)
        exclude = set(awaited)
        if callable(self.record_type.create):  # the service fills in what the file does not say
            exclude |= {field.name for field in record._meta.fields if field.name not in values}
        clean(record, exclude)
        changes = {
            name: [None, plain(stored(record, name))] for name in values if values[name] not in (None, "")
        }
        return Plan(Outcome.ADD, changes=changes, values=values)

    def _change(self, record: Model, values: dict[str, Any]) -> Plan:
        before = {name: plain(stored(record, name)) for name in values}
        for name, value in values.items():
            held = getattr(record, name)
            if isinstance(value, dict) and isinstance(held, dict):
                values[name] = {**held, **value}
        fill(record, values)
        after = {name: plain(stored(record, name)) for name in values}
        changes = {name: [before[name], after[name]] for name in values if before[name] != after[name]}
        if not changes:
            return Plan(Outcome.SAME, record=record)
        if self.record_type.change is False or not may(self.actor, "change", record):
            raise InvalidInput(_("You may not change this record."), code="not_allowed")
        clean(record, set())
        return Plan(
            Outcome.CHANGE, changes=changes, record=record, values={name: values[name] for name in changes}
        )


def clean(record: Model, exclude: set[str]) -> None:
    """Run the rules of the model. Raises InvalidInput with the first field at fault."""
    try:
        record.full_clean(exclude=exclude)
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        raise InvalidInput(
            " ".join(messages), code="rule", field=None if name == NON_FIELD_ERRORS else name
        ) from error


def plain(value: Any) -> Any:
    """A stored value as JSON holds it."""
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))
