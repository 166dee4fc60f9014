"""What a failure of an item reaches: the walk, and the panel that shows it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from zhiheng.accounts.models import Organisation
from zhiheng.cmdb.models import ConfigurationItem, ItemClass, ItemRelation
from zhiheng.cmdb.queries import reached_by
from zhiheng.cmdb.rules import Reached, walk
from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.platform.models import Grant, Role, RoleAssignment
from zhiheng.records.routes import record_url

#   1 → 2 → 4 → 5
#   1 → 3 → 4        5 → 1 closes a ring; 6 stands alone
ARROWS = [(1, 2), (1, 3), (2, 4), (3, 4), (4, 5), (5, 1)]


def along(items: Collection[int]) -> Iterable[tuple[int, int]]:
    return [pair for pair in reversed(ARROWS) if pair[0] in items]


def test_each_item_once_by_its_shortest_way_and_a_ring_ends() -> None:
    assert walk(1, along, depth=9) == [Reached(2, 1, 1), Reached(3, 1, 1), Reached(4, 2, 2), Reached(5, 3, 4)]


def test_the_walk_stops_at_its_depth() -> None:
    assert [each.item for each in walk(1, along, depth=2)] == [2, 3, 4]
    assert walk(1, along, depth=0) == []
    assert walk(6, along, depth=9) == []


@pytest.fixture
def items(db: None) -> Iterator[dict[str, ConfigurationItem]]:
    """A power feed under a switch under two servers, one of which carries the OA, for two customers."""
    with acting(SYSTEM, Cause.SETUP):
        ours, theirs = (Organisation.objects.create(name=name) for name in ("Ours", "Theirs"))
        item_class = ItemClass.objects.create(slug="thing", name={"zh": "物", "en": "Thing"})
        made = {
            name: ConfigurationItem.objects.create(
                name=name, item_class=item_class, organisation=theirs if name == "server-b" else ours
            )
            for name in ("feed", "switch", "server-a", "server-b", "oa")
        }
        for source, target in (
            ("feed", "switch"),
            ("switch", "server-a"),
            ("switch", "server-b"),
            ("server-a", "oa"),
        ):
            ItemRelation.objects.create(source=made[source], target=made[target])
        yield made


def names(found: list[Reached], items: dict[str, ConfigurationItem]) -> list[tuple[str, int, str]]:
    by_id = {item.pk: name for name, item in items.items()}
    return [(by_id[each.item], each.steps, by_id[each.through]) for each in found]


def test_downstream_and_upstream(items: dict[str, ConfigurationItem]) -> None:
    assert names(reached_by(items["feed"]), items) == [
        ("switch", 1, "feed"), ("server-a", 2, "switch"), ("server-b", 2, "switch"), ("oa", 3, "server-a"),
    ]  # fmt: skip
    assert names(reached_by(items["oa"], upstream=True), items) == [
        ("server-a", 1, "oa"), ("switch", 2, "server-a"), ("feed", 3, "switch"),
    ]  # fmt: skip
    assert [name for name, *_ in names(reached_by(items["feed"], depth=1), items)] == ["switch"]


def test_one_query_a_step(items: dict[str, ConfigurationItem]) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        reached_by(items["feed"], depth=3)
    assert len(queries) == 3


def test_an_item_does_not_support_itself(items: dict[str, ConfigurationItem]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ItemRelation.objects.create(source=items["oa"], target=items["oa"])


def test_the_panel_names_what_may_be_seen_and_counts_the_rest(items: dict[str, ConfigurationItem]) -> None:
    ours = items["oa"].organisation
    person = get_user_model().objects.create_user(
        username="lin", name="Lin", language="en", organisation=ours
    )
    role = Role.objects.create(slug="reader", name={"en": "Reader"})
    Grant.objects.create(role=role, permission="cmdb.configurationitem:view", scope="organisation")
    RoleAssignment.objects.create(role=role, person=person)
    browser = Client()
    browser.force_login(person)
    page = browser.get(record_url(items["feed"])).content.decode()
    assert "A failure reaches" in page
    assert "It rests on" not in page
    assert ">switch</a>" in page
    assert "through server-a · 3 steps" in page
    assert "server-b" not in page
    assert "1 item you may not see" in page
    assert "It rests on" in browser.get(record_url(items["oa"])).content.decode()
