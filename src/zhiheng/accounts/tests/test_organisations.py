"""The tree of organisations: what lies below, moving without a circle, retiring."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from pytest_django import DjangoAssertNumQueries

from zhiheng.accounts.choices import TeamRole
from zhiheng.accounts.models import Organisation
from zhiheng.accounts.queries import ancestors_of, organisation_ids_below, organisation_ids_of, team_for
from zhiheng.accounts.services import join_team, move_organisation, retire_organisation, retire_team
from zhiheng.kernel.errors import Conflict, InvalidInput


def test_what_lies_below_takes_one_query(
    world: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    leaf = Organisation.objects.create(name="上海", parent=world.part)
    tree = {world.root.pk, world.part.pk, leaf.pk}
    with django_assert_num_queries(1):
        assert organisation_ids_below(world.root.pk) == tree
    with django_assert_num_queries(1):
        assert organisation_ids_of(world.actor) == tree
    assert organisation_ids_below(leaf.pk) == {leaf.pk}
    assert ancestors_of(leaf.pk) == (leaf.pk, world.part.pk, world.root.pk)


def test_a_broken_tree_still_ends(world: Any) -> None:
    Organisation.objects.filter(pk=world.root.pk).update(parent=world.part)
    assert organisation_ids_below(world.root.pk) == {world.root.pk, world.part.pk}


def test_moving_never_closes_a_circle(world: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        move_organisation(organisation=world.root, parent=world.part)
    assert refused.value.code == "circle"
    world.root.parent = world.part
    with pytest.raises(ValidationError):
        world.root.full_clean()
    world.root.refresh_from_db()
    moved = move_organisation(organisation=world.part, parent=world.elsewhere)
    assert organisation_ids_below(world.elsewhere.pk) == {world.elsewhere.pk, moved.pk}
    assert move_organisation(organisation=moved, parent=None).parent is None


def test_an_organisation_with_parts_is_not_retired(world: Any) -> None:
    with pytest.raises(Conflict):
        retire_organisation(organisation=world.root)
    retire_organisation(organisation=world.part)
    assert retire_organisation(organisation=world.root).retired_at is not None


def test_a_person_stands_for_the_team_they_lead_else_the_first_they_joined(world: Any) -> None:
    assert team_for(person=world.person) == world.teams[0]
    join_team(team=world.teams[1], person=world.person, role=TeamRole.LEAD)
    assert team_for(person=world.person) == world.teams[1]
    retire_team(team=world.teams[1])
    assert team_for(person=world.person) == world.teams[0]
    assert team_for(person=world.stranger) is None
