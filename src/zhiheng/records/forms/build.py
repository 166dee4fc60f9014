"""Builds the form of a record type: which fields, in which sections, with which inputs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.boundfield import BoundField

from zhiheng.kernel.actor import Actor
from zhiheng.kernel.errors import DomainError
from zhiheng.records.declaration import Section
from zhiheng.records.fields import EMPTY, FieldInfo, Kind, editable_fields, field_of
from zhiheng.records.forms.inputs import LinkField, LocalizedField, NamedField, SpelledField, StructureField
from zhiheng.ui.inputs import DayInput, MomentInput

if TYPE_CHECKING:
    from zhiheng.records.declaration import RecordType

DASHES = BLANK_CHOICE_DASH[0][1]


@dataclass(frozen=True, slots=True)
class DrawnSection:
    """A section with its bound fields, for the template."""

    title: Any
    help: Any
    fields: list[BoundField]


class RecordForm(forms.ModelForm[Any]):
    """A form over fields of one record type. It checks; it never saves: that is the service's part."""

    sections: Sequence[Section] = ()
    wide = False
    """True for a form whose inputs need the whole width of the page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, NamedField):
                field.keep(getattr(self.instance, name, ""))
        use_own_blank(self)

    def drawn_sections(self) -> Iterator[DrawnSection]:
        """The sections with their fields."""
        for section in self.sections:
            fields = [self[name] for name in section.fields if name in self.fields]
            if fields:
                yield DrawnSection(section.title, section.help, fields)

    def take_error(self, error: DomainError) -> None:
        """Show an error of the domain at its field, or above the form."""
        self.add_error(error.field if error.field in self.fields else None, str(error))


def use_own_blank(form: forms.BaseForm) -> None:
    """Let the empty choice of every select read as an empty value does elsewhere, not as Django's row of dashes."""
    for field in form.fields.values():
        if isinstance(field, forms.ModelChoiceField):
            if field.empty_label == DASHES:
                field.empty_label = EMPTY
        elif isinstance(field, forms.ChoiceField):
            # As lazily as they were: choices may be asked of the database, and only when the form is drawn.
            field.choices = partial(_with_own_blank, field.choices)


def _with_own_blank(choices: Any) -> Iterator[tuple[Any, Any]]:
    for value, words in choices:
        yield value, EMPTY if words == DASHES else words


def sections_of(record_type: RecordType, names: Sequence[str] = ()) -> list[Section]:
    """The declared sections, cut down to `names` where given; without a declaration one of all editable fields."""
    declared = list(record_type.form) or [Section("", [info.path for info in editable_fields(record_type)])]
    if not names:
        return declared
    kept = [
        Section(part.title, [name for name in part.fields if name in names], part.help) for part in declared
    ]
    missing = [name for name in names if not any(name in part.fields for part in kept)]
    return [part for part in [*kept, Section("", missing)] if part.fields]


def form_class(record_type: RecordType, actor: Actor, names: Sequence[str] = ()) -> type[RecordForm]:
    """The form over `names` (default: all declared) as this person may fill it in."""
    sections = sections_of(record_type, names)
    wanted = [name for section in sections for name in section.fields]
    base: Any = record_type.form_class or RecordForm
    fields: dict[str, Any] = {}
    for name in wanted:
        info = field_of(record_type, name)
        # A form that asks for something in a way of its own keeps it.
        own = name in base.declared_fields
        if not own and (input_ := input_of(info, actor)) is not None:
            fields[name] = input_
    meta = type("Meta", (), {"model": record_type.model, "fields": wanted})
    return type("Form", (base,), {"Meta": meta, "sections": sections, **fields})


def input_of(info: FieldInfo, actor: Actor) -> forms.Field | None:
    """Our own input where Django's would not do; None keeps Django's."""
    words: dict[str, Any] = {
        "label": info.label,
        "help_text": info.field.help_text,
        "required": not info.field.blank,
    }
    if info.kind is Kind.RELATION:
        initial = info.field.get_default() if info.field.has_default() else None
        return LinkField(info.related_model, actor, initial=initial, **words)
    if info.kind is Kind.LOCALIZED:
        return LocalizedField(**words)
    if info.kind is Kind.NAMED:
        initial = info.field.get_default() if info.field.has_default() else ""
        return NamedField(info.vocabulary, initial=initial, **words)
    if info.in_seconds:
        return SpelledField(**words)
    if info.kind is Kind.JSON:
        return StructureField(**words)
    if info.kind is Kind.DATETIME:
        return forms.DateTimeField(widget=MomentInput(), **words)
    if info.kind is Kind.DATE:
        return forms.DateField(widget=DayInput(), **words)
    return None
