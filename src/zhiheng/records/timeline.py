"""Entries of the journal in words: what was done, and which fields went from what to what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Field, Model
from django.utils.translation import gettext as _

from zhiheng.kernel.actor import Actor, ActorKind
from zhiheng.platform.grants import visible_to
from zhiheng.platform.journal import EntryView
from zhiheng.records.declaration import RecordType
from zhiheng.records.fields import EMPTY, Kind, field_of
from zhiheng.records.listing.request import columns_of
from zhiheng.records.listing.rows import prepared
from zhiheng.records.registry import registry

MOST_CHANGES = 4
LONGEST = 40
Changes = Mapping[str, Sequence[Any]]
Names = Mapping[tuple[type[Model], Any], str]
NO_NAMES: Names = {}


def words_of(entry: EntryView, record_type: RecordType, names: Names = NO_NAMES) -> str:
    """The act and its changes in one line."""
    verb = str(entry.label)
    changes = list(_told(entry, record_type, names))
    if not changes:
        return verb
    shown = _("; ").join(
        f"{label}{_(': ')}{before} → {after}" for label, before, after in changes[:MOST_CHANGES]
    )
    more = len(changes) - MOST_CHANGES
    return f"{verb} · {shown}" + (f" (+{more})" if more > 0 else "")


def told_changes(entry: EntryView, record_type: RecordType) -> Changes:
    """The changes that the line of an entry tells: none of those that made or ended the record."""
    if entry.act.endswith((".created", ".deleted")) or _is_birth(entry, record_type):
        return {}
    return {name: values for name, values in entry.changes.items() if name not in record_type.redact}


def names_of(record_type: RecordType, changes: Iterable[Changes], actor: Actor) -> Names:
    """What the records are called that changed links lead to, of those that the person may see: one query a type."""
    wanted: dict[type[Model], set[int]] = defaultdict(set)
    for change in changes:
        for name, values in change.items():
            model = _linked(record_type, name)
            if model is not None:
                wanted[model].update(value for value in values if isinstance(value, int))
    found: dict[tuple[type[Model], Any], str] = {}
    for model, keys in wanted.items():
        other = registry.of(model)
        if other is not None and keys:
            rows = prepared(other, model._default_manager.filter(pk__in=keys), columns_of(other), whole=False)
            found.update(((model, record.pk), str(record)) for record in visible_to(actor, "view", rows))
    return found


def _linked(record_type: RecordType, name: str) -> type[Model] | None:
    """The model that a field leads to."""
    try:
        info = field_of(record_type, name)
    except FieldDoesNotExist:
        return None
    return info.related_model if info.kind is Kind.RELATION else None


def _is_birth(entry: EntryView, record_type: RecordType) -> bool:
    """Whether the act made the record: a field that is never empty was nothing before. It stands on the page itself."""
    for name, (before, _after) in entry.changes.items():
        for path in (name, name.removesuffix("_id")) if before is None else ():
            try:
                if not field_of(record_type, path).field.null:
                    return True
            except FieldDoesNotExist:
                continue
    return False


def actor_names(entries: Iterable[EntryView]) -> dict[int | None, str]:
    """Names of the persons who did these, in one query."""
    persons = (entry.actor.id for entry in entries if entry.actor.kind is ActorKind.PERSON)
    ids = {person_id for person_id in persons if person_id is not None}
    people = get_user_model()._default_manager.filter(pk__in=ids) if ids else []
    return {person.pk: str(person) for person in people}


def _told(entry: EntryView, record_type: RecordType, names: Names) -> Iterator[tuple[str, str, str]]:
    """Label, value before and value after of each changed field that the line tells."""
    for name, (before, after) in told_changes(entry, record_type).items():
        yield (
            field_words(record_type, name),
            shown(record_type, name, before, names),
            shown(record_type, name, after, names),
        )


def field_words(record_type: RecordType | None, name: str) -> str:
    """What a journaled field is called; its name where no such field is left. Links are journaled by their column."""
    for path in (name, name.removesuffix("_id")):
        try:
            return field_of(record_type, path).label if record_type is not None else name
        except FieldDoesNotExist:
            continue
    return name


def shown(record_type: RecordType, name: str, value: Any, names: Names = NO_NAMES) -> str:
    """A journaled value in words; a link without a name stays its number: the other record may be hidden or gone."""
    if value in (None, ""):
        return EMPTY
    try:
        info = field_of(record_type, name)
    except FieldDoesNotExist:
        return str(value)[:LONGEST]
    if info.kind is Kind.RELATION:
        return names.get((info.related_model, value), f"#{value}")
    if isinstance(value, dict) and info.kind is not Kind.LOCALIZED:
        return _("text")
    try:
        field: Field[Any, Any] = info.field
        words = info.shown(field.to_python(value))
    except (ValidationError, TypeError, ValueError):
        words = str(value)
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
