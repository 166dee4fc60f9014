"""Which rows an actor gets: hidden and visible ids by scope and kind, the second look, query counts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from zhiheng.accounts.services import deactivate_person, join_team, leave_team, retire_team
from zhiheng.kernel.actor import ANONYMOUS, SYSTEM, Actor, ActorKind
from zhiheng.kernel.errors import NotAllowed
from zhiheng.kernel.time import frozen, now
from zhiheng.platform.grants import (
    Everyone,
    branches,
    count_visible,
    holdings_of,
    may,
    page_of,
    register_scopes,
    remembering,
    require,
    second_look,
    second_look_many,
    visible_to,
)
from zhiheng.platform.grants.services import name_concerned
from zhiheng.platform.models import RoleAssignment

VIEW = "accounts.case:view"


def ids(queryset: Any) -> set[int]:
    return set(queryset.values_list("pk", flat=True))


@pytest.fixture
def rows(cases: Any, world: Any) -> dict[str, Any]:
    """One row per way of being reached, and one that nothing reaches."""
    make = cases.objects.create
    return {
        "requested": make(requester=world.person.pk),
        "assigned": make(assignee=world.person.pk),
        "team": make(team=world.teams[0].pk),
        "other team": make(team=world.other_team.pk),
        "organisation": make(organisation=world.root.pk),
        "part": make(organisation=world.part.pk),
        "elsewhere": make(organisation=world.elsewhere.pk),
        "request": make(team=world.teams[1].pk, kind="request"),
        "nobody's": make(),
    }


@pytest.mark.parametrize(
    ("permission", "scope", "expected"),
    [
        (VIEW, "own", {"requested", "assigned"}),
        (VIEW, "team", {"team", "request"}),
        (VIEW, "organisation", {"organisation", "part"}),
        (VIEW, "service", set()),
        ("accounts.case.request:view", "team", {"request"}),
        ("accounts.case.change:view", "team", set()),
        ("accounts.*:view", "own", {"requested", "assigned"}),
        ("*:*", "team", {"team", "request"}),
        ("accounts.case:change", "team", set()),
        ("accounts.cases:view", "all", set()),
    ],
)
def test_a_grant_reaches_its_rows_and_no_others(
    world: Any, rows: dict[str, Any], cases: Any, permission: str, scope: str, expected: set[str]
) -> None:
    world.grant((permission, scope))
    found = ids(visible_to(world.actor, "view", cases.objects.all()))
    assert {name for name, row in rows.items() if row.pk in found} == expected
    assert {name for name, row in rows.items() if may(world.actor, "view", row)} == expected


def test_scopes_add_up(world: Any, rows: dict[str, Any], cases: Any) -> None:
    world.grant((VIEW, "own"), ("accounts.case.request:view", "team"))
    world.grant((VIEW, "organisation"))
    found = ids(visible_to(world.actor, "view", cases.objects.all()))
    assert {name for name, row in rows.items() if row.pk in found} == {
        "requested", "assigned", "request", "organisation", "part",
    }  # fmt: skip


def test_all_needs_no_condition(world: Any, rows: dict[str, Any], cases: Any) -> None:
    world.grant((VIEW, "all"), (VIEW, "own"))
    found = branches(world.actor, "view", cases)
    assert found.everything
    assert found.items == ()
    assert ids(visible_to(world.actor, "view", cases.objects.all())) == {row.pk for row in rows.values()}


@pytest.mark.parametrize("actor", [ANONYMOUS, Actor(ActorKind.PERSON, 10**9), Actor(ActorKind.TOKEN, 10**9)])
def test_nobody_gets_nothing(world: Any, rows: dict[str, Any], cases: Any, actor: Actor) -> None:
    world.grant(("*:*", "all"))
    assert not visible_to(actor, "view", cases.objects.all()).exists()
    assert not may(actor, "view", rows["team"])
    assert not may(actor, "add", cases)


def test_the_system_gets_everything(rows: dict[str, Any], cases: Any) -> None:
    assert branches(SYSTEM, "view", cases).all
    assert may(SYSTEM, "delete", rows["nobody's"])


def test_an_act_nobody_declared_is_denied(world: Any, rows: dict[str, Any], cases: Any) -> None:
    world.grant(("*:*", "all"))
    assert may(world.actor, "assign", rows["team"])
    assert not may(world.actor, "frobnicate", rows["team"])
    assert not visible_to(world.actor, "frobnicate", cases.objects.all()).exists()


def test_a_model_nobody_declared_is_denied(world: Any) -> None:
    world.grant(("*:*", "all"))
    assert not may(world.actor, "view", RoleAssignment(person=world.person))
    assert not visible_to(world.actor, "view", RoleAssignment.objects.all()).exists()


def test_look_ups_are_read_by_any_grant_and_changed_by_a_grant_over_all(world: Any, cases: Any) -> None:
    register_scopes(cases, Everyone())
    row = cases.objects.create()
    world.grant(("accounts.case:*", "own"))
    assert may(world.actor, "view", row)
    assert may(world.actor, "export", cases)
    assert not may(world.actor, "change", row)
    world.grant(("accounts.case:change", "all"))
    assert may(world.actor, "change", row)


def test_a_role_counts_only_in_its_period(world: Any, rows: dict[str, Any], cases: Any) -> None:
    world.grant((VIEW, "all"))
    at = now()
    RoleAssignment.objects.update(valid_from=at, valid_until=at + timedelta(days=1))
    seen = []
    for moment in (at - timedelta(seconds=1), at, at + timedelta(days=1)):
        with frozen(moment):
            seen.append(may(world.actor, "view", cases))
    assert seen == [False, True, False]


def test_an_inactive_person_holds_nothing(world: Any, rows: dict[str, Any], cases: Any) -> None:
    role = world.grant((VIEW, "all"))
    role.held_by_everyone = True
    role.save()
    assert may(world.actor, "view", cases)
    deactivate_person(person=world.person)
    assert not may(world.actor, "view", cases)


def test_a_retired_team_reaches_nothing(world: Any, rows: dict[str, Any], cases: Any) -> None:
    world.grant((VIEW, "team"))
    retire_team(team=world.teams[0])
    assert ids(visible_to(world.actor, "view", cases.objects.all())) == {rows["request"].pk}


@pytest.mark.parametrize("scope", ["all", "team", "own"])
def test_confidential_rows_exclude_the_persons_they_concern(world: Any, cases: Any, scope: str) -> None:
    world.grant((VIEW, scope))
    place = {"team": world.teams[0].pk, "requester": world.person.pk}
    about_them = cases.objects.create(confidential=True, **place)
    open_about_them = cases.objects.create(confidential=False, **place)
    about_others = cases.objects.create(confidential=True, **place)
    for row in (about_them, open_about_them):
        name_concerned(record=row, person_ids=[world.person.pk])
    name_concerned(record=about_others, person_ids=[world.stranger.pk])
    assert ids(visible_to(world.actor, "view", cases.objects.all())) == {open_about_them.pk, about_others.pk}
    assert [may(world.actor, "view", row) for row in (about_them, open_about_them, about_others)] == [
        False, True, True,
    ]  # fmt: skip
    name_concerned(record=about_them, person_ids=[])
    assert may(world.actor, "view", about_them)


def test_the_second_look_rolls_back_what_left_the_scope(world: Any, rows: dict[str, Any], cases: Any) -> None:
    world.grant(("accounts.case:change", "team"))
    row = rows["team"]
    with pytest.raises(NotAllowed), transaction.atomic():
        row.team = world.other_team.pk
        row.save()
        second_look(world.actor, "change", row)
    assert cases.objects.get(pk=row.pk).team == world.teams[0].pk
    with transaction.atomic():
        row.team = world.teams[1].pk
        row.save()
        second_look(world.actor, "change", row)
    assert cases.objects.get(pk=row.pk).team == world.teams[1].pk


def test_the_second_look_at_many_finds_the_one_outside(world: Any, rows: dict[str, Any], cases: Any) -> None:
    world.grant(("accounts.case:change", "team"))
    inside = [rows["team"].pk, rows["request"].pk]
    with transaction.atomic():
        second_look_many(world.actor, "change", cases, inside)
    with pytest.raises(NotAllowed), transaction.atomic():
        second_look_many(world.actor, "change", cases, [*inside, rows["other team"].pk])


@pytest.mark.django_db(transaction=True)
def test_a_second_look_outside_a_transaction_is_a_mistake(world: Any, cases: Any) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        second_look(world.actor, "view", cases.objects.create())


def test_require_says_what_to_do(world: Any, rows: dict[str, Any]) -> None:
    with pytest.raises(NotAllowed) as refused:
        require(world.actor, "view", rows["team"])
    assert refused.value.code == "not_allowed"
    assert refused.value.remedy


def test_what_an_actor_holds_is_loaded_once_in_three_queries(
    world: Any, rows: dict[str, Any], cases: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    world.grant((VIEW, "own"), (VIEW, "team"), (VIEW, "organisation"), ("accounts.case:change", "team"))
    with remembering():
        with django_assert_num_queries(3):
            branches(world.actor, "view", cases)
        with django_assert_num_queries(0):
            answers = [
                may(world.actor, action, row) for row in rows.values() for action in ("view", "change")
            ]
        with django_assert_num_queries(1):
            list(visible_to(world.actor, "view", cases.objects.all()))
        with django_assert_num_queries(1):
            count_visible(world.actor, "view", cases.objects.all(), cap=100)
    assert any(answers)
    assert not all(answers)


def test_what_is_remembered_is_dropped_on_change(world: Any, rows: dict[str, Any], cases: Any) -> None:
    role = world.grant((VIEW, "team"))
    row = rows["other team"]
    with remembering():
        assert not may(world.actor, "view", row)
        join_team(team=world.other_team, person=world.person)
        assert may(world.actor, "view", row)
        leave_team(team=world.other_team, person=world.person)
        assert not may(world.actor, "view", row)
        role.grants.all().delete()
        assert not may(world.actor, "view", rows["team"])
        assert not holdings_of(world.actor).grants


def test_a_page_is_the_head_of_what_is_visible(
    world: Any, cases: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    world.grant((VIEW, "own"), (VIEW, "team"), ("accounts.case.request:view", "organisation"))
    for number in range(60):
        place = [
            {"requester": world.person.pk},
            {"team": world.teams[number % 2].pk, "requester": world.person.pk},
            {"organisation": world.part.pk, "kind": ("request", "incident")[number % 2]},
            {"team": world.other_team.pk},
        ][number % 4]
        cases.objects.create(received=(number * 37) % 61, **place)
    listed = cases.objects.filter(received__lt=50)
    whole = list(visible_to(world.actor, "view", listed).order_by("-received", "-pk"))
    with remembering():
        branches(world.actor, "view", cases)
        with django_assert_num_queries(2):
            page = list(page_of(world.actor, "view", listed, order=("-received", "-pk"), limit=10))
    assert len(whole) > 10
    assert page == whole[:10]
    assert [count_visible(world.actor, "view", listed, cap=cap) for cap in (5, 1000)] == [5, len(whole)]
    assert count_visible(SYSTEM, "view", listed, cap=1000) == listed.count()
    assert count_visible(ANONYMOUS, "view", listed, cap=1000) == 0
    sliced = listed.order_by("pk")[:20]
    assert set(visible_to(world.actor, "view", sliced)) == set(sliced) & set(whole)
    everything = page_of(SYSTEM, "view", listed, order=("-received",), limit=5)
    assert [row.received for row in everything] == [49, 48, 47, 46, 45]
    assert not page_of(ANONYMOUS, "view", listed, order=("pk",), limit=5)
