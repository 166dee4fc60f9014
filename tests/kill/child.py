"""What a process of a kill test does. Loaded once by the fork server, with Django set up; every process is a fork."""

import json
import os
import signal
import sys
import threading
from pathlib import Path

import django

django.setup()

from django.utils import translation  # noqa: E402 - after the set-up, as the models

from tests.kill import archived, sample  # noqa: E402 - models need the set-up
from zhiheng.desk.tests import logs  # noqa: E402
from zhiheng.kernel.actor import SYSTEM, Cause, acting  # noqa: E402
from zhiheng.platform.backup.dump import write_dump  # noqa: E402
from zhiheng.platform.backup.restore import restore_dump  # noqa: E402
from zhiheng.platform.db.buffer import before_journal  # noqa: E402
from zhiheng.platform.jobs import worker  # noqa: E402
from zhiheng.platform.jobs.worker import Tempo, run_worker  # noqa: E402
from zhiheng.platform.tests.backup import elsewhere  # noqa: E402
from zhiheng.records.tests.shop.install import install_shop  # noqa: E402

# The database of a whole suite has the tables of the tests' shop; a dump of it fits a program that knows it.
install_shop()

TEMPO = Tempo(beat_seconds=0.1, lease_beats=8, poll_seconds=0.02, grace_seconds=1.0, reconnect_seconds=0.1)


def say_and_wait(line: str) -> None:
    """Say how far it is; between two tables wait to be killed."""
    sample.say(line)
    if line.endswith(" rows"):
        signal.pause()


def wait_inside_transaction(number: int) -> None:
    """Before the entries of that transaction are written, say so and wait to be killed."""
    seen = 0

    def look(_entries) -> None:
        nonlocal seen
        seen += 1
        if seen == number:
            sample.say(f"in transaction {seen}")
            signal.pause()

    before_journal.append(look)


def play(output, role: str, *arguments: str) -> None:
    """Play a role until told to stop; what is said and logged goes to `output`."""
    for descriptor in (sys.stdout.fileno(), sys.stderr.fileno()):
        os.dup2(output.fileno(), descriptor)
    output.close()
    translation.activate("en")  # tests wait for what is said
    if role == "worker":
        sample.register_handler()
        stop = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        # Shipped jobs whose minute comes would take the only thread from those of the test.
        worker.fire_schedules = lambda: 0
        sample.say("ready")
        run_worker(job_threads=1, tempo=TEMPO, stop=stop)
    elif role == "backup":
        write_dump(Path(arguments[0]), tell=say_and_wait)
    elif role == "restore":
        source, folder, database = arguments
        with elsewhere.using(json.loads(database)), elsewhere.home(Path(folder)):
            restore_dump(Path(source), tell=say_and_wait)
    elif role == "history":
        folder, cases, people, transaction = arguments
        wait_inside_transaction(int(transaction))
        with acting(SYSTEM, Cause.JOB):
            logs.put(Path(folder), int(cases), people=int(people))
    elif role in archived.STEPS:
        step, folder = arguments
        archived.run(role, step, Path(folder))
    else:
        writes, seed = arguments
        with acting(SYSTEM, Cause.COMMAND):
            sample.count_up(writes=int(writes), seed=int(seed))
