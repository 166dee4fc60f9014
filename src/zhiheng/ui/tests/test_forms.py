"""Fields: label, help, mistakes in place, and a long select that becomes a search."""

from __future__ import annotations

from django import forms
from django.template import Context, Template

from zhiheng.ui.gallery.lists import form as wrong_form
from zhiheng.ui.templatetags.ui_forms import SEARCH_FROM


def draw(form: forms.Form, tag: str) -> str:
    return Template("{% load ui_forms %}{% " + tag + " form %}").render(Context({"form": form}))


def test_a_mistake_stands_at_its_field_and_in_the_summary() -> None:
    html = draw(wrong_form(), "form_fields")
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_title-help id_title-error"' in html
    assert 'id="id_title-error"' in html
    summary = draw(wrong_form(), "error_summary")
    assert 'href="#id_title"' in summary
    assert "id_service" not in summary


def test_a_form_without_mistakes_has_no_summary() -> None:
    assert draw(type(wrong_form())(), "error_summary").strip() == ""


def test_only_a_long_select_becomes_a_search() -> None:
    def select(count: int) -> forms.Form:
        form = forms.Form()
        form.fields["one"] = forms.ChoiceField(choices=[(str(i), str(i)) for i in range(count)])
        return form

    assert "data-combobox" in draw(select(SEARCH_FROM + 1), "form_fields")
    assert "data-combobox" not in draw(select(SEARCH_FROM), "form_fields")
