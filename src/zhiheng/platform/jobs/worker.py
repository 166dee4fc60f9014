"""The worker process: runs jobs, delivers journal entries to handlers, fires schedules, keeps its lease.

`run_worker()` blocks until its stop event is set; several workers may run on one PostgreSQL.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from math import ceil
from uuid import UUID

from django.db import DatabaseError, InterfaceError, connection, connections

from zhiheng.platform.db.buffer import PARTITIONS
from zhiheng.platform.grants import remembering
from zhiheng.platform.jobs.execute import execute_job
from zhiheng.platform.jobs.leases import Watch, beat, bury, owners_and_beats, register_worker, sign_off
from zhiheng.platform.jobs.pace import Rests
from zhiheng.platform.jobs.queue import LeaseLost, claim_job, keep_notes
from zhiheng.platform.jobs.running import JobLogHandler, Running
from zhiheng.platform.jobs.schedule import fire_schedules
from zhiheng.platform.journal.cursors import CursorLost, ensure_cursors, lease_cursors
from zhiheng.platform.journal.delivery import Lane, deliver_all
from zhiheng.platform.journal.handlers import handlers
from zhiheng.platform.journal.parking import waiting_lanes
from zhiheng.platform.models.jobs import Worker

logger = logging.getLogger("zhiheng.jobs")


@dataclass(frozen=True, slots=True)
class Tempo:
    """How often a worker looks. A dead worker's leases are free after about `beat_seconds * lease_beats`."""

    beat_seconds: float = 1.0
    lease_beats: int = 10
    poll_seconds: float = 0.25
    grace_seconds: float = 10.0
    reconnect_seconds: float = 1.0


class WorkerProcess:
    """The threads of one worker and what they share."""

    def __init__(self, *, job_threads: int, tempo: Tempo, stop: threading.Event) -> None:
        self.tempo = tempo
        self.stop = stop
        self.job_threads = job_threads
        self._lock = threading.Lock()
        self._id: UUID | None = None
        self._others = 0
        self._running: dict[int, Running] = {}
        self._watch = Watch(tempo.lease_beats)
        self._lanes: dict[int, Lane] = {}
        self._leased_at = float("-inf")
        self._rests = Rests()

    def run(self) -> None:
        """Work until told to stop, then let running jobs reach a checkpoint and sign off."""
        log = JobLogHandler()
        logging.getLogger().addHandler(log)
        loops: list[tuple[str, Callable[[], bool], float]] = [
            ("keeper", self._keep, self.tempo.beat_seconds),
            ("handlers", self._deliver, self.tempo.poll_seconds),
            *((f"jobs-{number}", self._work, self.tempo.poll_seconds) for number in range(self.job_threads)),
        ]
        threads = [
            threading.Thread(target=self._loop, args=(step, pause), name=name, daemon=True)
            for name, step, pause in loops
        ]
        for thread in threads:
            thread.start()
        self.stop.wait()
        self._finish(threads)
        logging.getLogger().removeHandler(log)

    def _finish(self, threads: list[threading.Thread]) -> None:
        with self._lock:
            for state in self._running.values():
                state.stopping = True
        deadline = time.monotonic() + self.tempo.grace_seconds
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        with suppress(DatabaseError, InterfaceError):
            if self._id is not None:
                sign_off(self._id)
        connections.close_all()

    def _loop(self, step: Callable[[], bool], pause: float) -> None:
        """Repeat a step: at once if it found work, else after a pause. A lost database is waited for."""
        while not self.stop.is_set():
            try:
                if not step():
                    self.stop.wait(pause)
            except (DatabaseError, InterfaceError) as error:
                logger.warning("database: %s; connecting again", error)
                connection.close()
                self.stop.wait(self.tempo.reconnect_seconds)
            except Exception:
                # The thread must live on; what broke is in the log and is tried again.
                logger.exception("worker step failed")
                connection.close()
                self.stop.wait(self.tempo.reconnect_seconds)
        connections.close_all()

    # keeper
    # -----------------------------------------------------------------------------------------------------

    def _keep(self) -> bool:
        me = self._alive_id()
        self._store_notes()
        beats = owners_and_beats()
        bury(self._watch.silent(beats, me=me))
        self._others = max(0, Worker.objects.count() - 1)
        fire_schedules()
        return False

    def _alive_id(self) -> UUID:
        """Beat. A worker that was declared dead while it slept gives everything up and starts anew."""
        me = self._id
        if me is not None and beat(me):
            return me
        fresh = register_worker()
        with self._lock:
            if me is not None:
                logger.warning("worker %s was declared dead; it goes on as %s", me, fresh)
            for state in self._running.values():
                state.lost = True
            self._id = fresh
        return fresh

    def _store_notes(self) -> None:
        with self._lock:
            states = list(self._running.values())
        for state in states:
            try:
                state.asked = keep_notes(state.job, notes=state.notes())
            except LeaseLost:
                state.lost = state.job.pk in self._running

    # jobs -------------------------------------------------------------------------------------------------
    # ------

    def _work(self) -> bool:
        me = self._id
        job = None if me is None else claim_job(owner=me)
        if job is None:
            return False
        state = Running(job)
        with self._lock:
            state.lost = self._id != me
            self._running[job.pk] = state
        try:
            execute_job(state)
        finally:
            with self._lock:
                self._running.pop(job.pk, None)
        return True

    # handlers
    # ---------------------------------------------------------------------------------------------------

    def _deliver(self) -> bool:
        if time.monotonic() - self._leased_at >= self.tempo.beat_seconds:
            self._lease_lanes()
            self._leased_at = time.monotonic()
        try:
            with (
                remembering()
            ):  # until the next look: who may see what is asked once a person, not once a chunk
                return self._deliver_rounds() > 0
        except CursorLost as error:
            logger.warning("%s", error)
            self._lanes.clear()
            self._leased_at = float("-inf")
            return True

    def _deliver_rounds(self) -> int:
        """Rounds over all lanes until nothing is left or it is time to look at the leases; how many were handled."""
        count = 0
        while not self.stop.is_set():
            handled = deliver_all(list(self._lanes.values()), rests=self._rests)
            count += handled
            if not handled or time.monotonic() - self._leased_at >= self.tempo.beat_seconds:
                break
        return count

    def _lease_lanes(self) -> None:
        me = self._id
        if me is None:
            return
        ensure_cursors()
        share = ceil(len(handlers) * PARTITIONS / (self._others + 1))
        cursors = {cursor.pk: cursor for cursor in lease_cursors(owner=me, share=share)}
        kept = {
            key: lane
            for key, lane in self._lanes.items()
            if key in cursors
            and (cursors[key].owner, cursors[key].position) == (lane.cursor.owner, lane.cursor.position)
        }
        self._lanes = {key: kept.get(key) or Lane(cursor) for key, cursor in cursors.items()}
        waiting = waiting_lanes()
        for lane in self._lanes.values():
            if (lane.cursor.handler, lane.cursor.partition) in waiting:
                lane.retry()


def run_worker(
    *, job_threads: int = 2, tempo: Tempo | None = None, stop: threading.Event | None = None
) -> None:
    """Run a worker in this process until `stop` is set."""
    WorkerProcess(job_threads=job_threads, tempo=tempo or Tempo(), stop=stop or threading.Event()).run()
