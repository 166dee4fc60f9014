"""Which preference decides about an act. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wish:
    """How somebody wants to hear of acts that match a name or a prefix ending in ``*``."""

    acts: str
    in_app: bool = True
    by_mail: bool = True


DEFAULT = Wish("*")


def matches(pattern: str, act: str) -> bool:
    """Whether an act has this name or begins with this prefix."""
    return act.startswith(pattern[:-1]) if pattern.endswith("*") else act == pattern


def decide(wishes: Iterable[Wish], act: str) -> Wish:
    """The wish that decides: an exact name before the longest prefix, before the default."""
    fitting = [wish for wish in wishes if matches(wish.acts, act)]
    return max(fitting, key=lambda wish: (not wish.acts.endswith("*"), len(wish.acts)), default=DEFAULT)
