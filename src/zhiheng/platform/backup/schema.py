"""The tables of an installation as its migrations made them, which may be older than this program's models."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.models import Field, Model
from django.utils.translation import gettext as _

from zhiheng.platform.backup.errors import BackupError

Key = tuple[str, str]
Table = type[Model]

# Sessions are the keys to signed-in browsers: a dump that was stolen must not open them. All else is taken.
LEFT_OUT = frozenset({"sessions.session", "usersessions.usersession"})


def applied_migrations(connection: BaseDatabaseWrapper) -> list[Key]:
    """What the database has applied. Raises BackupError when this program does not know all of it."""
    loader = MigrationLoader(connection)
    applied = sorted(loader.applied_migrations)
    _refuse_unknown(loader, applied, _("the database"))
    return applied


def _refuse_unknown(loader: MigrationLoader, keys: Iterable[Key], whose: str) -> None:
    unknown = [f"{app}.{name}" for app, name in keys if (app, name) not in loader.graph.nodes]
    if unknown:
        raise BackupError(
            _(
                "%(whose)s has migrations that this version does not know (%(names)s): it is of a newer"
                " version, or a plugin is missing. Use the program that fits it."
            )
            % {"whose": whose, "names": ", ".join(unknown[:3])}
        )


def targets_of(migrations: Sequence[Key]) -> list[Key]:
    """The last migrations of a state, from which all others follow. Raises BackupError for unknown ones."""
    loader = MigrationLoader(None)
    _refuse_unknown(loader, migrations, _("the dump"))
    held = set(migrations)
    return [
        key
        for key in migrations
        if not any(child.key in held for child in loader.graph.node_map[key].children)
    ]


def tables_at(migrations: Sequence[Key]) -> dict[str, Table]:
    """The tables after these migrations by label, those that others refer to first."""
    state = MigrationLoader(None).project_state(targets_of(migrations))
    models = {
        model._meta.label_lower: model
        for model in state.apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label_lower not in LEFT_OUT
    }
    return {label: models[label] for label in _in_order(models)}


def columns_of(table: Table) -> list[Field[Any, Any]]:
    """The columns that are stored; what the database computes itself is not."""
    return [field for field in table._meta.local_concrete_fields if not getattr(field, "generated", False)]


def refers_to(table: Table) -> set[str]:
    """The labels of the tables that its foreign keys name."""
    return {
        field.related_model._meta.label_lower
        for field in table._meta.local_concrete_fields
        if field.is_relation and isinstance(field.related_model, type)
    }


def _in_order(models: dict[str, Table]) -> list[str]:
    needs = {label: (refers_to(model) & set(models)) - {label} for label, model in sorted(models.items())}
    try:
        return list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        # No tables of ours refer to each other in a circle; a plugin's would need one transaction for both.
        raise BackupError(
            _("tables refer to each other in a circle: %(tables)s") % {"tables": " → ".join(error.args[1])}
        ) from error
