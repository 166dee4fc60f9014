"""Measures the budgets of the platform on a filled database, in the process. `measure TICKETS` prints JSON.

Pages go through Django's test client: middleware, grants, queries and template. Each figure is the p50 and p95 of many
requests after a warm-up, with the number of queries of one.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhiheng.config.settings")
django.setup()

import numpy as np  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from zhiheng.accounts.models import Person  # noqa: E402
from zhiheng.desk.models import Ticket  # noqa: E402
from zhiheng.desk.services import open_ticket, transition  # noqa: E402
from zhiheng.kernel.actor import Actor, ActorKind, Cause, acting  # noqa: E402
from zhiheng.platform.grants import visible_to  # noqa: E402
from zhiheng.processes.models import Kind  # noqa: E402

ROUNDS, WARM_UP, LONGEST_S = 40, 3, 8.0
FEWEST = 5
"""A slow measurement stops after eight seconds, so that the whole stays under ten minutes; `rounds` says when."""
LIST = "/desk/tickets/"


def measured(name: str, work: Callable[[], object], *, rounds: int = ROUNDS) -> dict[str, Any]:
    """Run some work many times: p50 and p95 in milliseconds, queries of one run."""
    for _ in range(WARM_UP):
        work()
    with CaptureQueriesContext(connection) as captured:
        work()
    queries = len(captured)  # the next request empties the log
    times: list[float] = []
    deadline = time.perf_counter() + LONGEST_S
    while len(times) < rounds and (len(times) < FEWEST or time.perf_counter() < deadline):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    p50, p95 = np.percentile(times, [50, 95])
    return {
        "name": name,
        "p50_ms": round(float(p50), 1),
        "p95_ms": round(float(p95), 1),
        "queries": queries,
        "rounds": len(times),
    }


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(Person.objects.get(username=username))
    return client


def page(client: Client, address: str) -> Callable[[], object]:
    def get() -> object:
        response = client.get(address)
        assert response.status_code == 200, (address, response.status_code)
        return b"".join(response) if response.streaming else response.content

    return get


def pages(count: int) -> list[dict[str, Any]]:
    """Lists, pages and searches of three persons: one who sees all, one of a team, one of five tickets."""
    everything, few, lead = (signed_in(name) for name in ("all", "few", "lead"))
    ticket = Ticket.objects.order_by("-pk")[count // 2]
    team = ticket.team_id
    results = [
        measured("list, sees all", page(everything, LIST)),
        measured("list by team and state", page(everything, f"{LIST}?team={team}&state_category=open")),
        measured("list by priority", page(everything, f"{LIST}?priority=1")),
        measured(
            "list by rare category", page(everything, f"{LIST}?category=Category+7&state_category=open")
        ),
        measured("list, mine", page(everything, f"{LIST}?view=mine")),
        measured("list, unassigned", page(everything, f"{LIST}?view=unassigned")),
        measured("list, overdue or due soon", page(everything, f"{LIST}?view=due")),
        measured("list, all open by due", page(everything, f"{LIST}?view=open")),
        measured("list, words", page(everything, f"{LIST}?q=%E6%95%B0%E6%8D%AE%E5%BA%93")),
        measured("list, a word in every ticket", page(everything, f"{LIST}?q=%E5%A4%84%E7%90%86")),
        measured("list, rare word", page(everything, f"{LIST}?q=srv12345")),
        measured("filter form", page(everything, f"{LIST}filters/?chip=team")),
        measured("list, sees one team", page(lead, LIST)),
        measured("list, sees 5 rows", page(few, LIST)),
        measured("ticket page", page(everything, f"{LIST}{ticket.pk}/")),
    ]
    response = everything.get(LIST)
    onward = next((part for part in response.content.decode().split('"') if "after=" in part), None)
    if onward:
        address = LIST + onward.replace("&amp;", "&").split("/")[-1]
        results.append(measured("list, next page", page(everything, address)))
    return results


def searches() -> list[dict[str, Any]]:
    """The page of the global search, for one who sees all and one who sees five tickets."""
    words = ("备份", "打印机", "数据库连接超时", "srv12345", "printer")
    everything, few = signed_in("all"), signed_in("few")
    results = [
        measured(f"search {word}", page(everything, f"/search/?q={quote(word)}"), rounds=20) for word in words
    ]
    return [*results, measured("search printer, sees 5 rows", page(few, "/search/?q=printer"), rounds=20)]


def scopes() -> list[dict[str, Any]]:
    few = Actor(ActorKind.PERSON, Person.objects.get(username="few").pk)
    newest = visible_to(few, "view", Ticket.objects.all()).order_by("-received_at")
    return [measured("newest 50 of 5 visible rows", lambda: list(newest[:50]))]


def writes() -> list[dict[str, Any]]:
    """Opening and moving a ticket, alone and while an import runs in another process."""
    actor = Actor(ActorKind.PERSON, Person.objects.get(username="all").pk)
    kind = Kind.objects.get(slug="incident")

    def life() -> None:
        with acting(actor, Cause.PAGE):
            transition(ticket=open_ticket(kind=kind, title="bench"), to="assigned")

    def one_open() -> None:
        with acting(actor, Cause.PAGE):
            open_ticket(kind=kind, title="bench")

    with acting(actor, Cause.PAGE):
        waiting = [open_ticket(kind=kind, title="bench") for _ in range(2 * (ROUNDS + WARM_UP + 1) + 4)]

    def move() -> None:
        with acting(actor, Cause.PAGE):
            transition(ticket=waiting.pop(), to="assigned")

    results = [measured("open a ticket", one_open), measured("transition", move)]
    importing = subprocess.Popen([sys.executable, "-m", "bench.platform.importing"])
    try:
        time.sleep(8)  # the import has read its file and writes
        results += [
            measured("open a ticket while importing", one_open),
            measured("transition while importing", move),
        ]
        if importing.poll() is not None:
            raise SystemExit("the import ended before the writes beside it were measured")
    finally:
        importing.kill()
        importing.wait()
    return results


def main() -> int:
    count = int(sys.argv[1])
    settings.ALLOWED_HOSTS = ["testserver"]
    report = {
        "database": connection.vendor,
        "tickets": Ticket.objects.count(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 1),
        "measurements": [*pages(count), *scopes(), *searches(), *writes()],
        "load_after": round(os.getloadavg()[0], 1),
    }
    sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    raise SystemExit(main())
