"""The pages of the studies: texts in `docs/studies/` in which every `{{ name }}` stands for something computed.

A name that nothing computes, and a computed part that a text does not call for, are errors: the first would show as
braces, the second is dead code.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from studies import kiosk_page, log_pages
from studies.writing import Language

PARTS: dict[str, Callable[[Language], dict[str, str]]] = {
    "kiosk": kiosk_page.parts,
    "resolution": log_pages.resolution_parts,
    "stability": log_pages.stability_parts,
    "recurrence": log_pages.recurrence_parts,
    "improvement": log_pages.improvement_parts,
}
FOLDER = "studies/"
_PAGE = re.compile(r"^studies/(?P<study>\w+)(?P<chinese>\.zh)?\.md$")
_HOLE = re.compile(r"\{\{ (\w+) \}\}")


@cache
def computed(study: str, language: Language) -> dict[str, str]:
    """The parts of one page."""
    return PARTS[study](language)


def holes(text: str) -> set[str]:
    """The names that a text calls for."""
    return set(_HOLE.findall(text))


def filled(path: str, text: str) -> str:
    """The text of a page of `docs/studies/` with everything computed put in; any other text as it is."""
    page = _PAGE.match(path)
    if page is None or page["study"] not in PARTS:
        return text
    parts = computed(page["study"], "zh" if page["chinese"] else "en")
    return _HOLE.sub(lambda hole: parts[hole[1]], text)
