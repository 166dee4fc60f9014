"""Checks of given values that every way in shares: texts in both languages, and what a domain's service can take.

Forms check more and sooner; a program that calls the API, or a file, comes past no form.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from zhiheng.kernel.errors import InvalidInput
from zhiheng.kernel.text import LANGUAGES
from zhiheng.records.fields import Kind, editable_fields

if TYPE_CHECKING:
    from zhiheng.records.declaration import RecordType


@lru_cache(maxsize=512)
def keywords_of(service: Callable[..., object]) -> Mapping[str, inspect.Parameter]:
    """The keywords a service names."""
    return inspect.signature(service).parameters


def check_texts(record_type: RecordType, values: Mapping[str, Any]) -> None:
    """Refuse a text that is not one text per language. Raises InvalidInput with the field."""
    for info in editable_fields(record_type):
        if info.kind is Kind.LOCALIZED and info.path in values:
            value = values[info.path]
            if not is_localized(value) or not (value or info.field.blank or info.field.null):
                raise InvalidInput(
                    _('Write an object with a text for "zh", for "en", or for both.'),
                    code="bad_text",
                    field=info.path,
                )


def is_localized(value: Any) -> bool:
    """Whether a value is one text per language, or nothing."""
    if value is None:
        return True
    return isinstance(value, dict) and all(
        name in LANGUAGES and isinstance(text, str) for name, text in value.items()
    )


def check_taken(service: Callable[..., object], record_type: RecordType, values: Mapping[str, Any]) -> None:
    """Refuse fields that the service of a new record does not take, and the lack of those it cannot do without.

    Raises InvalidInput with the field.
    """
    keywords = keywords_of(service)
    open_ended = any(keyword.kind is keyword.VAR_KEYWORD for keyword in keywords.values())
    for name in values:
        if name not in keywords and not open_ended:
            raise InvalidInput(
                _("This cannot be set when a record is added."), code="not_editable", field=name
            )
    known = {info.path for info in editable_fields(record_type)}
    for name, keyword in keywords.items():
        needed = keyword.default is keyword.empty and keyword.kind is not keyword.VAR_KEYWORD
        if needed and name in known and name not in values:
            raise InvalidInput(_("This field is required."), code="required", field=name)
