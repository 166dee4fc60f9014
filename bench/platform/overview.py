"""Measures the facts mirror and the quality overview on a filled database. `overview TICKETS` prints JSON.

The snapshot is built in a process of its own, and every page is asked first in a new process: a figure is that of a web
process that has just begun, imports left out. The database is only read; the mirror lies beside its home.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhiheng.config.settings")
django.setup()

import duckdb  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.messages.storage.cookie import CookieStorage  # noqa: E402
from django.contrib.sessions.backends.signed_cookies import SessionStore  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from django.urls import reverse  # noqa: E402

from zhiheng.accounts.models import Person  # noqa: E402
from zhiheng.desk.models import Ticket  # noqa: E402
from zhiheng.indicators.mirror import current, refresh  # noqa: E402
from zhiheng.indicators.queries import answer_overview, usual_lens  # noqa: E402
from zhiheng.kernel.actor import Actor, ActorKind, Cause, acting  # noqa: E402
from zhiheng.platform.grants import remembering  # noqa: E402
from zhiheng.web.views.quality import show  # noqa: E402

WARM = 10
MEGABYTE = 1024  # ru_maxrss counts kilobytes
# Who asks, and what: everything, parts of it, and as somebody who sees less.
PAGES = (
    ("all", ""),
    ("all", "service=service-03"),
    ("all", "priority=1"),
    ("all", "team=Team 02"),
    ("all", "period=4"),
    ("all", "period=52"),
    ("lead", ""),
    ("few", ""),
)


def snapshot() -> dict[str, Any]:
    """Build a snapshot and answer the overview: seconds, processor seconds, and the most memory held."""
    spans: dict[str, float] = {}

    def prepare(manifest: Any) -> None:
        started, processor = time.perf_counter(), time.process_time()
        answer_overview(usual_lens(manifest))
        spans["answers_s"] = round(time.perf_counter() - started, 1)
        spans["answers_processor_s"] = round(time.process_time() - processor, 1)

    started = time.perf_counter()
    manifest = refresh(full=True, prepare=prepare)
    seconds = time.perf_counter() - started
    own, reader = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {
        "seconds": round(seconds, 1),
        "processor_s": round(own.ru_utime + own.ru_stime, 1),
        "reader_processor_s": round(reader.ru_utime + reader.ru_stime, 1),
        "peak_mb": round(own.ru_maxrss / MEGABYTE),
        "reader_peak_mb": round(reader.ru_maxrss / MEGABYTE),
        **spans,
        "tickets": manifest.rows("facts/tickets.parquet"),
        "entries": manifest.rows("facts/entries.parquet"),
        "facts_mb": round(sum(path.stat().st_size for path in manifest.facts.values()) / 1e6),
    }


def page(username: str, query: str) -> dict[str, Any]:
    """Ask for the overview once as a new process, then again: milliseconds, and statements over the facts."""
    person = Person.objects.get(username=username)
    counted = counting()
    import_module("zhiheng.config.wsgi")  # loads what a web process loads before anybody asks
    address = reverse("quality:overview")

    def ask() -> None:
        request = RequestFactory().get(f"{address}?{query}")
        request.user = person
        request.session = SessionStore()
        request._messages = CookieStorage(request)  # type: ignore[attr-defined]
        # What a person holds is loaded once a request, as the middleware does.
        with acting(Actor(ActorKind.PERSON, person.pk, label=username), Cause.PAGE), remembering():
            response = show(request)
        assert response.status_code == 200, (username, query, response.status_code)

    cold_ms, processor_ms = timed(ask)
    statements = len(counted)
    return {
        "cold_ms": round(cold_ms),
        "cold_processor_ms": round(processor_ms),
        "statements": statements,
        "warm_ms": round(statistics.median(timed(ask)[0] for _ in range(WARM)), 1),
    }


def timed(work: Callable[[], None]) -> tuple[float, float]:
    """Milliseconds and processor milliseconds of some work."""
    started, processor = time.perf_counter(), time.process_time()
    work()
    return (time.perf_counter() - started) * 1000, (time.process_time() - processor) * 1000


def counting() -> list[str]:
    """From here on note every statement over the facts."""
    counted: list[str] = []
    connect = duckdb.connect

    class Counted:
        def __init__(self, held: Any) -> None:
            self._held = held

        def __enter__(self) -> Counted:
            self._held.__enter__()
            return self

        def __exit__(self, *error: object) -> None:
            self._held.__exit__(*error)

        def __getattr__(self, name: str) -> Any:
            if name in ("execute", "sql"):
                counted.append(name)
            return getattr(self._held, name)

    duckdb.connect = lambda *given, **named: Counted(connect(*given, **named))
    return counted


def in_a_new_process(*arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-W", "ignore", "-m", "bench.platform.overview", *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own module
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def everything() -> dict[str, Any]:
    report = {
        "database": connection.vendor,
        "tickets": Ticket.objects.count(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 1),
        "snapshot": in_a_new_process("snapshot"),
        "usual": in_a_new_process("page", *PAGES[0]),
    }
    manifest = current()
    assert manifest is not None
    shutil.rmtree(manifest.path / "answers")
    report["computed"] = [
        {"person": person, "asked": query, **in_a_new_process("page", person, query)}
        for person, query in PAGES
    ]
    report["read"] = [
        {"person": person, "asked": query, **in_a_new_process("page", person, query)}
        for person, query in PAGES
    ]
    report["load_after"] = round(os.getloadavg()[0], 1)
    return report


def only_reading() -> None:
    """Refuse every write: the database may be measured by others too."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("pragma query_only = on")
        else:
            cursor.execute("set default_transaction_read_only = on")


def main() -> int:
    what, *arguments = sys.argv[1:]
    settings.MIRROR_ROOT = Path(settings.MIRROR_ROOT).with_name(f"mirror_{connection.vendor}")
    only_reading()
    works: dict[str, Callable[..., dict[str, Any]]] = {"snapshot": snapshot, "page": page}
    result = works[what](*arguments) if what in works else everything()
    sys.stdout.write(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
