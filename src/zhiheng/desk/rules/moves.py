"""What a move between states does to a ticket's times: one pure fold for a person's act and for loaded history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

DONE = frozenset({"solved", "closed"})
DROPPED = frozenset({"cancelled", "merged"})


@dataclass(frozen=True, slots=True)
class Move:
    """A change of state category at a time; ``old`` is empty for the opening of the ticket."""

    at: datetime
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Times:
    """The times of a ticket that follow from its moves, and how often it was reopened."""

    restored_at: datetime | None = None
    resolved_at: datetime | None = None
    confirmed_at: datetime | None = None
    closed_at: datetime | None = None
    reopen_count: int = 0


def after(times: Times, move: Move) -> Times:
    """The times after one move.

    Solving (or closing what was never solved) sets ``resolved_at``; a service that nobody marked as restored
    earlier counts as restored then. Going back to work clears what was undone and counts one reopening.
    """
    if move.old in DONE and move.new not in DONE | DROPPED:
        return replace(
            times, restored_at=None, resolved_at=None, confirmed_at=None, closed_at=None,
            reopen_count=times.reopen_count + 1,
        )  # fmt: skip
    if move.new in DONE:
        resolved = times.resolved_at or move.at
        return replace(
            times,
            resolved_at=resolved,
            restored_at=times.restored_at or resolved,
            closed_at=(times.closed_at or move.at) if move.new == "closed" else None,
        )
    if move.new in DROPPED:
        return replace(times, closed_at=times.closed_at or move.at)
    return times


def fold(moves: Iterable[Move], start: Times | None = None) -> Times:
    """The times after all moves, in order."""
    times = start or Times()
    for move in moves:
        times = after(times, move)
    return times
