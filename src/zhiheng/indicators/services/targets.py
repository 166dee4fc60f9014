"""Changing own targets: one that is in force stays as it is, so that past verdicts keep what they were judged by."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhiheng.indicators.models import Target
from zhiheng.indicators.rules import is_settled
from zhiheng.kernel.errors import Conflict
from zhiheng.kernel.time import now

# A reason judges nothing: it may be told better at any time.
ALWAYS_FREE = frozenset({"note"})


def change_target(*, record: Target, **values: Any) -> Target:
    """Change a target that has not judged a day yet. Raises Conflict for one that has, ValidationError."""
    changed = {name for name, value in values.items() if getattr(record, name) != value}
    if changed - ALWAYS_FREE:
        _refuse_settled(record)
    for name, value in values.items():
        setattr(record, name, value)
    record.full_clean()
    record.save()
    return record


def delete_target(*, record: Target) -> None:
    """Delete a target that has not judged a day yet. Raises Conflict for one that has."""
    _refuse_settled(record)
    record.delete()


def _refuse_settled(record: Target) -> None:
    today = timezone.localtime(now()).date()
    if is_settled(in_force_from=record.in_force_from, today=today):
        raise Conflict(
            _("This target is in force since %(day)s; figures were judged by it.")
            % {"day": record.in_force_from.isoformat()},
            code="target_in_force",
            remedy=_("Add another one that takes over on a later day."),
        )
