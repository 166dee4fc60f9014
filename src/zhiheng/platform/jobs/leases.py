"""Who is alive: workers beat, and count each other's silence in beats of their own.

No date is compared, so a clock that jumps changes nothing: a worker is dead when another has beaten
`lease_beats` times without seeing its beat change. It may only be paused; therefore whatever it still
writes is fenced.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F

from zhiheng.kernel.time import now
from zhiheng.platform.jobs.queue import free_jobs_of
from zhiheng.platform.journal.cursors import free_cursors_of
from zhiheng.platform.models.jobs import Job, JobState, Worker
from zhiheng.platform.models.journal import HandlerCursor

logger = logging.getLogger("zhiheng.jobs")

# Stands for an owner without a row: it cannot beat, so its leases run out like a dead worker's.
NO_ROW = -1


def register_worker() -> UUID:
    """Add a live worker.

    Every registration has a new id: a worker once declared dead never gets its leases back.
    """
    row = Worker(pk=uuid4(), name=f"{socket.gethostname()}:{os.getpid()}", started_at=now())
    row.save(force_insert=True)
    return row.pk


def beat(worker: UUID) -> bool:
    """Say that the worker is alive. False means that it was declared dead."""
    return Worker.objects.filter(pk=worker).update(beat=F("beat") + 1) == 1


def owners_and_beats() -> dict[UUID, int]:
    """All who are registered or hold a lease, with their last beat."""
    found: dict[UUID, int] = {}
    running = Job.objects.filter(state=JobState.RUNNING).order_by().values_list("owner", flat=True).distinct()
    leased = HandlerCursor.objects.exclude(owner=None).order_by().values_list("owner", flat=True).distinct()
    for owner in [*running, *leased]:
        if owner is not None:
            found[owner] = NO_ROW
    return found | dict(Worker.objects.values_list("pk", "beat"))


@dataclass(slots=True)
class Watch:
    """What one worker has seen of the others."""

    lease_beats: int
    _seen: dict[UUID, tuple[int, int]] = field(default_factory=dict)

    def silent(self, beats: Mapping[UUID, int], *, me: UUID) -> dict[UUID, int]:
        """Note one look at all beats. Returns those that did not change in the last `lease_beats` looks."""
        looked: dict[UUID, tuple[int, int]] = {}
        for owner, value in beats.items():
            before, same = self._seen.get(owner, (value, 0))
            looked[owner] = (value, same + 1 if value == before and owner in self._seen else 0)
        self._seen = looked
        return {
            owner: value
            for owner, (value, same) in looked.items()
            if owner != me and same >= self.lease_beats
        }


def bury(silent: Mapping[UUID, int]) -> int:
    """Declare workers dead and free what they lease.

    Compare-and-set on the beat: one that just woke up is spared.
    """
    freed = 0
    for owner, last in silent.items():
        with transaction.atomic():
            rows = Worker.objects.filter(pk=owner)
            if last == NO_ROW:
                if rows.exists():
                    continue
            elif not rows.filter(beat=last).delete()[0]:
                continue
            jobs, cursors = free_jobs_of([owner]), free_cursors_of([owner])
        logger.warning("worker %s is silent: freed %s jobs and %s cursors", owner, jobs, cursors)
        freed += jobs + cursors
    return freed


def sign_off(worker: UUID) -> None:
    """Leave: the worker's leases are free at once."""
    with transaction.atomic():
        Worker.objects.filter(pk=worker).delete()
        free_jobs_of([worker])
        free_cursors_of([worker])
