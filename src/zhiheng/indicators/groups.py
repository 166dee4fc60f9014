"""Which groups exist that a target may be limited to: higher packages say so, for facts know them by key only."""

from __future__ import annotations

from collections.abc import Callable

Known = Callable[[str], bool]
_known: dict[str, Known] = {}


def register_groups(scope: str, known: Known) -> None:
    """Say how a key of a scope ("service", "priority") is told from a slip of the pen."""
    _known[scope] = known


def is_known_group(scope: str, key: str) -> bool:
    """Whether a group of that key exists; where nobody can tell, it may."""
    return scope not in _known or _known[scope](key)
