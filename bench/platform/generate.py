"""Fills a database with people, teams, services and, by `bench.platform.rows`, tickets. `generate TICKETS`."""

from __future__ import annotations

import os
import sys
import time

import django

from bench.platform.vocabulary import ORGANISATIONS, PEOPLE, SERVICES, TEAMS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhiheng.config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402

from bench.platform.rows import fill, missing_indexes  # noqa: E402
from zhiheng.accounts.models import Membership, Organisation, Person, Team  # noqa: E402
from zhiheng.accounts.services import create_person  # noqa: E402
from zhiheng.agreements.choices import Promise  # noqa: E402
from zhiheng.agreements.models import Commitment  # noqa: E402
from zhiheng.calendars.models import CalendarVersion  # noqa: E402
from zhiheng.catalog.models import Service  # noqa: E402
from zhiheng.config.defaults import install_defaults  # noqa: E402
from zhiheng.desk.models import Ticket  # noqa: E402
from zhiheng.kernel.actor import SYSTEM, Cause, acting  # noqa: E402
from zhiheng.kernel.text import bilingual  # noqa: E402
from zhiheng.platform.models import Role, RoleAssignment  # noqa: E402


def main() -> int:
    count = int(sys.argv[1])
    started = time.perf_counter()
    call_command("migrate", verbosity=0)
    if Ticket.objects.exists():
        if missing := missing_indexes():
            sys.stderr.write(
                f"The database was filled halfway; make it anew. Missing: {', '.join(missing)}\n"
            )
            return 1
        return 0
    with acting(SYSTEM, Cause.SETUP):
        install_defaults()
        people()
        promises()
    fill(count)
    sys.stderr.write(f"generated {count} tickets in {time.perf_counter() - started:.0f} s\n")
    return 0


def people() -> None:
    """Organisations, teams, services and people; `all` sees everything, `few` five tickets, `lead` one team."""
    organisations = [Organisation(name=f"Organisation {n:03d}") for n in range(ORGANISATIONS)]
    Organisation.objects.bulk_create(organisations)
    teams = Team.objects.bulk_create([Team(name=f"Team {n:02d}") for n in range(TEAMS)])
    Service.objects.bulk_create(
        [
            Service(slug=f"service-{n:02d}", name=bilingual(zh=f"服务 {n:02d}", en=f"Service {n:02d}"))
            for n in range(SERVICES)
        ]
    )
    Person.objects.bulk_create(
        [
            Person(username=f"person{n}", name=f"Person {n}", organisation=organisations[n % ORGANISATIONS])
            for n in range(PEOPLE)
        ],
        batch_size=500,
    )
    for name, role in (("all", "agent"), ("few", ""), ("lead", "engineer")):
        person = create_person(username=name, name=name, password="bench-password-1")  # noqa: S106
        if role:
            RoleAssignment(person=person, role=Role.objects.get(slug=role)).save()
    Membership(team=teams[3], person=Person.objects.get(username="lead")).save()


def promises() -> None:
    """Two commitments on the working hours that come with the platform."""
    calendar = CalendarVersion.objects.order_by("pk")[0].calendar
    for promise, seconds in ((Promise.RESPONSE, 3600), (Promise.RESOLUTION, 8 * 3600)):
        name = bilingual(zh=str(promise), en=str(promise))
        Commitment(name=name, promise=promise, target_seconds=seconds, calendar=calendar).save()


if __name__ == "__main__":
    raise SystemExit(main())
