"""Another writer, which holds the lock until it has seen somebody wait for it."""

import threading
import time

from django.db import connection, transaction

from zhiheng.platform.db.postgresql.base import TAKE_LOCK

PATIENCE_SECONDS = 240.0


class Holder(threading.Thread):
    """Holds the lock under which entries are written. `waiting` is set by the test on SQLite, found here otherwise."""

    def __init__(self, waiting):
        super().__init__()
        self.holds, self.waiting = threading.Event(), waiting
        self.held_on = 0.0  # seconds, after it had seen somebody wait
        self.error = None

    def run(self):
        try:
            with transaction.atomic():
                if connection.vendor == "postgresql":
                    with connection.cursor() as cursor:
                        cursor.execute(TAKE_LOCK)
                self.holds.set()
                self._wait()
                seen = time.perf_counter()
                self.waiting.clear()
                if connection.vendor == "sqlite":
                    self.waiting.wait(PATIENCE_SECONDS)  # it has asked again
                self.held_on = time.perf_counter() - seen
        except Exception as error:  # told by the test, which runs in another thread
            self.error = error
        finally:
            self.holds.set()
            connection.close()

    def _wait(self):
        if connection.vendor == "sqlite":
            assert self.waiting.wait(PATIENCE_SECONDS)
            return
        deadline = time.monotonic() + PATIENCE_SECONDS
        with connection.cursor() as cursor:
            while time.monotonic() < deadline:
                cursor.execute(
                    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
                    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                )
                if cursor.fetchone()[0]:
                    return
                time.sleep(0.001)
        raise AssertionError("nobody waited")
