"""How a structure kept as JSON reads on a page: lines of words instead of brackets and quotes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from zhiheng.kernel.text import localized

LANGUAGES = frozenset({"zh", "en"})


def structure_words(value: Any) -> str:
    """One line for each entry: `2026-10-01 National Day`; `mon: 09:00–12:00, 13:30–18:00`."""
    if isinstance(value, Mapping) and not _is_text(value):
        return "\n".join(f"{key}{_(': ')}{_inline(each)}" for key, each in value.items() if _holds(each))
    if isinstance(value, list) and any(isinstance(each, Mapping) for each in value):
        return "\n".join(_inline(each) for each in value)
    return _inline(value)


def _inline(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping):
        if _is_text(value):
            return localized(dict(value))
        return " ".join(_inline(each) for each in value.values() if _holds(each))
    if isinstance(value, list):
        if _is_span(value):
            return "–".join(value)
        return _(", ").join(_inline(each) for each in value)
    return str(value)


def _is_text(value: Mapping[str, Any]) -> bool:
    return bool(value) and set(value) <= LANGUAGES


def _is_span(value: list[Any]) -> bool:
    """Two times of a day: an interval."""
    return len(value) == 2 and all(isinstance(each, str) and each[2:3] == ":" for each in value)


def _holds(value: Any) -> bool:
    return value not in (None, "", [], {})
