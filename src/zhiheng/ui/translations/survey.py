"""Surveys the packages: what is marked, what the catalogues hold, what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from zhiheng.ui.translations.catalogue import read_catalogue
from zhiheng.ui.translations.extract import Marked, from_python, from_template

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = {"tests", "migrations"}


def packages() -> list[str]:
    """The packages of the product."""
    return sorted(path.parent.name for path in ROOT.glob("*/__init__.py"))


def files(package: str, pattern: str) -> Iterator[Path]:
    """Files of a package that a person's texts can come from."""
    for path in sorted((ROOT / package).rglob(pattern)):
        if not SKIPPED & set(path.relative_to(ROOT).parts):
            yield path


def templates(package: str) -> list[Path]:
    """The templates of a package."""
    return [path for path in files(package, "*.html") if "templates" in path.parts]


def marked_texts(package: str) -> list[Marked]:
    """Every marked text of a package, each once."""
    found: dict[tuple[str, str], Marked] = {}
    for path in files(package, "*.py"):
        for marked in from_python(path):
            found.setdefault(marked.key, marked)
    for path in templates(package):
        for marked in from_template(path):
            found.setdefault(marked.key, marked)
    return [marked for marked in found.values() if marked.text.strip()]


def translations(language: str = "zh_Hans") -> dict[tuple[str, str], str]:
    """The merged catalogues of all packages, as Django merges them."""
    merged: dict[tuple[str, str], str] = {}
    for path in sorted(ROOT.glob(f"*/locale/{language}/LC_MESSAGES/django.po")):
        merged |= {key: text for key, text in read_catalogue(path).items() if text}
    return merged


def twins(language: str = "zh_Hans") -> dict[tuple[str, str], set[str]]:
    """Texts that packages translate differently: Django keeps one of them for all, so each needs a context."""
    found: dict[tuple[str, str], set[str]] = {}
    for path in sorted(ROOT.glob(f"*/locale/{language}/LC_MESSAGES/django.po")):
        for key, text in read_catalogue(path).items():
            if text:
                found.setdefault(key, set()).add(text)
    return {key: texts for key, texts in found.items() if len(texts) > 1}


def missing(package: str) -> list[Marked]:
    """The marked texts of a package that no catalogue translates."""
    known = translations()
    return [marked for marked in marked_texts(package) if marked.key not in known]
