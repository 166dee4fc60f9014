"""Tags and saved views over records of any type."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from zhiheng.accounts.tests.conftest import actor_for
from zhiheng.kernel.actor import ANONYMOUS
from zhiheng.kernel.errors import InvalidInput, NotAllowed
from zhiheng.platform.models import Audience, Tag
from zhiheng.platform.tags import remove_tag, set_tags, tagged, tags_of, tags_of_many, tags_used
from zhiheng.platform.views import delete_view, move_view, rename_view, save_view, saved_view, saved_views_for

TEAMS = "accounts.team"


def names(tags: list[Tag]) -> list[str]:
    return [tag.name for tag in tags]


def test_a_record_carries_exactly_the_tags_it_was_given(world: Any) -> None:
    first, second = world.teams
    assert names(set_tags(record=first, names=["重要", " vip  客户 "])) == ["vip 客户", "重要"]
    set_tags(record=second, names=["重要"])
    assert names(set_tags(record=first, names=["重要", "新"])) == sorted(["重要", "新"])
    assert set(tagged(TEAMS, ["重要"])) == {first.pk, second.pk}
    assert set(tagged("accounts.person", ["重要"])) == set()
    assert [(tag.name, tag.uses) for tag in tags_used(TEAMS)] == [("重要", 2), ("新", 1)]
    remove_tag(record=first, name="重要")
    assert names(tags_of(first)) == ["新"]


@pytest.mark.parametrize("bad", ["", "   ", "a,b", "x" * 51])
def test_a_bad_word_is_refused(world: Any, bad: str) -> None:
    with pytest.raises(InvalidInput):
        set_tags(record=world.teams[0], names=["good", bad])
    assert names(tags_of(world.teams[0])) == []


def test_tags_of_many_records_take_one_query(
    world: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for team in world.teams:
        set_tags(record=team, names=["a", "b"])
    with django_assert_num_queries(1):
        found = tags_of_many(TEAMS, [team.pk for team in world.teams])
        assert [names(found[team.pk]) for team in world.teams] == [["a", "b"]] * 2


def keep(actor: Any, name: str, **fields: Any) -> Any:
    return save_view(actor=actor, record_type=TEAMS, name=name, query="?line=2", **fields)


def test_views_are_seen_by_those_they_are_for(world: Any) -> None:
    world.grant(("platform.savedview:share", "all"))
    keep(world.actor, "mine")
    keep(world.actor, "my team's", audience=Audience.TEAM, team_id=world.teams[0].pk)
    shared = keep(world.actor, "everyone's", audience=Audience.ALL, columns=["name", "line"])
    stranger = actor_for(world.stranger)
    assert {view.name for view in saved_views_for(world.actor, TEAMS)} == {"mine", "my team's", "everyone's"}
    assert [view.name for view in saved_views_for(stranger, TEAMS)] == ["everyone's"]
    assert saved_views_for(ANONYMOUS, TEAMS) == []
    assert saved_views_for(world.actor, "accounts.person") == []
    assert saved_view(stranger, shared.pk) == shared
    assert (shared.query, shared.columns) == ("line=2", ["name", "line"])


def test_sharing_needs_a_permission_or_a_team_of_ones_own(world: Any) -> None:
    with pytest.raises(NotAllowed):
        keep(world.actor, "x", audience=Audience.ALL)
    with pytest.raises(NotAllowed):
        keep(world.actor, "x", audience=Audience.TEAM, team_id=world.other_team.pk)
    with pytest.raises(NotAllowed):
        keep(ANONYMOUS, "x")
    for bad in ({"audience": Audience.TEAM}, {"audience": "galaxy"}, {"team_id": world.teams[0].pk}):
        with pytest.raises(InvalidInput):
            keep(world.actor, "x", **bad)
    with pytest.raises(InvalidInput):
        keep(world.actor, "  ")


def test_only_its_owner_changes_a_view(world: Any) -> None:
    view = keep(world.actor, "mine")
    assert keep(world.actor, "mine").pk == view.pk
    other = keep(world.actor, "other")
    stranger = actor_for(world.stranger)
    with pytest.raises(NotAllowed):
        rename_view(actor=stranger, view=view, name="theirs")
    with pytest.raises(NotAllowed):
        delete_view(actor=stranger, view=view)
    with pytest.raises(InvalidInput):
        rename_view(actor=world.actor, view=view, name="other")
    assert rename_view(actor=world.actor, view=view, name="renamed").name == "renamed"
    move_view(actor=world.actor, view=view, position=5)
    assert saved_views_for(world.actor, TEAMS) == [other, view]
    delete_view(actor=world.actor, view=view)
    assert saved_views_for(world.actor, TEAMS) == [other]
