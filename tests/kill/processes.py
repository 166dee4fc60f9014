"""Starts, watches, freezes and kills the processes of a kill test."""

import os
import queue
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from django.db import connection

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60.0


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
    """A process that says line by line where it is."""

    def __init__(self, *arguments: str, home: Path) -> None:
        environment = os.environ | {
            "ZHIHENG_DATABASE_URL": database_url(),
            "ZHIHENG_HOME": str(home),
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]),
            "PYTHONUNBUFFERED": "1",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.kill.child", *arguments],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self._fresh: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            self._fresh.put(line)

    def wait_for(self, text: str, *, times: int = 1) -> None:
        """Return when the process has said `text` that often from now on."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while times:
            try:
                line = self._fresh.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"never said {text!r}: {self.lines[-30:]}") from None
            times -= text in line

    def said(self, text: str) -> int:
        """How often the process has said `text` since it was last asked."""
        count = 0
        while not self._fresh.empty():
            count += text in self._fresh.get()
        return count

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def freeze(self) -> None:
        """Stop the process where it is."""
        self.process.send_signal(signal.SIGSTOP)

    def freeze_between_writes(self) -> None:
        """Stop it outside a write: inside one it would keep SQLite's only write lock, and nobody could take over."""
        self.freeze()
        while connection.vendor == "sqlite" and not _can_write():
            self.thaw()
            time.sleep(0.01)
            self.freeze()

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def end(self) -> None:
        """Stop in good order."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()
        self._reader.join(5)
        self.process.stdout.close()


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
