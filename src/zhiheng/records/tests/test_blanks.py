"""What an empty choice is called in forms: as an empty value in lists, in every form there is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.contrib.auth import get_user_model

from zhiheng.kernel.actor import SYSTEM
from zhiheng.records.declaration import Act
from zhiheng.records.forms.acts import act_form
from zhiheng.records.forms.build import form_class
from zhiheng.records.registry import registry
from zhiheng.records.tests.shop.models import Category

pytestmark = pytest.mark.django_db
DASHES = "---------"


def test_no_form_of_a_record_shows_dashes() -> None:
    drawn = {each.label: form_class(each, SYSTEM, each.create_fields)().as_p() for each in registry}
    assert [label for label, page in drawn.items() if DASHES in page] == []
    # A choice that must be made and has no default begins with the empty one.
    assert '<option value="" selected>—</option>' in drawn["agreements.exemption"]


def _asked() -> Iterator[tuple[str, str]]:
    asked.append(1)
    yield "", DASHES
    yield "a", "Alpha"


asked: list[int] = []


class Questions(forms.Form):
    """An act that asks with selects of Django's own kinds."""

    category = forms.ModelChoiceField(queryset=Category.objects.all())
    person = forms.ModelChoiceField(queryset=get_user_model()._default_manager.all(), empty_label="Nobody")
    late = forms.ChoiceField(choices=_asked)
    named = forms.ChoiceField(choices=[("", "Any"), ("b", "Beta")])
    several = forms.MultipleChoiceField(choices=[("c", "Gamma")])


def test_acts_say_it_too_and_choices_stay_late_and_their_own() -> None:
    asked.clear()
    form: Any = act_form(Act("ask", lambda: None, title="Ask", form=Questions), None, SYSTEM)
    assert asked == []
    assert list(form.fields["late"].choices) == [("", "—"), ("a", "Alpha")]
    assert next(iter(form.fields["named"].choices)) == ("", "Any")
    assert [next(iter(form.fields[name].choices))[1] for name in ("category", "person")] == ["—", "Nobody"]
    assert DASHES not in form.as_p()
    given = Questions({"late": "a", "named": "b", "several": ["c"]})
    assert set(given.errors) == {"category", "person"}
