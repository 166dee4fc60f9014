"""System checks: a journaled model has no way to be written that the journal does not see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error
from django.db import models

from zhiheng.platform.journal.model import JournaledModel
from zhiheng.platform.journal.queryset import JournaledQuerySet


def check_journaled_models(app_configs: Sequence[AppConfig] | None, **_kwargs: Any) -> list[CheckMessage]:
    """All journaled models, or those of some apps."""
    chosen = (
        apps.get_models() if app_configs is None else [m for app in app_configs for m in app.get_models()]
    )
    return [
        problem for model in chosen if issubclass(model, JournaledModel) for problem in problems_of(model)
    ]


def problems_of(model: type[JournaledModel]) -> Iterator[CheckMessage]:
    """What is wrong with one model."""
    for relation in model._meta.local_many_to_many:
        through = relation.remote_field.through
        if through is not None and through._meta.auto_created:
            yield Error(
                f"{relation.name} is an automatic many-to-many relation: its rows would not be journaled.",
                hint="Declare the link as a journaled model of its own.",
                obj=model,
                id="zhiheng.J001",
            )
    for manager in {model._default_manager, model._base_manager}:
        if not isinstance(manager.get_queryset(), JournaledQuerySet):
            yield Error(
                f"the manager {manager.name!r} writes past the journal.",
                hint="Derive it from JournaledManager or JournaledQuerySet.",
                obj=model,
                id="zhiheng.J002",
            )
    unknown = (model.journal_omit | model.journal_masked) - {
        field.name for field in model._meta.concrete_fields
    }
    if unknown:
        yield Error(
            f"journal_omit or journal_masked names no field: {sorted(unknown)}.", obj=model, id="zhiheng.J003"
        )
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and _deletes_unseen(field):
            yield Error(
                f"deleting a {field.related_model._meta.label} would delete rows unjournaled.",
                hint="Use PROTECT: only journaled records may cascade to journaled records.",
                obj=field,
                id="zhiheng.J004",
            )


def _deletes_unseen(field: models.ForeignKey[Any, Any]) -> bool:
    target = field.related_model
    cascades = field.remote_field.on_delete in {models.CASCADE, models.SET_NULL, models.SET_DEFAULT}
    return cascades and isinstance(target, type) and not issubclass(target, JournaledModel)
