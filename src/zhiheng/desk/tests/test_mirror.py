"""The mirror on a small desk: atomic, one snapshot under writers, only what one may see, nothing about two people."""

from __future__ import annotations

import threading
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.db import connection as database

from zhiheng.accounts.models import Organisation, Person, Team
from zhiheng.accounts.services import join_team
from zhiheng.desk.models import Ticket
from zhiheng.desk.services import load_history
from zhiheng.desk.tests.logs import BEGIN, DAY_S, log_of, put
from zhiheng.indicators import queries
from zhiheng.indicators.mirror import current, refresh, store
from zhiheng.indicators.models import StoredMeasurement
from zhiheng.indicators.queries import Lens, by_group, case_report, figures, lens_for
from zhiheng.indicators.services import pinned_snapshots, replay, store_figures
from zhiheng.indicators.tests.forgetting import forget_answers
from zhiheng.kernel.actor import SYSTEM, Actor, ActorKind, Cause, acting
from zhiheng.platform.models import Grant, Role, RoleAssignment
from zhiheng.processes.queries import kind_named

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_mirror")]


def whole(snapshot: str, **more: Any) -> Lens:
    return Lens(snapshot, BEGIN, BEGIN + 40 * DAY_S, BEGIN + 90 * DAY_S, **more)


def test_an_empty_platform_has_empty_facts() -> None:
    manifest = refresh()
    assert manifest.rows("facts/tickets.parquet") == 0
    found = figures(whole(manifest.id))
    assert {item.figure.measurement.value for item in found.values()} == {None}


@pytest.mark.slow
def test_new_entries_are_added_and_old_files_are_kept(tmp_path: Path) -> None:
    put(tmp_path, 20)
    first = refresh(cut_s=BEGIN + 90 * DAY_S)
    put(tmp_path, 4, name="more")
    second = refresh(cut_s=BEGIN + 90 * DAY_S)
    old = {part.path: part.sha256 for part in first.files if part.path.startswith("entries/")}
    new = {part.path: part.sha256 for part in second.files if part.path.startswith("entries/")}
    assert old.items() < new.items()
    assert second.rows("facts/tickets.parquet") == 24
    assert (
        sum(part.rows for part in second.files if part.path.startswith("entries/"))
        == Ticket.objects.count() * 4
    )
    # Built anew from nothing the facts are the same, row for row.
    full = refresh(cut_s=BEGIN + 90 * DAY_S, full=True)
    for name in ("tickets", "entries", "clocks", "sources"):
        assert rows_of(second, name) == rows_of(full, name), name


@pytest.mark.slow
def test_a_build_that_fails_leaves_the_current_snapshot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, 6)
    held = refresh(cut_s=BEGIN + 90 * DAY_S)

    def broken(*_arguments: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(import_module("zhiheng.indicators.mirror.refresh"), "_write_facts", broken)
    with pytest.raises(OSError, match="no space"):
        refresh()
    found = current()
    assert found is not None
    assert found.id == held.id
    assert list((store.root() / "drafts").iterdir()) == []
    assert figures(whole(found.id), trends=False)["response_48h"].figure.measurement.n == 6


@pytest.mark.slow
def test_tables_and_entries_are_of_one_moment_while_others_write(tmp_path: Path) -> None:
    """Every loaded case commits its ticket and four entries together: a mirror never holds one without the other."""
    put(tmp_path, 10)
    log = log_of(tmp_path, 150, name="while")
    failures: list[BaseException] = []

    def write() -> None:
        try:
            with acting(SYSTEM, Cause.JOB):
                load_history(log=log, kind=kind_named("incident"), source="log")
        except BaseException as error:
            failures.append(error)
        finally:
            database.close()

    writer = threading.Thread(target=write)
    writer.start()
    seen = set()
    while True:
        running = writer.is_alive()
        manifest = refresh(cut_s=BEGIN + 90 * DAY_S)
        tickets = manifest.rows("tables/desk_ticket.parquet")
        entries = sum(part.rows for part in manifest.files if part.path.startswith("entries/"))
        assert entries == 4 * tickets
        assert manifest.rows("facts/entries.parquet") == entries
        seen.add(tickets)
        if not running:
            break
    writer.join()
    assert failures == []
    assert max(seen) == 160


def test_figures_count_only_tickets_that_may_be_seen(tmp_path: Path) -> None:
    put(tmp_path, 40)
    role = Role(slug="north", name={"zh": "北", "en": "North"})
    role.save()
    Grant(role=role, permission="desk.ticket:view", scope="team").save()
    customer = Organisation(name="Customer")
    customer.save()
    person = Person(username="nora", name="Nora", organisation=customer)
    person.save()
    RoleAssignment(person=person, role=role).save()
    team = Team.objects.get(name="North")
    join_team(person=person, team=team)
    manifest = refresh(cut_s=BEGIN + 90 * DAY_S)
    actor = Actor(ActorKind.PERSON, person.pk)
    lens = lens_for(actor, manifest, from_s=BEGIN, to_s=BEGIN + 40 * DAY_S, teams=frozenset({"North"}))
    everything = lens_for(SYSTEM, manifest, from_s=BEGIN, to_s=BEGIN + 40 * DAY_S)
    assert figures(lens, trends=False)["response_48h"].figure.measurement.n == 20
    assert figures(everything, trends=False)["response_48h"].figure.measurement.n == 40
    assert set(by_group(lens, "response_48h", "team")) == {"North"}
    assert case_report(lens)["log"]["events"] == 80
    nobody = Person(username="guest", name="Guest", organisation=customer)
    nobody.save()
    nothing = lens_for(Actor(ActorKind.PERSON, nobody.pk), manifest, from_s=BEGIN, to_s=BEGIN + 40 * DAY_S)
    assert queries.choices_of(nothing, "team") == ()


@pytest.mark.slow
def test_a_figure_about_two_people_is_held_back_from_others(tmp_path: Path) -> None:
    put(tmp_path, 60, team="Pair", people=2)
    put(tmp_path, 60, name="large", team="Large", people=6)
    manifest = refresh(cut_s=BEGIN + 90 * DAY_S)
    found = by_group(whole(manifest.id), "response_48h", "team")
    assert found["Pair"].measurement.value is None
    assert "suppressed" in found["Pair"].measurement.flags
    assert found["Pair"].measurement.n == 0
    assert found["Large"].measurement.value == 1.0
    narrowed = figures(whole(manifest.id, filters=(("team", "Pair"),)), trends=False)["response_48h"]
    assert narrowed.suppressed
    own = by_group(whole(manifest.id, teams=frozenset({"Pair"})), "response_48h", "team")
    assert own["Pair"].measurement.value == 1.0


@pytest.mark.slow
def test_a_diagnosis_about_two_people_is_held_back_from_others(tmp_path: Path) -> None:
    put(tmp_path, 60, team="Pair", people=2)
    put(tmp_path, 60, name="large", team="Large", people=6)
    manifest = refresh(cut_s=BEGIN + 90 * DAY_S)
    pair = whole(manifest.id, filters=(("team", "Pair"),))
    # Both teams work alike: of six people everybody may know how, of two only their own team.
    known = queries.diagnoses(whole(manifest.id, filters=(("team", "Large"),)))
    assert {item.state for item in known.values()} >= {"absent", "not_computable"}
    held_back = queries.diagnoses(pair)
    assert {item.state for item in held_back.values()} == {"not_enough_data", "not_computable"}
    for item in held_back.values():
        assert (item.burden, item.groups) == (None, ())
        told = [result.measurement for result in (*item.signals, *item.causes) if result.measurement]
        assert {(one.value, one.n, one.low, one.numerator) for one in told} == {(None, 0, None, None)}
        assert not any(result.details for result in item.signals)
        assert {result.state for result in item.causes} <= {"no_data"}
    assert "suppressed" in held_back["D01"].signals[0].measurement.flags
    own = queries.diagnoses(replace(pair, teams=frozenset({"Pair"})))
    assert {name: item.state for name, item in own.items()} == {
        name: item.state for name, item in known.items()
    }
    assert own["D01"].signals[0].measurement.n == 60


@pytest.mark.slow
def test_a_group_of_two_people_is_not_named_among_the_worst(tmp_path: Path) -> None:
    put(tmp_path, 60, team="Pair", people=2)
    put(tmp_path, 60, name="large", team="Large", people=6)
    manifest = refresh(cut_s=BEGIN + 90 * DAY_S)
    # Everybody waits three days for an answer: the worst groups are the teams.
    path = manifest.facts["tickets"]
    with duckdb.connect() as connection:
        connection.execute(
            f"create table held as select * replace (received_s + {3 * DAY_S} as responded_s) from '{path}'"
        )
        connection.execute(f"copy held to '{path}' (format parquet)")
    forget_answers(manifest.id)
    worst = {team: _worst(whole(manifest.id, teams=frozenset(team)), "team") for team in ((), ("Pair",))}
    assert worst == {(): {"Large"}, ("Pair",): {"Large", "Pair"}}


def _worst(lens: Lens, scope: str) -> set[str]:
    return {
        group.name
        for item in queries.diagnoses(lens).values()
        for group in item.groups
        if group.scope == scope
    }


@pytest.mark.slow
def test_a_stored_figure_is_computed_again_to_the_same_bits(tmp_path: Path) -> None:
    put(tmp_path, 60)
    manifest = refresh(cut_s=BEGIN + 90 * DAY_S)
    span = {"from_s": BEGIN, "to_s": BEGIN + 31 * DAY_S}
    stored = store_figures(manifest, **span)
    assert stored > 0
    assert store_figures(manifest, **span) == 0
    assert pinned_snapshots() == {manifest.id}
    # Later tickets make newer snapshots, and sweeping leaves the pinned one.
    put(tmp_path, 30, name="later")
    for _each in range(3):
        refresh(cut_s=BEGIN + 90 * DAY_S)
    gone = store.sweep(now_s=2**40, pinned=pinned_snapshots())
    assert manifest.id not in gone
    assert len(gone) == 1
    rows = list(StoredMeasurement.objects.all())
    assert {row.scope for row in rows} >= {"all", "team", "service", "priority"} - {"service"}
    assert [difference for row in rows for difference in replay(row)] == []
    changed = next(row for row in rows if row.value is not None)
    changed.value = float(changed.value or 0) + 1e-12
    assert [difference.field for difference in replay(changed)] == ["value"]


def rows_of(manifest: Any, name: str) -> list[Any]:
    path = manifest.path / "facts" / f"{name}.parquet"
    return duckdb.connect().execute(f"select * from '{path}'").fetchall()
