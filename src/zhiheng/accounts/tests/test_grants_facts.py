"""One grant, four readings: condition of the ORM, page of a list, test in memory, predicate over the facts.

All four select the same rows as a plain walk over them by the words of the design.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhiheng.platform.grants import facts_predicate, may, page_of, visible_to
from zhiheng.platform.grants.services import name_concerned
from zhiheng.platform.models import Grant, Role, RoleAssignment

pytestmark = pytest.mark.slow

KINDS = ("request", "incident", "complaint")
PERMISSIONS = (
    "accounts.case:view",
    "accounts.case.request:view",
    "accounts.case.complaint:*",
    "accounts.*:view",
    "accounts.case:change",
    "*:view",
)
SCOPES = ("own", "team", "organisation", "service", "all")

grants = st.lists(st.tuples(st.sampled_from(PERMISSIONS), st.sampled_from(SCOPES)), max_size=4, unique=True)
# Indexes into the world's people, teams and organisations; None: the row has none.
rows = st.lists(
    st.fixed_dictionaries(
        {
            "requester": st.sampled_from([None, 0, 1]),
            "assignee": st.sampled_from([None, 0, 1]),
            "team": st.sampled_from([None, 0, 1, 2]),
            "organisation": st.sampled_from([None, 0, 1, 2]),
            "kind": st.sampled_from(KINDS),
            "confidential": st.booleans(),
            "concerns": st.booleans(),
        }
    ),
    min_size=1,
    max_size=12,
)


@pytest.fixture
def facts() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(
            "create table cases (case_id bigint, requester_id bigint, assignee_id bigint, team_id bigint,"
            " organisation_id bigint, service_id bigint, contract_id bigint, kind varchar, confidential boolean)"
        )
        yield connection


def reached(world: Any, row: Any, concerns: bool, held: list[tuple[str, str]]) -> bool:
    """The design in words, over one row."""
    if row.confidential and concerns:
        return False
    for permission, scope in held:
        record, action = permission.split(":")
        named_kind = record.split(".")[2:]
        if action not in {"view", "*"} or (named_kind and named_kind[0] != row.kind):
            continue
        if scope == "all":
            return True
        if scope == "own" and world.person.pk in {row.requester, row.assignee}:
            return True
        if scope == "team" and row.team in {team.pk for team in world.teams}:
            return True
        if scope == "organisation" and row.organisation in {world.root.pk, world.part.pk}:
            return True
    return False


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(held=grants, drawn=rows)
def test_all_readings_of_a_grant_select_the_same_rows(
    world: Any,
    cases: Any,
    facts: duckdb.DuckDBPyConnection,
    held: list[tuple[str, str]],
    drawn: list[dict[str, Any]],
) -> None:
    with transaction.atomic():
        stored = [make_row(world, cases, dict(values)) for values in drawn]
        role = Role.objects.create(slug="drawn", name={"en": "Drawn"})
        for permission, scope in held:
            Grant.objects.create(role=role, permission=permission, scope=scope)
        RoleAssignment(person=world.person, role=role).save()
        expected = {row.pk for row, concerns in stored if reached(world, row, concerns, held)}
        actor = world.actor
        by_condition = set(visible_to(actor, "view", cases.objects.all()).values_list("pk", flat=True))
        by_page = {row.pk for row in page_of(actor, "view", cases.objects.all(), order=("pk",), limit=100)}
        in_memory = {row.pk for row, _concerns in stored if may(actor, "view", row)}
        by_facts = from_facts(facts, actor, cases, [row for row, _concerns in stored])
        transaction.set_rollback(True)
    assert by_condition == expected
    assert by_page == expected
    assert in_memory == expected
    assert by_facts == expected


def make_row(world: Any, cases: Any, values: dict[str, Any]) -> tuple[Any, bool]:
    concerns = values.pop("concerns")
    people = [world.person.pk, world.stranger.pk]
    teams = [*(team.pk for team in world.teams), world.other_team.pk]
    organisations = [world.root.pk, world.part.pk, world.elsewhere.pk]
    for name, known in (
        ("requester", people),
        ("assignee", people),
        ("team", teams),
        ("organisation", organisations),
    ):
        values[name] = None if values[name] is None else known[values[name]]
    row = cases.objects.create(**values)
    if concerns:
        name_concerned(record=row, person_ids=[world.person.pk])
    return row, concerns


def from_facts(facts: duckdb.DuckDBPyConnection, actor: Any, cases: Any, stored: list[Any]) -> set[int]:
    facts.execute("delete from cases")
    facts.executemany(
        "insert into cases values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                r.pk,
                r.requester,
                r.assignee,
                r.team,
                r.organisation,
                r.service,
                r.contract,
                r.kind,
                r.confidential,
            )
            for r in stored
        ],
    )
    sql, parameters = facts_predicate(actor, "view", cases)
    seen = facts.execute(f"select case_id from cases where {sql}", parameters).fetchall()
    hidden = facts.execute(f"select case_id from cases where not ({sql})", parameters).fetchall()
    assert len(seen) + len(hidden) == len(stored), "a predicate that is NULL would lose rows on both sides"
    return {case_id for (case_id,) in seen}
