"""Loading the history of another desk: what a small log of three cases becomes."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from zhiheng.accounts.models import Membership, Organisation, Team
from zhiheng.agreements.models import Commitment
from zhiheng.analyze import readers
from zhiheng.analyze.log import EventLog
from zhiheng.analyze.mappings import Mapping
from zhiheng.desk.models import Ticket, TicketClock
from zhiheng.desk.services import LoadResult, load_history, transition
from zhiheng.desk.services.history import load
from zhiheng.desk.services.history.cases import Window, cases_of, level_of
from zhiheng.desk.services.history.insert import Table
from zhiheng.desk.services.history.process import process_document
from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.kernel.text import bilingual
from zhiheng.platform.jobs.running import Cancelled
from zhiheng.platform.journal import entries_for
from zhiheng.processes.models import Kind
from zhiheng.processes.rules import read_definition
from zhiheng.processes.services import install_processes
from zhiheng.records.search.query import search

LOG = """number,state,at,team,who,caller,priority,category,opened,resolved
A1,New,2016-03-01 08:00,Desk,?,Caller 1,3 - Moderate,Mail,2016-03-01 07:50,2016-03-01 10:00
A1,Active,2016-03-01 08:30,Network,Ann,Caller 1,1 - Critical,Mail,2016-03-01 07:50,2016-03-01 10:00
A1,Resolved,2016-03-01 10:00,Network,Ann,Caller 1,3 - Moderate,Mail,2016-03-01 07:50,2016-03-01 10:00
A2,New,2016-03-02 09:00,Desk,Ben,Caller 2,4 - Low,打印机,2016-03-02 09:00,?
A2,Active,2016-03-02 09:00,Desk,Ben,Caller 2,4 - Low,打印机,2016-03-02 09:00,?
A3,New,2016-03-05 09:00,Desk,Ben,Caller 2,4 - Low,VPN,2016-03-05 09:00,?
"""
MAPPING = Mapping(
    name="small",
    columns={
        "case": "number", "activity": "state", "time": "at", "team": "team", "assignee": "who", "requester": "caller",
        "priority": "priority", "category": "category", "opened": "opened", "resolved": "resolved",
    },
    formats=("%Y-%m-%d %H:%M",),
    states={"New": "new", "Active": "open", "Resolved": "solved"},
    missing=("?", ""),
    kind="incident",
)  # fmt: skip
CUT = int(datetime(2016, 3, 4, tzinfo=UTC).timestamp())
WEEK = 7 * 86_400


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2016, 3, day, hour, minute, tzinfo=UTC)


@pytest.fixture
def log(tmp_path: Path) -> EventLog:
    path = tmp_path / "log.csv"
    path.write_text(LOG, encoding="utf-8")
    return readers.read([path], mapping=MAPPING, timezone="UTC")


def test_cases_keep_the_order_of_the_file_and_leave_out_what_is_after_the_cut(log: EventLog) -> None:
    cases = list(cases_of(log, Window(cut_s=CUT, shift_s=WEEK)))
    assert [case.name for case in cases] == ["A1", "A2"]
    assert [row.state for row in cases[1].rows] == ["New", "Active"]  # one minute stamp, two rows
    assert cases[0].received_s == int(at(1, 7, 50).timestamp()) + WEEK
    assert cases[0].highest_priority == 1
    assert "assignee" not in cases[0].texts or cases[0].texts["assignee"] == "Ann"


@pytest.mark.parametrize(("text", "level"), [("3 - Moderate", 3), ("P1", 1), ("high", None), (None, None)])
def test_a_level_is_the_number_in_its_text(text: str | None, level: int | None) -> None:
    assert level_of(text) == level


def test_the_discovered_process_can_be_worked_on() -> None:
    states = {"New": "new", "Active": "open", "Odd": "open", "Resolved": "solved", "Closed": "closed"}
    document = process_document(
        states, {("New", "Odd"), ("Odd", "Closed")}, {"New": bilingual(zh="新建", en="New")}
    )
    definition = read_definition(document)
    assert definition.start == "New"
    assert definition.transition("Odd", "Closed") is not None
    solve = definition.transition("Active", "Resolved")
    assert solve is not None and solve.primary and solve.name["zh"] == "解决" and solve.needs == ("solution",)
    assert definition.transition("Resolved", "Closed") is not None


@pytest.fixture
def kind() -> Iterator[Kind]:
    with acting(SYSTEM, Cause.SETUP):
        install_processes()
        yield Kind.objects.get(slug="incident")


def loaded(log: EventLog, kind: Kind) -> LoadResult:
    Commitment(name=bilingual(zh="解决", en="Resolve"), promise="resolution", target_seconds=3600).save()
    customer = Organisation.objects.create(name="Customer")
    return load_history(
        log=log, kind=kind, source="old", organisation=customer, window=Window(cut_s=CUT), as_of=at(4, 0)
    )


@pytest.mark.django_db(transaction=True)
def test_every_row_is_an_entry_and_the_state_follows(log: EventLog, kind: Kind) -> None:
    assert loaded(log, kind) == LoadResult(tickets=2, entries=5, already_there=0)
    first = Ticket.objects.get(external_ref="old:A1")
    assert (first.state, first.state_category) == ("Resolved", "solved")
    assert (first.received_at, first.resolved_at) == (at(1, 7, 50), at(1, 10))
    assert (first.responded_at, first.response_is_proxy) == (at(1, 8, 30), True)
    assert (first.priority, first.highest_priority) == (3, 1)
    assert first.team is not None and first.team.name == "Network"
    assert Membership.objects.filter(team=first.team, person=first.assignee).exists()
    entries = entries_for(first)
    assert [entry.data["to"] for entry in reversed(entries)] == ["New", "Active", "Resolved"]
    assert [entry.cause for entry in entries] == [Cause.HISTORY] * 3
    # The row that created the ticket says what it was created with.
    assert entries[-1].changes["title"] == [None, first.title]


@pytest.mark.django_db(transaction=True)
def test_clocks_are_derived_from_the_rows(log: EventLog, kind: Kind) -> None:
    loaded(log, kind)
    late = TicketClock.objects.get(ticket__external_ref="old:A1")
    assert (late.state, late.missed, late.elapsed_seconds) == ("breached_done", True, 130 * 60)
    open_clock = TicketClock.objects.select_related("ticket").get(ticket__external_ref="old:A2")
    assert (open_clock.state, open_clock.due_at) == ("breached_running", at(2, 10))
    assert open_clock.ticket.next_due_at == at(2, 10)


@pytest.mark.django_db(transaction=True)
def test_loading_again_adds_nothing(log: EventLog, kind: Kind) -> None:
    loaded(log, kind)
    again = load_history(log=log, kind=kind, source="old", window=Window(cut_s=CUT))
    assert again == LoadResult(tickets=0, entries=0, already_there=2)
    assert Ticket.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_names_without_latin_letters_stay_apart_and_a_team_of_that_name_is_the_same(
    tmp_path: Path, kind: Kind
) -> None:
    """Of two Chinese names no Latin letter is left; and the desk may have a team that the log names too."""
    path = tmp_path / "zh.csv"
    rows = [("工单1", "网络组", "张伟", "李娜", "打印机"), ("工单2", "桌面组", "王芳", "刘洋", "邮箱")]
    path.write_text(
        "number,state,at,team,who,caller,priority,category,opened,resolved\n"
        + "".join(
            f"{number},{state},2016-03-01 {hour}:00,{team},{who},{caller},3,{category},2016-03-01 07:50,?\n"
            for number, team, who, caller, category in rows
            for state, hour in (("New", "08"), ("Active", "09"))
        ),
        encoding="utf-8",
    )
    mine = Team.objects.create(name="网络组")
    log = readers.read([path], MAPPING, "UTC")
    for source in ("old", "older"):
        load_history(log=log, kind=kind, source=source)
    tickets = Ticket.objects.filter(external_ref__startswith="old:").order_by("external_ref")
    assert [str(ticket.assignee) for ticket in tickets] == ["张伟", "王芳"]
    assert [str(ticket.requester) for ticket in tickets] == ["李娜", "刘洋"]
    assert [ticket.service.name["zh"] for ticket in tickets if ticket.service] == ["打印机", "邮箱"]
    assert set(Ticket.objects.filter(team=mine).values_list("external_ref", flat=True)) == {
        "old:工单1",
        "older:工单1",
    }
    assert Team.objects.filter(name__in=["网络组", "桌面组"]).count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_stopped_load_goes_on_where_it_stopped(
    log: EventLog, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop() -> None:
        raise Cancelled

    monkeypatch.setattr(load, "checkpoint", stop)
    monkeypatch.setattr(load.paced, "__kwdefaults__", load.paced.__kwdefaults__ | {"first_chunk": 1})
    with pytest.raises(Cancelled):
        loaded(log, kind)
    assert Ticket.objects.count() == 1
    monkeypatch.undo()
    rest = load_history(log=log, kind=kind, source="old", window=Window(cut_s=CUT))
    assert (rest.tickets, rest.already_there) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_the_collector_does_not_go_through_the_cases_while_they_are_written(
    log: EventLog, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would take its time inside a transaction."""
    cases: list[object] = []
    frozen: list[bool] = []
    real = load.cases_of

    def kept(*arguments: object) -> Iterator[object]:
        for case in real(*arguments):  # type: ignore[arg-type]
            cases.append(case)
            yield case

    def look() -> None:
        young = {id(item) for generation in range(3) for item in gc.get_objects(generation)}
        frozen.append(all(id(case) not in young for case in cases))

    monkeypatch.setattr(load, "cases_of", kept)
    monkeypatch.setattr(load, "checkpoint", look)
    loaded(log, kind)
    assert len(cases) == 2 and frozen and all(frozen)
    assert gc.get_freeze_count() == 0


@pytest.mark.django_db(transaction=True)
def test_loaded_tickets_are_found_and_can_be_worked_on(log: EventLog, kind: Kind) -> None:
    loaded(log, kind)
    assert [hit.record.external_ref for hit in search(SYSTEM, "打印").hits] == ["old:A2"]
    ticket = Ticket.objects.get(external_ref="old:A2")
    transition(ticket=ticket, to="Resolved", solution="done")
    assert ticket.state_category == "solved"
    fresh = Ticket(
        number="X-1", kind=kind, title="next", process_version=ticket.process_version, state="New",
        received_at=at(4, 1), registered_at=at(4, 1), updated_at=at(4, 1),
    )  # fmt: skip
    fresh.save()  # the keys kept free for the load must not be given again
    assert fresh.pk not in (ticket.pk,) and Ticket.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_without_commitments_there_are_tickets_and_no_clocks(log: EventLog, kind: Kind) -> None:
    assert load_history(log=log, kind=kind, source="old", window=Window(cut_s=CUT)).tickets == 2
    assert not TicketClock.objects.exists()


@pytest.mark.django_db
def test_a_row_has_the_defaults_of_the_model_and_refuses_what_is_no_column() -> None:
    row = Table(Ticket).row({"number": "X-1"})
    blank = Ticket(number="X-1")
    assert row == {field.attname: getattr(blank, field.attname) for field in Ticket._meta.concrete_fields}
    with pytest.raises(KeyError, match="nubmer"):
        Table(Ticket).row({"nubmer": "X-1"})
