"""A typed registry that refuses to register a name twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

T = TypeVar("T")


class AlreadyRegistered(ValueError):  # noqa: N818 - read as a statement
    """The name is taken by something else."""


class Registry(Mapping[str, T], Generic[T]):
    """Named things in order of registration. The same thing may be registered again under its name."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._items: dict[str, T] = {}

    def register(self, name: str, item: T) -> T:
        """Add `item` under `name`. Raises AlreadyRegistered if another item has it."""
        known = self._items.setdefault(name, item)
        if known is not item and known != item:
            raise AlreadyRegistered(f"{self._what} {name!r} is already registered")
        return item

    def __getitem__(self, name: str) -> T:
        try:
            return self._items[name]
        except KeyError:
            raise KeyError(f"no {self._what} named {name!r}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)
