"""Configuration texts kept in both languages: JSON objects {"zh": …, "en": …}."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language

LANGUAGES = ("zh", "en")


def localized(text: Mapping[str, str] | str | None, language: str | None = None) -> str:
    """The text in `language` (default: the active one), else in any other language it has, else ""."""
    if not text:
        return ""
    if isinstance(text, str):
        return text
    wanted = (language or get_language() or LANGUAGES[0]).split("-")[0].lower()
    if text.get(wanted):
        return text[wanted]
    return next((text[code] for code in (*LANGUAGES, *text) if text.get(code)), "")


def bilingual(*, zh: str, en: str) -> dict[str, str]:
    """A text in both languages."""
    return {"zh": zh, "en": en}
