"""Entries of the journal in words: what was done, and which fields went from what to what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Field
from django.utils.translation import gettext as _

from zhiheng.kernel.actor import ActorKind
from zhiheng.platform.journal import EntryView
from zhiheng.records.declaration import RecordType
from zhiheng.records.fields import EMPTY, Kind, field_of

MOST_CHANGES = 4
LONGEST = 40


def words_of(entry: EntryView, record_type: RecordType) -> str:
    """The act and its changes in one line."""
    verb = str(entry.label)
    changes = list(changes_of(entry, record_type))
    if not changes or entry.act.endswith((".created", ".deleted")) or _is_birth(entry, record_type):
        return verb
    shown = _("; ").join(
        f"{label}{_(': ')}{before} → {after}" for label, before, after in changes[:MOST_CHANGES]
    )
    more = len(changes) - MOST_CHANGES
    return f"{verb} · {shown}" + (f" (+{more})" if more > 0 else "")


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


def changes_of(entry: EntryView, record_type: RecordType) -> Iterator[tuple[str, str, str]]:
    """Label, value before and value after of each changed field that readers may see."""
    for name, (before, after) in entry.changes.items():
        if name in record_type.redact:
            continue
        yield (
            field_words(record_type, name),
            shown(record_type, name, before),
            shown(record_type, name, after),
        )


def field_words(record_type: RecordType | None, name: str) -> str:
    """What a journaled field is called; its name where no such field is left. Links are journaled by their column."""
    for path in (name, name.removesuffix("_id")):
        try:
            return field_of(record_type, path).label if record_type is not None else name
        except FieldDoesNotExist:
            continue
    return name


def shown(record_type: RecordType, name: str, value: Any) -> str:
    """A journaled value in words; a link stays its number, since the other record may be hidden or gone."""
    if value in (None, ""):
        return EMPTY
    try:
        info = field_of(record_type, name)
    except FieldDoesNotExist:
        return str(value)[:LONGEST]
    if info.kind is Kind.RELATION:
        return f"#{value}"
    if isinstance(value, dict) and info.kind is not Kind.LOCALIZED:
        return _("text")
    try:
        field: Field[Any, Any] = info.field
        words = info.shown(field.to_python(value))
    except (ValidationError, TypeError, ValueError):
        words = str(value)
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
