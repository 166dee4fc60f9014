"""The tags that draw forms: label above, help under it, what is wrong in place, one summary on top."""

from __future__ import annotations

from django import forms, template
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

SEARCH_FROM = 20
"""A select with more choices than this becomes a search."""


def _attributes(bound: BoundField) -> dict[str, str | bool]:
    """What the input must say to assistive technology and to the bundle."""
    attributes: dict[str, str | bool] = {}
    described = [
        f"{bound.auto_id}-{part}"
        for part, there in (("help", bound.help_text), ("error", bound.errors))
        if there
    ]
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    if isinstance(bound.field.widget, forms.Select) and _many_choices(bound.field):
        attributes["data-combobox"] = ""
    return attributes


def _many_choices(field: forms.Field) -> bool:
    """Whether a select is too long to scan. Choices from the database are counted only up to the limit."""
    if isinstance(field, forms.ModelChoiceField):
        queryset = field.queryset
        return queryset is not None and len(queryset.values_list("pk")[: SEARCH_FROM + 1]) > SEARCH_FROM
    return len(list(getattr(field, "choices", ()))) > SEARCH_FROM


def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return "options"
    return "wide" if isinstance(widget, forms.Textarea) else "plain"


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """One field of a form."""
    if bound.is_hidden:
        return mark_safe(str(bound))  # noqa: S308 - Django's own widget
    values = {
        "bound": bound,
        "kind": _kind(bound),
        "control": bound.as_widget(attrs=_attributes(bound)),
        "help_id": f"{bound.auto_id}-help",
        "error_id": f"{bound.auto_id}-error",
    }
    return mark_safe(render_to_string("ui/components/field.html", values).strip())  # noqa: S308


@register.simple_tag
def form_fields(form: BaseForm) -> SafeString:
    """All fields of a form, hidden ones too."""
    return mark_safe("\n".join(field(bound) for bound in form))  # noqa: S308


@register.inclusion_tag("ui/components/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, object]:
    """What must be put right, with links to the fields; nothing for a form without errors."""
    return {
        "general": form.non_field_errors(),
        "fields": [bound for bound in form if bound.errors],
        "there": form.is_bound and bool(form.errors),
    }
