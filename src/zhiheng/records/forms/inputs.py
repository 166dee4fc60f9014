"""Inputs of our own: a link with search, a text in two languages, a moment in the person's time zone."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiheng.kernel.actor import Actor
from zhiheng.kernel.errors import InvalidInput
from zhiheng.records.forms.options import MOST_OPTIONS, Options
from zhiheng.records.vocabularies import vocabulary
from zhiheng.ui.durations import NATURAL, Day, read_duration, spelled

LANGUAGES = (("zh", _("Chinese")), ("en", _("English")))
TYPED = "typed:"
TYPED_SUFFIX = "__typed"


class LinkWidget(forms.Widget):
    """A select; with many rows a search that offers radio buttons, and takes typed words without JavaScript."""

    template_name = "records/inputs/link.html"

    def __init__(self, options: Options) -> None:
        super().__init__()
        self.options = options

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        rows = self.options.first(MOST_OPTIONS + 1)
        many = len(rows) > MOST_OPTIONS and self.options.url
        if many or (value and not any(str(row.pk) == str(value) for row in rows)):
            rows = self.options.chosen(value) + ([] if many else rows)
        context["widget"] |= {
            "rows": [(str(row.pk), str(row)) for row in rows],
            "many": many,
            "search_url": self.options.url,
            "typed_name": f"{name}{TYPED_SUFFIX}",
        }
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:  # noqa: ARG002 - Django's signature
        typed = data.get(name + TYPED_SUFFIX, "").strip()
        return data.get(name) or (TYPED + typed if typed else None)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:  # noqa: ARG002 - as above
        return name not in data and name + TYPED_SUFFIX not in data


class LinkField(forms.ModelChoiceField[Any]):
    """A link to a record that the person may see."""

    def __init__(self, model: type[models.Model], actor: Actor, **options: Any) -> None:
        self.options = Options(model, actor)
        super().__init__(queryset=self.options.rows, widget=LinkWidget(self.options), **options)

    def to_python(self, value: Any) -> Any:
        if not (isinstance(value, str) and value.startswith(TYPED)):
            return super().to_python(value)
        words = value.removeprefix(TYPED)
        found = self.options.matching(words, limit=2)
        if len(found) != 1:
            message = (
                _("Several match “%(words)s”; write more of it.")
                if found
                else _("Nothing matches “%(words)s”.")
            )
            raise ValidationError(message, code="no_single_match", params={"words": words})
        return found[0]


class LocalizedWidget(forms.MultiWidget):
    """One line per language."""

    template_name = "records/inputs/localized.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({code: forms.TextInput(attrs={"lang": code}) for code, _words in LANGUAGES}, attrs)

    def decompress(self, value: Any) -> list[str]:
        """The texts by language."""
        held = value if isinstance(value, dict) else {}
        return [held.get(code, "") for code, _words in LANGUAGES]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for part, (code, words) in zip(context["widget"]["subwidgets"], LANGUAGES, strict=True):
            part["language"], part["code"] = words, code
        return context


class LocalizedField(forms.MultiValueField):
    """A text in both languages, kept as {"zh": …, "en": …}; one of them is enough."""

    widget = LocalizedWidget

    def __init__(self, **options: Any) -> None:
        fields = [forms.CharField(required=False) for _language in LANGUAGES]
        super().__init__(fields, require_all_fields=False, **options)

    def compress(self, data_list: list[str]) -> dict[str, str]:
        """The texts that were given."""
        texts = {code: text for (code, _words), text in zip(LANGUAGES, data_list or [], strict=False) if text}
        if self.required and not texts:
            raise ValidationError(self.error_messages["required"], code="required")
        return texts

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.compress(list(data or [])) != (initial or {}))


class NamedField(forms.ChoiceField):
    """A key chosen by its name; `keep` adds one that is held though it is offered no more."""

    def __init__(self, words_of: str, **options: Any) -> None:
        self.words = vocabulary(words_of)
        super().__init__(choices=self._pairs(""), **options)

    def _pairs(self, held: str) -> list[tuple[str, str]]:
        known = [(word.key, word.name) for word in self.words if word.offered or word.key == held]
        missing = [(held, held)] if held and held not in dict(known) else []
        return [("", "—"), *known, *missing]

    def keep(self, held: str) -> None:
        """Offer what the record holds now."""
        self.choices = self._pairs(held)


class SpelledField(forms.CharField):
    """A duration as people write it; seconds for the form. `day` says how long a day of it is."""

    def __init__(self, *, day: Day = NATURAL, **options: Any) -> None:
        self.day = day
        super().__init__(**options)
        self.widget.attrs |= {"autocomplete": "off", "class": "duration", "spellcheck": "false"}

    def prepare_value(self, value: Any) -> Any:
        """What is stored as it is typed; what was typed wrongly comes back as it was."""
        return spelled(value, self.day, space=" ") if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        """Seconds."""
        text = super().to_python(value)
        if not text:
            return None
        try:
            return read_duration(text, self.day)
        except InvalidInput as error:
            raise ValidationError(str(error), code=error.code) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compared as stored, so that another way of writing the same is no change."""
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True


class StructureField(forms.JSONField):
    """A structure as JSON, laid out to be read; nothing where there is none yet, instead of `null`."""

    widget = forms.Textarea

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.widget.attrs.update({"class": "mono", "rows": 14, "spellcheck": "false", "autocomplete": "off"})

    def prepare_value(self, value: Any) -> Any:
        """The text of the structure; what was typed and is none stays as it was typed."""
        if value is None:
            return ""
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
