"""A commitment's pages: the promised time in words of its service hours, the kind by its name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils.translation import override

from zhiheng.agreements.models import Commitment, Exemption
from zhiheng.agreements.records import COMMITMENT, EXEMPTION, target_words
from zhiheng.agreements.services import propose_exemption
from zhiheng.calendars.models import Calendar
from zhiheng.calendars.services import install_calendars
from zhiheng.kernel.actor import SYSTEM, Actor, ActorKind, Cause, acting
from zhiheng.kernel.text import bilingual
from zhiheng.platform.journal import entries_for
from zhiheng.platform.models import Grant, Role, RoleAssignment
from zhiheng.records.routes import record_url
from zhiheng.records.timeline import words_of
from zhiheng.records.vocabularies import Word, register_vocabulary

FAULTS = Word("fault", "Fault report")
OLD = Word("old", "Old request", offered=False)


@pytest.fixture
def browser(db: None) -> Client:
    with acting(SYSTEM, Cause.SETUP):
        install_calendars()
        person = get_user_model().objects.create_user(username="lin", name="Lin", language="en")
        role = Role.objects.create(slug="planner", name={"en": "Planner"})
        for permission in ("agreements.*:*", "*:view"):
            Grant.objects.create(role=role, permission=permission, scope="all")
        RoleAssignment.objects.create(role=role, person=person)
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def two_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhiheng.records.vocabularies._KNOWN", {})
    register_vocabulary("ticket-kind", lambda: [FAULTS, OLD])


def promised(seconds: int, calendar: str = "", **given: Any) -> Commitment:
    hours = Calendar.objects.get(slug=calendar) if calendar else None
    name = bilingual(zh="恢复", en="Restore")
    with acting(SYSTEM, Cause.SETUP):
        return Commitment.objects.create(
            name=name, promise="restoration", target_seconds=seconds, calendar=hours, **given
        )


def sent(**given: Any) -> dict[str, Any]:
    plain = {"level": "sla", "promise": "response", "order": 100, "on_policy_change": "keep-start"}
    return {"name_zh": "响应", "name_en": "Answer", **plain, **given}


def test_a_promised_time_is_typed_in_working_days(browser: Client) -> None:
    hours = Calendar.objects.get(slug="5x8-cn")  # 9 to 12 and 13 to 18: eight hours a day
    add = record_url(COMMITMENT, "add")
    answer = browser.post(add, sent(target_seconds="1 working day 30 min", calendar=hours.pk))
    assert answer.status_code == 302
    held = Commitment.objects.get()
    assert held.target_seconds == 8 * 3600 + 1800
    page = browser.get(record_url(held)).content.decode()
    assert "1\u00a0working\u00a0day\u00a030\u00a0min" in page
    assert (
        "1\u00a0working\u00a0day\u00a030\u00a0min"
        in browser.get(record_url(COMMITMENT, "list")).content.decode()
    )
    form = browser.get(record_url(held, "edit")).content.decode()
    assert 'value="1 working day 30 min"' in form
    assert "A working day of these service hours has 8\u00a0h." in form


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("14400", "“14400” has no unit. Write it like 4 h, 30 min or 2 d 4 h."),
        ("1 working day", "Natural time has no working days."),
        ("30 s", "greater than or equal to 60"),
        ("", "This field is required."),
    ],
)
def test_what_is_typed_wrongly_is_said_at_the_field(browser: Client, typed: str, words: str) -> None:
    answer = browser.post(record_url(COMMITMENT, "add"), sent(target_seconds=typed))
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors["target_seconds"].as_data()[0].messages[0])
    assert not Commitment.objects.exists()


def test_the_time_is_edited_in_place_in_the_words_of_its_hours(browser: Client) -> None:
    held = promised(8 * 3600, "5x8-cn")
    url = record_url(held, "field", name="target_seconds")
    assert 'value="1 working day"' in browser.get(url).content.decode()
    browser.post(url, {"target_seconds": "2 working days"})
    held.refresh_from_db()
    assert held.target_seconds == 2 * 8 * 3600


def test_a_list_reads_each_time_in_its_own_hours(browser: Client) -> None:
    around, service, natural = promised(90_000, "24x7"), promised(90_000, "5x8-cn"), promised(90_000)
    with override("en"):
        words = target_words([around, service, natural])
    assert words[around.pk] == words[natural.pk] == "1\u00a0d\u00a01\u00a0h"
    assert words[service.pk] == "3\u00a0working\u00a0days\u00a01\u00a0h"


def test_the_interface_keeps_seconds(browser: Client) -> None:
    held = promised(5400)
    url = f"/api/v1/agreements/commitments/{held.pk}/"
    assert browser.get(url).json()["target_seconds"] == 5400
    answer = browser.patch(url, {"target_seconds": 7200}, content_type="application/json")
    assert answer.json()["target_seconds"] == 7200


def test_a_kind_is_shown_and_chosen_by_its_name(browser: Client, two_kinds: None) -> None:
    held = promised(3600, kind="old")
    form = browser.get(record_url(held, "edit")).content.decode()
    assert '<option value="fault">Fault report</option>' in form
    assert '<option value="old" selected>Old request</option>' in form
    assert "Old request" not in browser.get(record_url(COMMITMENT, "add")).content.decode()
    page = browser.get(record_url(COMMITMENT, "list"))
    assert ">Old request</td>" in page.content.decode()
    assert "Old request" in browser.get(record_url(held)).content.decode()
    narrowed = browser.get(record_url(COMMITMENT, "list") + "?kind=fault").content.decode()
    assert ">Old request</td>" not in narrowed
    refused = browser.post(record_url(COMMITMENT, "add"), sent(target_seconds="1 h", kind="nonsense"))
    assert refused.status_code == 422


def proposal(by: str) -> Exemption:
    with acting(SYSTEM, Cause.SETUP):
        person = get_user_model().objects.create_user(username=by, name=by.title())
    # Half past midnight on the 20th where people are, still the 19th in UTC.
    starts_at = datetime(2026, 11, 19, 16, 30, tzinfo=UTC)
    with acting(Actor(ActorKind.PERSON, person.pk), Cause.PAGE):
        return propose_exemption(
            actor=Actor(ActorKind.PERSON, person.pk), ground="customer", reason="power cut", evidence="letter 7",
            starts_at=starts_at, ends_at=starts_at + timedelta(hours=4),
        )  # fmt: skip


def test_an_exemption_is_changed_until_it_is_decided(browser: Client) -> None:
    exemption = proposal("wang")
    detail, edit, delete = (record_url(exemption, page) for page in ("detail", "edit", "delete"))
    waiting = browser.get(detail).content.decode()
    assert f'href="{edit}"' in waiting and f'href="{delete}"' in waiting
    assert "The customer&#x27;s fault 2026-11-20" in waiting  # the day of the people, not of UTC
    assert browser.post(record_url(exemption, "act", name="approve")).status_code == 302
    decided = browser.get(detail).content.decode()
    assert f'href="{edit}"' not in decided and f'href="{delete}"' not in decided
    answer = browser.get(edit).content.decode()
    assert "This exemption is decided already" in answer and ">Save<" not in answer


def test_its_history_does_not_repeat_what_was_proposed(browser: Client) -> None:
    exemption = proposal("wang")
    browser.post(record_url(exemption, "act", name="approve"))
    with override("en"):
        lines = [words_of(entry, EXEMPTION) for entry in reversed(entries_for(exemption))]
    assert lines[0] == "proposed"
    assert lines[1].startswith("approved · State: Proposed → Approved; ")
    assert "; Decided by: — → #" in lines[1]  # PostgreSQL keeps changes in an order of its own
