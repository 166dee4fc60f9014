"""Templates point down the layers too: what they extend, include, load and link."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from tests.architecture.tree import PACKAGE, ROOT, check_exemptions, package_of, packages, rank

REFERENCE = re.compile(r"{%\s*(?:extends|include)\s+[\"']([^\"']+)[\"']")
LINK = re.compile(r"{%\s*url\s+[\"'](?:records:)?([a-z_]+)[.:]")
PLAIN_LINK = re.compile(r"(?:href|action|hx-get|hx-post)=[\"']/([a-z_]+)/")
LOAD = re.compile(r"{%\s*load\s+([^%]+?)\s*%}")

# "file → what": reason.
UPWARD: dict[str, str] = {}


@cache
def templates() -> dict[str, str]:
    """Package that owns each template, by the name it is loaded under."""
    return {
        path.relative_to(PACKAGE / package / "templates").as_posix(): package
        for package in packages()
        for path in (PACKAGE / package / "templates").rglob("*")
        if path.is_file()
    }


@cache
def tag_libraries() -> dict[str, str]:
    """Package that owns each library of template tags."""
    return {
        path.stem: package
        for package in packages()
        for path in (PACKAGE / package / "templatetags").glob("*.py")
        if path.stem != "__init__"
    }


def references(path: Path) -> dict[str, str]:
    """What a template refers to, each with the package that owns it."""
    text = path.read_text(encoding="utf-8")
    found = {name: templates()[name] for name in REFERENCE.findall(text) if name in templates()}
    for name in [*LINK.findall(text), *PLAIN_LINK.findall(text)]:
        if name in packages():
            found[f"link to {name}"] = name
    for names in LOAD.findall(text):
        found |= {f"load {name}": tag_libraries()[name] for name in names.split() if name in tag_libraries()}
    return found


def test_templates_point_down() -> None:
    """A page of a lower package works without the higher ones; those register panels and slots instead."""
    found = set()
    for package in packages():
        for path in (PACKAGE / package / "templates").rglob("*.html"):
            for what, owner in references(path).items():
                if rank()[owner] > rank()[package_of(path)]:
                    found.add(f"{path.relative_to(ROOT).as_posix()} → {what}")
    check_exemptions(found, UPWARD)


def test_no_two_templates_share_a_name() -> None:
    """Django would show one of them and never say which."""
    names = [
        path.relative_to(PACKAGE / package / "templates").as_posix()
        for package in packages()
        for path in (PACKAGE / package / "templates").rglob("*.html")
    ]
    assert sorted(names) == sorted(set(names))
