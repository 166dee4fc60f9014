"""Foreign keys point down the layers; the one exception is the person who signs in."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.db.models import ForeignKey, ManyToManyField, Model

from tests.architecture.tree import check_exemptions, rank

# "app.Model.field": reason.
UPWARD: dict[str, str] = {}


def layer(model: type[Model]) -> int | None:
    """Height of a model's package; None for a third party's."""
    parts = model.__module__.split(".")
    return rank()[parts[1]] if parts[0] == "zhiheng" else None


def test_foreign_keys_point_down() -> None:
    """A row of a lower layer never needs a table of a higher one to exist."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        height = layer(model)
        for field in model._meta.get_fields():
            if height is None or not isinstance(field, ForeignKey | ManyToManyField):
                continue
            target = field.related_model
            if not isinstance(target, type) or target._meta.label == settings.AUTH_USER_MODEL:
                continue
            other = layer(target)
            if other is not None and other > height:
                found[f"{model._meta.label}.{field.name}"] = f"→ {target._meta.label}"
    check_exemptions(found, UPWARD)
