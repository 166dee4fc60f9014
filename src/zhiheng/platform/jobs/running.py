"""What a job says about itself while it runs: progress, log, whether to stop.

Kept in memory and stored by the worker's heartbeat, so that saying something costs nothing and shows even
while the job is inside a transaction.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from zhiheng.kernel.time import now
from zhiheng.platform.models.jobs import Job

LOG_LINES = 1000
LINE_CHARACTERS = 1000


class Cancelled(BaseException):
    """Raised by `checkpoint()` when somebody asked to stop.

    Not an Exception: a job's own handlers must not catch it.
    """


@dataclass(slots=True, eq=False)
class Running:
    """A job that this process runs now."""

    job: Job
    asked: bool = False  # somebody asked to cancel
    stopping: bool = False  # the worker shuts down
    lost: bool = False  # another worker took the job over
    done: int = 0
    total: int | None = None
    note: str = ""
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=LOG_LINES))
    lock: threading.Lock = field(default_factory=threading.Lock)
    changed: bool = False

    def say(self, line: str) -> None:
        """Add a line to the log."""
        with self.lock:
            self.lines.append(f"{now():%Y-%m-%dT%H:%M:%SZ} {line[:LINE_CHARACTERS]}")
            self.changed = True

    def notes(self, *, force: bool = False) -> dict[str, Any]:
        """Columns to store, or {} if nothing changed since the last call."""
        with self.lock:
            if not (self.changed or force):
                return {}
            self.changed = False
            return {
                "progress_done": self.done,
                "progress_total": self.total,
                "progress_note": self.note[:300],
                "log": "\n".join(self.lines),
            }


_running: ContextVar[Running | None] = ContextVar("zhiheng_running_job", default=None)


@contextmanager
def running(state: Running) -> Iterator[Running]:
    """Make `state` the current job of this thread."""
    token = _running.set(state)
    try:
        yield state
    finally:
        _running.reset(token)


def current_job() -> Job | None:
    """The job this code runs in, or None."""
    state = _running.get()
    return None if state is None else state.job


def progress(*, done: int, total: int | None = None, note: str = "") -> None:
    """Say how far the job is. Outside a job it does nothing, so that a function can be called directly."""
    state = _running.get()
    if state is None:
        return
    with state.lock:
        state.done, state.total = done, total if total is not None else state.total
        state.note = note or state.note
        state.changed = True


def report(line: str) -> None:
    """Add a line to the job's log."""
    state = _running.get()
    if state is not None:
        state.say(line)


def cancelled() -> bool:
    """Whether to stop soon: somebody asked, the worker stops, or the job was taken over."""
    state = _running.get()
    return state is not None and (state.asked or state.stopping or state.lost)


def checkpoint() -> None:
    """A point where stopping is safe. Raises Cancelled if `cancelled()`."""
    if cancelled():
        raise Cancelled


class JobLogHandler(logging.Handler):
    """Copies what a job logs, from INFO, into the job's own log."""

    def __init__(self) -> None:
        super().__init__(level=logging.INFO)

    def emit(self, record: logging.LogRecord) -> None:
        state = _running.get()
        if state is not None:
            state.say(f"{record.levelname} {record.getMessage()}")
