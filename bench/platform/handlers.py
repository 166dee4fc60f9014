"""How many entries one worker's handlers get through. `python -m bench.platform.handlers [--entries 50000]`.

In a database made for it (small and empty, or one this filled before): a desk of 40 people, whose agents, engineers and
requesters are told of tickets as in life. Tickets are lived through by the services; their entries are then repeated
with the ids of other tickets until the backlog is long enough, so that acts come in the proportions the desk makes. The
shipped handlers work it off as a worker does, with the rests it takes on SQLite.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from pathlib import Path
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhiheng.config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from zhiheng.accounts.models import Organisation, Person, Team  # noqa: E402
from zhiheng.accounts.services import create_person, join_team  # noqa: E402
from zhiheng.config.defaults import install_defaults  # noqa: E402
from zhiheng.desk.models import Ticket  # noqa: E402
from zhiheng.desk.services import assign_ticket, open_ticket, reply, transition  # noqa: E402
from zhiheng.kernel.actor import SYSTEM, Actor, ActorKind, Cause, acting  # noqa: E402
from zhiheng.kernel.time import now  # noqa: E402
from zhiheng.platform.db.buffer import Pending  # noqa: E402
from zhiheng.platform.grants import remembering  # noqa: E402
from zhiheng.platform.jobs.pace import Rests  # noqa: E402
from zhiheng.platform.jobs.worker import Tempo  # noqa: E402
from zhiheng.platform.journal.acts import buffer_of, partition_of  # noqa: E402
from zhiheng.platform.journal.cursors import ensure_cursors, lease_cursors  # noqa: E402
from zhiheng.platform.journal.delivery import Lane, deliver_all  # noqa: E402
from zhiheng.platform.journal.handlers import handlers  # noqa: E402
from zhiheng.platform.models import Entry, HandlerCursor, Notification, Role, RoleAssignment  # noqa: E402
from zhiheng.processes.queries import kind_named  # noqa: E402

RESULTS = Path(__file__).parents[1] / "results"
TICKETS = 400
REQUESTERS = 24
ENGINEERS = 12
TARGET_A_SECOND = 500


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.platform.handlers", description=__doc__)
    parser.add_argument("--entries", type=int, default=50_000)
    parser.add_argument("--save", action="store_true", help=f"keep the result in {RESULTS.name}/")
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    if not Ticket.objects.exists():
        set_up()
    backlog(options.entries)
    result = work_off()
    text = json.dumps(result, indent=1) + "\n"
    if options.save:
        (RESULTS / f"handlers_{connection.vendor}.json").write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 0 if result["entries_a_second"] >= TARGET_A_SECOND else 1


def set_up() -> None:
    """People, teams and tickets, each opened, assigned, asked about, answered and solved by its people."""
    with acting(SYSTEM, Cause.SETUP):
        install_defaults()
        customers = [Organisation.objects.create(name=f"Customer {n}") for n in range(4)]
        teams = [Team.objects.create(name=f"Team {n}") for n in range(3)]
        requesters = [person(f"user{n}", "", customers[n % 4]) for n in range(REQUESTERS)]
        engineers = [person(f"engineer{n}", "engineer", None) for n in range(ENGINEERS)]
        for number, engineer in enumerate(engineers):
            join_team(team=teams[number % 3], person=engineer)
        agents = [person(f"agent{n}", "agent", None) for n in range(4)]
    for number in range(TICKETS):
        live(number, requesters, agents, engineers, teams)


def person(name: str, role: str, organisation: Organisation | None) -> Person:
    """A person who may sign in and has a mail address."""
    made = create_person(
        username=name, name=name, password="bench-password-1", email=f"{name}@example.org",  # noqa: S106
        organisation=organisation,
    )  # fmt: skip
    if role:
        RoleAssignment(person=made, role=Role.objects.get(slug=role)).save()
    return made


def live(
    number: int, requesters: list[Person], agents: list[Person], engineers: list[Person], teams: list[Team]
) -> None:
    """One ticket from opening to solution; every fourth waits for its requester in between."""
    requester, agent = requesters[number % REQUESTERS], agents[number % 4]
    engineer, team = engineers[number % ENGINEERS], teams[number % 3]
    with by(requester, Cause.PORTAL):
        ticket = open_ticket(
            kind=kind_named("incident"), title=f"Printer {number} does not print", body="Since nine.",
            requester=requester, organisation=requester.organisation,
        )  # fmt: skip
    with by(agent):
        assign_ticket(ticket=ticket, team=team, to=engineer)
    with by(engineer):
        transition(ticket=Ticket.objects.get(pk=ticket.pk), to="in_progress")
        reply(ticket=Ticket.objects.get(pk=ticket.pk), body="We are at it.", author=engineer)
        if number % 4 == 0:
            transition(ticket=Ticket.objects.get(pk=ticket.pk), to="waiting_customer", question="Which tray?")
    if number % 4 == 0:
        with by(requester, Cause.PORTAL):
            reply(ticket=Ticket.objects.get(pk=ticket.pk), body="The lower one.", author=requester)
    with by(engineer):
        transition(ticket=Ticket.objects.get(pk=ticket.pk), to="solved", solution="Paper jam removed.")


def by(who: Person, cause: Cause = Cause.PAGE):
    """What this person does."""
    return acting(Actor(ActorKind.PERSON, who.pk, label=who.username), cause)


def backlog(count: int) -> None:
    """Repeat the entries that the tickets left until there are `count` after the cursors."""
    ensure_cursors()
    lived = list(
        Entry.objects.filter(record_type="desk.ticket", cause__in=(Cause.PAGE, Cause.PORTAL)).order_by("id")[
            : TICKETS * 8
        ]
    )
    HandlerCursor.objects.update(position=Entry.objects.latest("id").pk, owner=None)
    made = 0
    while made < count:
        with transaction.atomic():
            buffer = buffer_of("default")
            for entry in lived[: min(len(lived), count - made)]:
                buffer.journal_append(again(entry))
                made += 1


def again(entry: Entry) -> Pending:
    """The same act once more."""
    return Pending(
        act=entry.act, act_version=entry.act_version, actor_kind=entry.actor_kind, actor_id=entry.actor_id,
        cause=entry.cause, correlation=entry.correlation, occurred_at=now(), record_type=entry.record_type,
        record_id=entry.record_id, partition=partition_of(entry.record_type, entry.record_id),
        changes=entry.changes, data=entry.data,
    )  # fmt: skip


def until_the_next_look(lanes: list[Lane]) -> int:
    """As the worker does it between two looks at its leases. Returns how many were handled, 0 at the end."""
    count, began, rests = 0, time.monotonic(), Rests()
    with remembering():
        while time.monotonic() - began < Tempo().beat_seconds:
            handled = deliver_all(lanes, rests=rests)
            if not handled:
                break
            count += handled
    return count


def work_off() -> dict[str, object]:
    """Let one worker's lanes deliver everything, and count."""
    owner = uuid4()
    shown = Notification.objects.count()
    lanes = [Lane(cursor) for cursor in lease_cursors(owner=owner, share=len(handlers) * 8)]
    began, cpu, handled = time.perf_counter(), time.process_time(), 0
    load = os.getloadavg()[0]
    while done := until_the_next_look(lanes):
        handled += done
    took, used = time.perf_counter() - began, time.process_time() - cpu
    HandlerCursor.objects.filter(owner=owner).update(owner=None)
    return {
        "database": connection.vendor, "python": sys.version.split()[0], "cores": os.cpu_count(),
        "handlers": sorted(handlers), "handled": handled, "notifications": Notification.objects.count() - shown,
        "seconds": round(took, 1), "processor_seconds": round(used, 1), "entries_a_second": round(handled / took, 1),
        "entries_a_processor_second": round(handled / used, 1), "target_entries_a_second": TARGET_A_SECOND,
        "load_before": round(load, 1), "load_after": round(os.getloadavg()[0], 1),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
