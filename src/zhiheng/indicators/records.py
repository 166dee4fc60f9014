"""Pages, API and imports of an organisation's own targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhiheng.indicators.models import Target
from zhiheng.indicators.queries.catalogue import indicators
from zhiheng.indicators.queries.own_targets import as_target
from zhiheng.indicators.services.targets import change_target, delete_target
from zhiheng.indicators.showing import aim_text
from zhiheng.kernel.actor import Actor
from zhiheng.kernel.text import localized
from zhiheng.kernel.time import now
from zhiheng.platform.grants import Everyone
from zhiheng.records import Column, Fields, Menu, RecordType, Section, Timeline, View, register
from zhiheng.records.forms.build import RecordForm


@dataclass(frozen=True, slots=True)
class Words(Column):
    """A computed column that holds words: it stands at the left."""

    @property
    def style(self) -> str:
        return "words"


def _named() -> list[tuple[str, str]]:
    """The indicators of the catalogue by name, in its order."""
    return [("", ""), *((name, localized(item.name)) for name, item in indicators().items())]


class TargetForm(RecordForm):
    """A target with its indicator chosen by name."""

    indicator = forms.ChoiceField(label=_("indicator"), choices=_named)


def _in_force(actor: Actor) -> Q:  # noqa: ARG001 - the signature of a view
    return Q(in_force_from__lte=timezone.localtime(now()).date())


def _to_come(actor: Actor) -> Q:  # noqa: ARG001 - the signature of a view
    return Q(in_force_from__gt=timezone.localtime(now()).date())


def _names(rows: Sequence[Target]) -> dict[int, str]:
    return {row.pk: dict(_named()).get(row.indicator, row.indicator) for row in rows}


def _aims(rows: Sequence[Target]) -> dict[int, str]:
    found = ((row, as_target(row)) for row in rows)
    return {
        row.pk: aim_text(target, indicators()[row.indicator].formula.unit)
        for row, target in found
        if target is not None
    }


TARGET = register(
    RecordType(
        model=Target,
        about=_(
            "What your organisation aims at instead of the shipped targets, each from a day on. "
            "Periods that ended before keep the target that was in force."
        ),
        scope=Everyone(),
        columns=[
            Words("name", _("indicator"), value=_names, grow=True),
            Words("aim", _("target"), value=_aims),
            "scope", "group", "in_force_from", "note",
        ],
        views=[
            View("in-force", _("In force"), where=_in_force),
            View("to-come", _("To come"), where=_to_come),
        ],
        filters=["scope", "in_force_from"],
        order="-in_force_from",
        search={"indicator": 2, "group": 1, "note": 1},
        form=[
            Section(_("Target"), ["indicator", "value", "alarm", "low", "high"]),
            Section(_("When and for whom"), ["in_force_from", "scope", "group", "note"]),
        ],
        form_class=TargetForm,
        panels=[
            Fields("indicator", "value", "alarm", "low", "high", "in_force_from", "scope", "group", "note"),
            Timeline(),
        ],
        change=change_target,
        delete=delete_target,
        import_key=["indicator", "scope", "group", "in_force_from"],
        menu=Menu("measure", _("Targets"), order=15, icon="target"),
        icon="target",
        small=True,
    )
)  # fmt: skip
