"""Vetoes of higher domains: pure functions asked before a ticket moves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from zhiheng.processes.rules import Refusal


@dataclass(frozen=True, slots=True)
class TicketView:
    """What a guard may look at: plain values of the ticket as it stands before the move."""

    id: int
    kind: str
    state: str
    category: str
    priority: int
    values: Mapping[str, Any]


Guard = Callable[[TicketView], Refusal | None]
_GUARDS: dict[tuple[str, str], list[Guard]] = {}


def guard(kind: str, *, to: str) -> Callable[[Guard], Guard]:
    """Register a veto on tickets of ``kind`` ("*": every kind) entering the state category ``to``."""

    def register(function: Guard) -> Guard:
        _GUARDS.setdefault((kind, to), []).append(function)
        return function

    return register


def withdraw(function: Guard) -> None:
    """Take a guard back; for a plugin that is switched off, and for tests."""
    for guards in _GUARDS.values():
        if function in guards:
            guards.remove(function)


def first_refusal(ticket: TicketView, *, to: str) -> Refusal | None:
    """The first veto, asked in the order of registration: those of the kind, then those of every kind."""
    for key in ((ticket.kind, to), ("*", to)):
        for each in _GUARDS.get(key, ()):
            refusal = each(ticket)
            if refusal is not None:
                return refusal
    return None
