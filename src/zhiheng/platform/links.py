"""A record of any type, named by type and id, and found again."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Model
from django.urls import NoReverseMatch, reverse

from zhiheng.kernel.actor import Actor
from zhiheng.platform.grants import visible_to


def model_of(record_type: str) -> type[Model] | None:
    """The model of "desk.ticket"; None when no app has it (any more)."""
    try:
        return apps.get_model(record_type)
    except (LookupError, ValueError):
        return None


def visible_record(actor: Actor, record_type: str, record_id: int) -> Model | None:
    """The record, if it exists and the actor may view it. The two cases of None are not told apart."""
    model = model_of(record_type)
    if model is None:
        return None
    return visible_to(actor, "view", model._base_manager.filter(pk=record_id)).first()


def address_of(record_type: str, record_id: int) -> str:
    """The path of the record's page; "" for a type without pages."""
    try:
        return reverse(f"records:{record_type}:detail", kwargs={"pk": record_id})
    except NoReverseMatch:
        return ""
