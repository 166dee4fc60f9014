"""Whether the platform is well: the database answers, no migration is missing, a worker beats."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError

from zhiheng.platform.models.jobs import Worker


@dataclass(slots=True)
class BeatWatch:
    """What this process saw of the workers' beats. A beat is a count, no date: its age is how long it stands still."""

    seen: dict[UUID, tuple[int, float]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def age_s(self, beats: dict[UUID, int], *, at_s: float) -> float | None:
        """Seconds since the liveliest worker was last seen to beat; None without any worker."""
        with self.lock:
            self.seen = {
                worker: self.seen[worker] if self.seen.get(worker, (None,))[0] == beat else (beat, at_s)
                for worker, beat in beats.items()
            }
            return min((at_s - since for _beat, since in self.seen.values()), default=None)


WATCH = BeatWatch()
_migrated: list[bool] = []


@dataclass(frozen=True, slots=True)
class Health:
    """What was found; `worker_age_s` None: no worker is registered."""

    database: bool
    migrated: bool
    worker_age_s: float | None = None


def health_now() -> Health:
    """Ask the database. Never raises: what is wrong is the answer."""
    try:
        beats = dict(Worker.objects.values_list("pk", "beat"))
        return Health(
            database=True, migrated=_is_migrated(), worker_age_s=WATCH.age_s(beats, at_s=time.monotonic())
        )
    except DatabaseError:
        connection.close()
        return Health(database=False, migrated=False)


def _is_migrated() -> bool:
    """Whether every migration is applied. Once it was, it stays so while this version runs."""
    if not _migrated:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _migrated.append(True)
    return True
