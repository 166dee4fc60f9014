"""Forms of acts: the declared class, given the record and the actor where it asks for them."""

from __future__ import annotations

import inspect
from typing import Any

from django import forms

from zhiheng.kernel.actor import Actor
from zhiheng.records.declaration import Act
from zhiheng.records.forms.build import use_own_blank


class NoQuestions(forms.Form):
    """The form of an act that needs no words."""


def act_form(act: Act, record: Any, actor: Actor, *data: Any) -> forms.BaseForm:
    """The form of the act. A class whose `__init__` takes `record` or `actor` gets them."""
    declared: type[forms.BaseForm] = act.form or NoQuestions
    asked = inspect.signature(declared.__init__).parameters
    offered = {"record": record, "actor": actor}
    given = {name: value for name, value in offered.items() if name in asked}
    if isinstance(declared, type) and issubclass(declared, forms.BaseModelForm):
        given["instance"] = record
    form = declared(*data, **given)
    use_own_blank(form)
    return form
