"""The quality pages say whose target judges a figure, what exemptions change, and which causes are unproven."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import duckdb
import pytest
from django.test import Client
from django.urls import reverse

from zhiheng.desk import services as desk
from zhiheng.indicators.mirror import Manifest, refresh
from zhiheng.indicators.models import Target
from zhiheng.indicators.tests.forgetting import forget_answers
from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.kernel.time import frozen, now
from zhiheng.web.tests.conftest import House

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
CASES = 40


@pytest.fixture
def facts(house: House, settings: Any, tmp_path: Any) -> Iterator[Manifest]:
    """Incidents of the last weeks: half answered within the hour, the others not at all."""
    settings.MIRROR_ROOT = tmp_path / "mirror"
    start = now() - timedelta(days=40)
    for number in range(CASES):
        with frozen(start + timedelta(hours=10 * number)):
            ticket = house.asked(f"Case {number}")
        if number % 2:
            with frozen(start + timedelta(hours=10 * number, minutes=30)), house.as_(house.agent):
                desk.reply(ticket=ticket, body="Looking at it.")
    with acting(SYSTEM, Cause.JOB):
        yield refresh()
    forget_answers()


@pytest.fixture
def reader(house: House) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(house.quality)
    return client


def text_of(client: Client, name: str, *arguments: str, language: str = "en") -> str:
    response = client.get(reverse(f"quality:{name}", args=arguments), headers={"accept-language": language})
    assert response.status_code == 200
    plain = re.sub(r"<[^>]+>", " ", unescape(response.content.decode()))
    return re.sub(r"\s+", " ", plain.replace("\u00a0", " "))


def test_a_figure_says_whose_target_it_is(facts: Manifest, reader: Client) -> None:
    page = text_of(reader, "overview")
    assert "Target ≥ 100 % default [S]" in page
    day = (now() - timedelta(days=60)).date()
    with acting(SYSTEM, Cause.SETUP):
        Target.objects.create(indicator="response_48h", value=0.4, in_force_from=day, note="agreed")
    page = text_of(reader, "overview")
    assert f"Target ≥ 40 % ours since {day}" in page
    assert "In target: Answered within 48 h" in page
    zh = text_of(reader, "overview", language="zh-hans")
    assert f"≥ 40 % 自定，自 {day} 起" in zh


def test_the_page_of_an_indicator_holds_the_history_of_its_targets(facts: Manifest, reader: Client) -> None:
    assert "No target of our own: the shipped one judges." in text_of(reader, "indicator", "response_48h")
    days = [(now() - timedelta(days=back)).date() for back in (300, 10)]
    with acting(SYSTEM, Cause.SETUP):
        for day, value in zip(days, (0.6, 0.4), strict=True):
            Target.objects.create(indicator="response_48h", value=value, in_force_from=day)
    page = text_of(reader, "indicator", "response_48h")
    assert page.index(str(days[1])) < page.index(str(days[0]))
    assert "default [S]" in page
    assert "Set a target" in page
    assert "Target in force" in page  # it changed within the trend: a course of its own, not one line


def test_only_who_may_set_targets_is_asked_to(facts: Manifest, house: House) -> None:
    client = Client()
    client.force_login(house.agent)
    assert "Set a target" not in text_of(client, "indicator", "response_48h")


def test_exemptions_are_said_on_the_page_of_a_figure(facts: Manifest, reader: Client) -> None:
    assert "No exemptions recorded." in text_of(reader, "indicator", "response_48h")
    path = facts.facts["tickets"]
    with duckdb.connect() as connection:
        connection.execute(f"create table held as select *, responded_s is null as exempt from '{path}'")
        connection.execute(f"copy held to '{path}' (format parquet)")
    forget_answers(facts.id)
    page = text_of(reader, "indicator", "response_48h")
    assert "Without 20 exempt tickets: 100.0 % (n 20)." in page
    assert "With exempt tickets: 50.0 % (n 40), not met." in page
    assert "With exempt tickets: 50.0 % (n 40), not met." in text_of(reader, "overview")
    assert "计入剔除工单：50.0 %（n 40），未达标。" in text_of(
        reader, "indicator", "response_48h", language="zh-hans"
    )


@pytest.mark.parametrize(
    ("language", "unproven", "test", "note"),
    [
        (
            "en",
            "Typical, unproven",
            "uncovered item (missing: which items are monitored)",
            "may sum to more than 100 %",
        ),
        ("zh-hans", "典型原因，未证实", "配置项未覆盖（缺少：监控覆盖的配置项）", "合计可超过 100 %"),
    ],
)
def test_a_defect_that_cannot_be_judged_has_its_typical_causes(
    facts: Manifest, reader: Client, language: str, unproven: str, test: str, note: str
) -> None:
    assert note in text_of(reader, "diagnosis", language=language)
    page = text_of(reader, "defect", "d13", language=language)
    assert unproven in page
    assert test in page


def test_groups_with_targets_of_their_own_say_so(facts: Manifest, reader: Client, house: House) -> None:
    day = (now() - timedelta(days=300)).date()
    with acting(SYSTEM, Cause.SETUP):
        Target.objects.create(indicator="response_48h", value=0.9, in_force_from=day)
        assert "ours since" in text_of(reader, "indicator", "response_48h")
        Target.objects.create(
            indicator="response_48h", scope="service", group=house.network.slug, value=0.3, in_force_from=day
        )
    page = text_of(reader, "indicator", "response_48h")
    assert f"Service : {house.network.slug}" in page or f"Service: {house.network.slug}" in page
