"""Questions whose answers are kept beside their snapshot, so that each is computed once and not once a process.

An answer is kept under everything it depends on: the question, the whole lens (snapshot, grants, filters, window), the
definitions in force and the version of the program. Whoever has other grants asks another question. Who asks does not
change what is counted: a kept question never sees `Lens.teams`.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import logging
from collections.abc import Callable
from dataclasses import replace
from functools import cache, lru_cache, update_wrapper
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, cast, get_type_hints

from zhiheng import __version__
from zhiheng.indicators.mirror import answers
from zhiheng.indicators.queries.catalogue import defects, indicators
from zhiheng.indicators.queries.lens import Lens
from zhiheng.indicators.queries.plain import classes_in, from_plain, to_plain

P = ParamSpec("P")
A = TypeVar("A")
log = logging.getLogger(__name__)
# What a process remembers of each question, so that it need not read it again.
REMEMBERED = 64


class Kept(Generic[P, A]):
    """A question over facts. Its answers are looked up in memory, then beside the snapshot, then computed and kept."""

    def __init__(self, ask: Callable[Concatenate[Lens, P], A]) -> None:
        update_wrapper(self, ask)
        self._ask = ask
        self._signature = inspect.signature(ask)
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._answer)

    def __call__(self, lens: Lens, *args: P.args, **kwargs: P.kwargs) -> A:
        remembered = cast("Callable[Concatenate[Lens, P], A]", self._remembered)
        return remembered(replace(lens, teams=frozenset()), *args, **kwargs)

    def computed(self, lens: Lens, *args: P.args, **kwargs: P.kwargs) -> A:
        """The answer computed anew; nothing is looked up or kept."""
        return self._ask(replace(lens, teams=frozenset()), *args, **kwargs)

    def cache_clear(self) -> None:
        """Forget what this process remembers."""
        self._remembered.cache_clear()

    def key(self, lens: Lens, *args: P.args, **kwargs: P.kwargs) -> str:
        """What an answer is kept under."""
        bound = self._signature.bind(lens, *args, **kwargs)
        bound.apply_defaults()
        asked = [__version__, definitions_hash(), self._ask.__qualname__, to_plain(bound.arguments)]
        return hashlib.sha256(json.dumps(asked, ensure_ascii=False).encode()).hexdigest()

    def _answer(self, lens: Lens, *args: P.args, **kwargs: P.kwargs) -> A:
        key = self.key(lens, *args, **kwargs)
        plain = answers.read(lens.snapshot, key)
        if plain is not None:
            try:
                return cast("A", from_plain(plain, _classes(self._ask)))
            except (KeyError, TypeError, ValueError):
                log.warning("the kept answer %s is not understood and is computed again", key, exc_info=True)
        answer = self._ask(lens, *args, **kwargs)
        answers.keep(lens.snapshot, key, to_plain(answer))
        return answer


def kept(ask: Callable[Concatenate[Lens, P], A]) -> Kept[P, A]:
    """Keep the answers to a question: a function of a lens, and of nothing else but its arguments."""
    return Kept(ask)


@cache
def definitions_hash() -> str:
    """One digest of all indicators and defects as they are defined now."""
    hashes = [item.hash for item in indicators().values()] + [item.hash for item in defects().values()]
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()


@cache
def _classes(ask: Callable[..., Any]) -> dict[str, type[Any]]:
    return classes_in(get_type_hints(ask)["return"])
