"""Keys that a table keeps as text while a higher package holds their names: a commitment's kind of ticket.

The lower declaration says `vocabularies={"kind": "ticket-kind"}`; the higher package says here what the keys mean.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """A key and its name in the reader's language; one that is not `offered` is still named where it is used."""

    key: str
    name: str
    offered: bool = True


_KNOWN: dict[str, Callable[[], Sequence[Word]]] = {}


def register_vocabulary(name: str, words: Callable[[], Sequence[Word]]) -> None:
    """Let `words()` answer for this vocabulary, in the order in which it is offered."""
    _KNOWN[name] = words


def vocabulary(name: str) -> Sequence[Word]:
    """The words of a vocabulary; none where no installed package brings it."""
    return _KNOWN[name]() if name in _KNOWN else ()


def words_in(name: str) -> Mapping[str, str]:
    """The name of each key."""
    return {word.key: word.name for word in vocabulary(name)}
