"""Two loads at once that invent the same people, teams and services: both end, and each thing is there once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from zhiheng.accounts.models import Membership, Person, Team
from zhiheng.analyze import readers
from zhiheng.analyze.log import EventLog
from zhiheng.catalog.models import Service
from zhiheng.cmdb.models import ConfigurationItem, ItemClass
from zhiheng.desk.models import Ticket
from zhiheng.desk.services import load_history
from zhiheng.desk.services.history import directory, invented
from zhiheng.desk.services.history.cases import Window, cases_of
from zhiheng.desk.services.history.directory import Directory, build_directory
from zhiheng.desk.tests.test_history_load import MAPPING
from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.platform.journal import entries_for
from zhiheng.processes.models import Kind, Process
from zhiheng.processes.services import install_processes

pytestmark = pytest.mark.django_db(transaction=True)

HEAD = "number,state,at,team,who,caller,priority,category,opened,resolved\n"


def log_of(tmp_path: Path, *lines: tuple[str, str, str, str]) -> EventLog:
    """A log of cases of two steps: number, team, handler, category."""
    path = tmp_path / f"{lines[0][0]}.csv"
    rows = (
        f"{number},{state},2016-03-01 08:00,{team},{who},Caller,3,{category},2016-03-01 08:00,?\n"
        for number, team, who, category in lines
        for state in ("New", "Active")
    )
    path.write_text(HEAD + "".join(rows), encoding="utf-8")
    return readers.read([path], mapping=MAPPING, timezone="UTC")


def invent(log: EventLog, source: str) -> Directory:
    with acting(SYSTEM, Cause.HISTORY):
        return build_directory(list(cases_of(log, Window())), organisation=None, source=source)


def elsewhere(work: Callable[[], object]) -> None:
    """Do it to its end in a thread with a connection of its own. What it raises is raised here."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # handed on below
            raised.append(error)
        finally:
            connections[connection.alias].close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(timeout=60)
    assert not thread.is_alive()
    if raised:
        raise raised[0]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """`meanwhile(work)`: done once, elsewhere, after the next load has looked for teams and before it writes any."""

    def arrange(work: Callable[[], object]) -> None:
        left = [work]
        paced = directory.paced

        def later(items: Any, *given: Any, **more: Any) -> int:
            items = list(items)
            if left and items and isinstance(items[0], Team):
                elsewhere(left.pop())
            return paced(items, *given, **more)

        monkeypatch.setattr(directory, "paced", later)

    return arrange


def test_a_team_that_another_source_made_meanwhile_is_the_same_team(
    tmp_path: Path, meanwhile: Callable[[Callable[[], object]], None]
) -> None:
    log = log_of(tmp_path, ("A1", "网络组", "Ann", "Mail"), ("A2", "Desk", "Ben", "VPN"))
    meanwhile(lambda: invent(log, "jira"))
    made = invent(log, "snow")
    assert set(Team.objects.values_list("name", flat=True)) == {"网络组", "Desk"}
    assert made.teams == dict(Team.objects.values_list("name", "pk"))
    for team in Team.objects.all():
        assert [entry.act for entry in entries_for(team)] == ["accounts.team.created"]


def test_sign_in_names_and_keys_taken_meanwhile_are_spelled_anew(
    tmp_path: Path, meanwhile: Callable[[Callable[[], object]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = log_of(tmp_path, ("A1", "Desk", "Ann Li", "打印"), ("A2", "Desk", "Ben", "Mail"))
    theirs = log_of(tmp_path, ("B1", "Desk", "Ann-Li", "邮件"))
    # Both loads look for people and services before either writes: what each then finds taken was free when it looked.
    held: dict[str, list[str]] = {}
    free = directory._free

    def first_look(stem: str, taken: set[str], spelled: Callable[[str], str]) -> str:
        if stem in ("ann-li", "service") and stem not in held:
            held[stem] = [stem]
            elsewhere(lambda: invent(theirs, "snow"))
        return free(stem, taken, spelled)

    monkeypatch.setattr(directory, "_free", first_look)
    made = invent(mine, "snow")
    people = dict(Person.objects.filter(pk__in=made.people.values()).values_list("name", "username"))
    assert people["Ann Li"] == "2-ann-li.snow"
    assert Person.objects.get(external_ref="snow:Ann-Li").username == "ann-li.snow"
    slugs = dict(Service.objects.values_list("external_ref", "slug"))
    assert slugs == {"snow:打印": "snow-2-service", "snow:邮件": "snow-service", "snow:Mail": "snow-mail"}
    assert set(made.services) == {"打印", "Mail"}


def test_a_member_who_joined_meanwhile_is_a_member_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = log_of(tmp_path, ("A1", "Desk", "Ann", "Mail"), ("A2", "Desk", "Ben", "Mail"))
    paced = directory.paced

    def later(items: Any, *given: Any, **more: Any) -> int:
        items = list(items)
        if items and isinstance(items[0], Membership):
            pair = (items[0].team_id, items[0].person_id)

            def join() -> None:
                with acting(SYSTEM, Cause.SETUP):
                    Membership.objects.create(team_id=pair[0], person_id=pair[1])

            elsewhere(join)
        return paced(items, *given, **more)

    monkeypatch.setattr(directory, "paced", later)
    made = invent(log, "snow")
    assert set(Membership.objects.values_list("team_id", "person_id")) == {
        (made.teams["Desk"], made.people[name]) for name in ("Ann", "Ben")
    }


@pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite lets nobody write beside a transaction"
)
def test_what_is_committed_between_the_look_and_the_write_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = log_of(tmp_path, ("A1", "Desk", "Ann", "Mail"))
    known, looks = directory._known_teams, [0]

    def look(teams: Any) -> dict[str, int]:
        found = known(teams)
        looks[0] += 1
        if looks[0] == 2:  # the first stands before the transaction, the second in it
            elsewhere(lambda: invent(log, "snow"))
        return found

    monkeypatch.setattr(directory, "_known_teams", look)
    made = invent(log, "snow")
    assert made.teams == {"Desk": Team.objects.get().pk}


def test_the_class_of_imported_items_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def items(source: str) -> dict[str, int]:
        with acting(SYSTEM, Cause.HISTORY):
            return directory._items({"server 1"}, source=source)

    left = [lambda: items("jira")]

    def late(*, find: Callable[[], Any], make: Callable[[], Any]) -> Any:
        def look() -> Any:
            found = find()
            if left:
                elsewhere(left.pop())
            return found

        return invented.found_or_made(find=look, make=make)

    monkeypatch.setattr(directory, "found_or_made", late)
    made = items("snow")
    assert ItemClass.objects.count() == 1
    assert ConfigurationItem.objects.get(pk=made["server 1"]).item_class == ItemClass.objects.get()


def test_two_loads_at_once_both_end(tmp_path: Path) -> None:
    with acting(SYSTEM, Cause.SETUP):
        install_processes()
    kind = Kind.objects.get(slug="incident")
    names = [f"Team {number}" for number in range(30)]
    logs = {
        source: log_of(
            tmp_path, *((f"{source}{name}", name, f"Agent {name}", f"Category {name}") for name in names)
        )
        for source in ("A", "B")
    }
    start, raised, done = threading.Barrier(2), [], []

    def work(source: str) -> None:
        try:
            start.wait(timeout=30)
            with acting(SYSTEM, Cause.HISTORY):
                done.append(load_history(log=logs[source], kind=kind, source="snow").tickets)
        except BaseException as error:  # asserted below
            raised.append(error)
        finally:
            connections[connection.alias].close()

    threads = [threading.Thread(target=work, args=(source,)) for source in logs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert raised == []
    assert done == [30, 30]
    assert Ticket.objects.count() == 60
    assert sorted(Team.objects.values_list("name", flat=True)) == sorted(names)
    assert Service.objects.filter(external_ref__startswith="snow:").count() == 30
    assert Membership.objects.count() == 30
    assert Process.objects.get(slug="incident-snow").versions.count() == 1


def test_a_name_that_stays_taken_is_refused_in_the_end() -> None:
    with acting(SYSTEM, Cause.SETUP), transaction.atomic():
        Team.objects.create(name="Desk")
        with pytest.raises(IntegrityError):
            invented.make_missing([Team(name="Desk")], without_known=list, write=Team.objects.bulk_create)
        Team.objects.create(name="Network")
    assert set(Team.objects.values_list("name", flat=True)) == {"Desk", "Network"}
