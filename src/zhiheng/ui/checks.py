"""System checks: every registered page has an address, every registered icon is in the sprite."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from django.urls import NoReverseMatch

from zhiheng.ui.navigation import NAV, NavItem
from zhiheng.ui.shell import COUNTERS, CREATES, PERSON_LINKS, PORTAL_LINKS, Counter, ShellLink

SPRITE = Path(__file__).with_name("static") / "zhiheng" / "icons.svg"


@cache
def icon_names() -> frozenset[str]:
    """The icons that exist."""
    return frozenset(re.findall(r'<symbol id="([a-z0-9-]+)"', SPRITE.read_text(encoding="utf-8")))


def _problems(entry: NavItem | ShellLink | Counter) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    try:
        assert entry.url
    except NoReverseMatch as error:
        hint = f"{entry.url_name!r} is registered for {entry.label!s}: {error}"
        found.append(Error("A registered page has no address.", hint=hint, id="ui.E001"))
    if entry.icon and entry.icon not in icon_names():
        hint = f"{entry.icon!r}, used by {entry.label!s}: add it to frontend/icons.txt and run icons.mjs."
        found.append(Error("A registered icon is not in the sprite.", hint=hint, id="ui.E002"))
    return found


@register("ui")
def check_registrations(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:  # noqa: ARG001
    """Name every mistake in what was registered with the shell."""
    entries: list[NavItem | ShellLink | Counter] = [
        *NAV.values(),
        *CREATES.values(),
        *PERSON_LINKS.values(),
        *PORTAL_LINKS.values(),
        *COUNTERS.values(),
    ]
    return [problem for entry in entries for problem in _problems(entry)]
