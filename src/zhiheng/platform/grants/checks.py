"""System checks: scope declarations name real fields, and stored grants speak of acts that exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import FieldDoesNotExist
from django.db import connections
from django.db.models import Model

from zhiheng.platform.grants.permissions import parse, permissions
from zhiheng.platform.grants.rules import refusal
from zhiheng.platform.grants.scopes import ModelScopes, declared_scopes
from zhiheng.platform.models.grants import Grant


@register(Tags.models)
def check_scopes(app_configs: object, **kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001
    """Every field named in a scope declaration exists."""
    return [message for declaration in declared_scopes() for message in _check(declaration)]


@register(Tags.database)
def check_grants(
    app_configs: object,  # noqa: ARG001 - the signature of a check
    databases: Sequence[str] | None = None,
    **kwargs: Any,  # noqa: ARG001
) -> Iterable[CheckMessage]:
    """Every stored grant speaks of an act that exists and that its role may hold. Others grant nothing."""
    for alias in databases or ():
        if Grant._meta.db_table not in connections[alias].introspection.table_names():
            continue
        for grant in Grant.objects.using(alias).select_related("role"):
            name = f"{grant.role.slug}: {grant.permission}"
            if not permissions.is_known(grant.permission):
                yield Warning(
                    f"The grant {name} names no act that exists; it grants nothing.",
                    hint="Remove it, or install the app that declares the record type.",
                    id="zhiheng.grants.W001",
                )
            elif reason := refusal(grant.role.administrative, parse(grant.permission)):
                yield Error(
                    f"The grant {name} breaks the separation of roles ({reason}).", id="zhiheng.grants.E002"
                )


def _check(declaration: ModelScopes) -> Iterator[CheckMessage]:
    paths = [(scope.name, scope.field) for scope in declaration.scopes]
    paths += [("confidential", declaration.confidential)] if declaration.confidential else []
    paths += [("kind_field", declaration.kind_field)] if declaration.kind_field else []
    for what, path in paths:
        if not _exists(declaration.model, path):
            yield Error(
                f"{declaration.record_type}: {what} names {path!r}, which is no field of the model.",
                hint="Name a field, or a path of fields joined by __.",
                obj=declaration.model,
                id="zhiheng.grants.E001",
            )


def _exists(model: type[Model], path: str) -> bool:
    at: Any = model
    for part in path.split("__"):
        if at is None:
            return False
        try:
            at = at._meta.get_field(part).related_model
        except FieldDoesNotExist:
            return False
    return True
