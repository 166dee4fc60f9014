"""Starts, watches, freezes and kills the processes of a kill test."""

import multiprocessing
import os
import queue
import signal
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from tests.kill.child import play

# Only a test that fails waits this long: longer than a loaded machine needs, shorter than pytest's own limit.
PATIENCE_SECONDS = 240.0
FORKS = multiprocessing.get_context("forkserver")


def database_url() -> str:
    """The test database, for another process."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{Path(found['NAME']).absolute()}"
    user, password = quote(found["USER"]), quote(found["PASSWORD"])
    host, port = found["HOST"] or "", found["PORT"] or "5432"
    if host.startswith("/"):
        return f"postgresql://{user}:{password}@/{found['NAME']}?host={quote(host, safe='')}"
    return f"postgresql://{user}:{password}@{host}:{port}/{found['NAME']}"


class Child:
    """A process that says line by line where it is. It is forked from one that has loaded everything already."""

    def __init__(self, *arguments: str) -> None:
        reader, writer = FORKS.Pipe(duplex=False)
        os.environ["ZHIHENG_DATABASE_URL"] = database_url()  # read by the fork server when it starts
        FORKS.set_forkserver_preload(["tests.kill.child"])
        self.process = FORKS.Process(target=play, args=(writer, *arguments))
        self.process.start()
        writer.close()
        self._output = os.fdopen(os.dup(reader.fileno()), errors="replace")
        reader.close()
        self.lines: list[str] = []
        self._fresh: queue.Queue[str | None] = queue.Queue()  # None: it says no more
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self._output:
            self.lines.append(line.rstrip())
            self._fresh.put(line)
        self._fresh.put(None)

    def wait_for(self, text: str, *, times: int = 1) -> None:
        """Return when the process has said `text` that often from now on."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while times:
            try:
                line = self._fresh.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"never said {text!r}: {self.lines[-30:]}") from None
            if line is None:
                raise AssertionError(f"ended without {text!r}: {self.lines[-30:]}")
            times -= text in line

    def said(self, text: str) -> int:
        """How often the process has said `text` since it was last asked."""
        count = 0
        while not self._fresh.empty():
            line = self._fresh.get()
            count += line is not None and text in line
        return count

    def kill(self) -> None:
        self.process.kill()
        self.process.join()

    def freeze(self) -> None:
        """Stop the process where it is."""
        os.kill(self.process.pid, signal.SIGSTOP)

    def freeze_between_writes(self) -> None:
        """Stop it outside a write: inside one it would keep SQLite's only write lock, and nobody could take over."""
        self.freeze()
        while connection.vendor == "sqlite" and not _can_write():
            self.thaw()
            time.sleep(0.01)
            self.freeze()

    def thaw(self) -> None:
        os.kill(self.process.pid, signal.SIGCONT)

    def finish(self) -> int | None:
        """The exit code, when it has come to its end by itself."""
        self.process.join(PATIENCE_SECONDS)
        return self.process.exitcode

    def end(self) -> None:
        """Stop in good order."""
        if self.process.is_alive():
            self.thaw()
            self.process.terminate()
            self.process.join(10)
            if self.process.is_alive():
                self.kill()
        self._reader.join(5)
        self._output.close()


def _can_write() -> bool:
    with closing(
        sqlite3.connect(connection.settings_dict["NAME"], timeout=0.3, isolation_level=None)
    ) as probe:
        try:
            probe.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        probe.execute("ROLLBACK")
        return True


def whoever_says(children: list[Child], text: str, *, times: int) -> Child:
    """The child that says `text` for the last of `times` times, at the moment it does."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        for child in children:
            times -= child.said(text)
            if times <= 0:
                return child
        time.sleep(0.001)
    raise AssertionError(f"nobody said {text!r}: {[child.lines[-10:] for child in children]}")


def eventually(condition: Callable[[], bool], what: str) -> None:
    """Wait until `condition` holds."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"never: {what}"
        time.sleep(0.02)
