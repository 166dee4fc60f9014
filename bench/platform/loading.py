"""Loads the sample log into the database of the environment, which must be empty, and prints what that took as JSON.

The child of `history`. Of each transaction it notes how long it keeps others from writing: on SQLite from BEGIN, on
PostgreSQL from the journal's lock, to the end of the commit.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhiheng.config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from zhiheng.config.defaults import install_defaults  # noqa: E402
from zhiheng.desk.models import Ticket  # noqa: E402
from zhiheng.kernel.actor import SYSTEM, Cause, acting  # noqa: E402
from zhiheng.platform.db.buffer import Pending  # noqa: E402
from zhiheng.platform.jobs import pace  # noqa: E402
from zhiheng.web.services.demo import load_sample, set_up_demo  # noqa: E402

SAMPLE = Path(__file__).parents[2] / "samples" / "servicenow_incident_events.csv.gz"


def main() -> int:
    sys.stdout.write(json.dumps(loaded(), indent=1) + "\n")
    return 0


def loaded() -> dict[str, Any]:
    """Set the sample organisation up, load its log, and say what that took."""
    call_command("migrate", verbosity=0)
    if Ticket.objects.exists():
        raise SystemExit("The database holds tickets already; give an empty one.")
    with acting(SYSTEM, Cause.SETUP):
        install_defaults()
        set_up_demo()
    load_before, started, used = os.getloadavg()[0], time.perf_counter(), time.process_time()
    with watched() as spans, acting(SYSTEM, Cause.JOB):
        result = load_sample(path=SAMPLE)
    seconds, processor = time.perf_counter() - started, time.process_time() - used
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "database": connection.vendor, "python": platform.python_version(), "cores": os.cpu_count(),
        "load_before": round(load_before, 1), "load_after": round(os.getloadavg()[0], 1),
        "tickets": result.tickets, "entries": result.entries, "seconds": round(seconds, 1),
        "processor_seconds": round(processor, 1),
        "processor_seconds_of_children": round(children.ru_utime + children.ru_stime, 1),
        "tickets_a_second": round(result.tickets / seconds), "entries_a_second": round(result.entries / seconds),
        "transactions": len(spans), "locked_ms": spread([wall for wall, _cpu in spans]),
        "locked_processor_ms": spread([cpu for _wall, cpu in spans]),
    }  # fmt: skip


@contextmanager
def watched() -> Iterator[list[tuple[float, float]]]:
    """Note of each paced transaction how long it locks others out: wall and processor milliseconds."""
    spans: list[tuple[float, float]] = []
    began = [(0.0, 0.0)]
    prepare = connection.journal_prepare  # type: ignore[attr-defined]  # our engine's

    def start() -> None:
        began[0] = time.perf_counter(), time.thread_time()

    def prepared(entries: Sequence[Pending]) -> None:
        prepare(entries)
        if connection.vendor == "postgresql":
            start()

    @contextmanager
    def atomic(**options: Any) -> Iterator[None]:
        with transaction.atomic(**options):
            start()
            yield
        wall, processor = began[0]
        spans.append(((time.perf_counter() - wall) * 1000, (time.thread_time() - processor) * 1000))

    pace.transaction = SimpleNamespace(atomic=atomic)  # type: ignore[assignment]
    connection.journal_prepare = prepared  # type: ignore[attr-defined]
    try:
        yield spans
    finally:
        pace.transaction = transaction
        connection.journal_prepare = prepare  # type: ignore[attr-defined]


def spread(values: list[float]) -> dict[str, float]:
    """The median, the 95th and 99th percentile and the greatest."""
    ordered = sorted(values)
    at = {f"p{share}": ordered[min(len(ordered) - 1, len(ordered) * share // 100)] for share in (50, 95, 99)}
    return {name: round(value, 2) for name, value in {**at, "max": ordered[-1]}.items()}


if __name__ == "__main__":
    raise SystemExit(main())
