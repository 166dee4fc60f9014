"""The clock of the domain. `now()` is the only source of now; leases and rests use `time.monotonic`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

_frozen: ContextVar[datetime | None] = ContextVar("zhiheng_frozen", default=None)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def now() -> datetime:
    """The current time, aware and in UTC."""
    return _frozen.get() or datetime.now(UTC)


@contextmanager
def frozen(at: datetime) -> Iterator[datetime]:
    """Hold the clock at `at` (aware) in this context: for tests and for replays."""
    if at.tzinfo is None:
        raise ValueError("frozen() needs an aware datetime")
    token = _frozen.set(at.astimezone(UTC))
    try:
        yield at
    finally:
        _frozen.reset(token)


def to_epoch(moment: datetime) -> int:
    """Whole seconds since 1970-01-01 UTC, rounded down. Raises ValueError for a naive time."""
    if moment.tzinfo is None:
        raise ValueError("to_epoch() needs an aware datetime")
    return (moment - EPOCH) // timedelta(seconds=1)


def from_epoch(seconds: int) -> datetime:
    """The aware UTC time of whole `seconds` since 1970-01-01."""
    return EPOCH + timedelta(seconds=seconds)
