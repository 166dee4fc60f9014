"""What a record's row held when it was read, and how it differs from what is being written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any, ClassVar

from django.db import models

from zhiheng.platform.db.buffer import Changes
from zhiheng.platform.journal.values import MASK, plain, shortened

Values = dict[str, Any]


class TrackedModel(models.Model):
    """What is known of a row beside its columns: what it held when it was read, and which columns count.

    `journal_omit` names fields whose changes are no entry (a sign-in time, a derived value);
    `journal_masked` names fields whose change is noted without values (a password).
    """

    journal_omit: ClassVar[frozenset[str]] = frozenset()
    journal_masked: ClassVar[frozenset[str]] = frozenset()
    _journal_fields: ClassVar[tuple[models.Field[Any, Any], ...]]
    _loaded: Values

    class Meta:
        abstract = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._loaded = {}


def tracked_fields(model: type[TrackedModel]) -> tuple[models.Field[Any, Any], ...]:
    """The columns whose changes are journaled.

    All but those the model omits and those that only say when it was saved.
    """
    cached = model.__dict__.get("_journal_fields")
    if cached is None:
        cached = tuple(field for field in model._meta.concrete_fields if _is_tracked(model, field))
        model._journal_fields = cached
    return cached


def _is_tracked(model: type[TrackedModel], field: models.Field[Any, Any]) -> bool:
    if field.primary_key or field.generated or getattr(field, "auto_now", False):
        return False
    return field.name not in model.journal_omit


@lru_cache(maxsize=512)
def _columns(model: type[models.Model]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The attribute names of all columns, and those whose values could be changed in place."""
    fields = model._meta.concrete_fields
    return (
        tuple(field.attname for field in fields),
        tuple(field.attname for field in fields if isinstance(field, models.JSONField)),
    )


def snapshot(record: TrackedModel, names: Collection[str] | None = None) -> Values:
    """The values of all columns by attribute name; deferred ones are left out, containers are copied."""
    held = record.__dict__
    columns, containers = _columns(type(record))
    if names is None:
        taken = {name: held[name] for name in columns if name in held}
    else:
        wanted = {
            field.attname
            for field in record._meta.concrete_fields
            if {field.name, field.attname} & set(names)
        }
        taken = {name: held[name] for name in columns if name in held and name in wanted}
    for name in containers:
        if isinstance(value := taken.get(name), (dict, list)):
            taken[name] = _copied(value)
    return taken


def as_read(record: TrackedModel) -> Values:
    """The `snapshot` of a row just read, as one copy of all its attributes: a list of 50 rows with what they
    link to takes several hundred.
    """
    taken = record.__dict__.copy()
    for name in _columns(type(record))[1]:
        if isinstance(value := taken.get(name), (dict, list)):
            taken[name] = _copied(value)
    return taken


def _copied(value: Any) -> Any:
    """JSON copied to its last container, ten times quicker than `deepcopy`."""
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_copied(item) for item in value]
    return value


def unsaved(record: TrackedModel) -> list[str]:
    """Names of the columns to write: what differs from what was read, and the time of saving.

    Writing no more than that keeps a save from silently undoing what another writer did to the other columns.
    """
    changed = [field.name for field in record._meta.concrete_fields if _differs(record, field)]
    if not changed:
        return []
    return [*changed, *(f.name for f in record._meta.concrete_fields if getattr(f, "auto_now", False))]


def _differs(record: TrackedModel, field: models.Field[Any, Any]) -> bool:
    if field.primary_key or field.generated or field.attname not in record.__dict__:
        return False
    value = record.__dict__[field.attname]
    if field.attname not in record._loaded or hasattr(value, "resolve_expression"):
        return True
    before, after = plain(record._loaded[field.attname]), plain(value)
    return before != after or type(before) is not type(after)


def stored_values(
    record: TrackedModel, fields: Iterable[models.Field[Any, Any]], *, using: str
) -> Values | None:
    """The row as the database has it now, or None if there is no such row."""
    names = [field.attname for field in fields]
    rows = type(record)._base_manager.using(using).filter(pk=record.pk)
    found: Values | None = rows.values(*names).first()
    return found


def differences(
    model: type[TrackedModel], before: Mapping[str, Any], after: Mapping[str, Any], *, using: str
) -> Changes:
    """`{field: [before, after]}` of the fields in `after` that differ; masked fields show that, not what."""
    found: Changes = {}
    for field in tracked_fields(model):
        if field.attname not in after:
            continue
        old, new = plain(before.get(field.attname)), plain(after[field.attname])
        if old == new and type(old) is type(new):
            continue
        if field.name in model.journal_masked:
            found[field.name] = [MASK, f"{MASK}!"]
        else:
            found[field.name] = [shortened(old, using=using), shortened(new, using=using)]
    return found


def _filled(values: Mapping[str, Any]) -> Values:
    return {name: value for name, value in values.items() if value is not None and value != ""}


def born(model: type[TrackedModel], after: Mapping[str, Any], *, using: str) -> Changes:
    """Changes of a new row: every field that holds something."""
    return differences(model, {}, _filled(after), using=using)


def gone(model: type[TrackedModel], before: Mapping[str, Any], *, using: str) -> Changes:
    """Changes of a deleted row: its before-image."""
    filled = _filled(before)
    return differences(model, filled, dict.fromkeys(filled), using=using)
