"""One process of a kill test: `python -m tests.kill.child worker` or `… writer WRITES SEED`."""

import signal
import sys
import threading

import django

django.setup()

from tests.kill import sample  # noqa: E402 - models need the set-up
from zhiheng.kernel.actor import SYSTEM, Cause, acting  # noqa: E402
from zhiheng.platform.jobs.worker import Tempo, run_worker  # noqa: E402

TEMPO = Tempo(beat_seconds=0.1, lease_beats=8, poll_seconds=0.02, grace_seconds=1.0, reconnect_seconds=0.1)


def main(arguments: list[str]) -> None:
    """Play the role named in the arguments until told to stop."""
    if arguments[0] == "worker":
        sample.register_handler()
        stop = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        sample.say("ready")
        run_worker(job_threads=1, tempo=TEMPO, stop=stop)
    else:
        with acting(SYSTEM, Cause.COMMAND):
            sample.count_up(writes=int(arguments[1]), seed=int(arguments[2]))


if __name__ == "__main__":
    main(sys.argv[1:])
