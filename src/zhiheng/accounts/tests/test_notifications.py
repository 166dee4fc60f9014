"""Telling people: whom, of what, by which way, in which language, and the inbox."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from zhiheng.kernel.actor import Actor, ActorKind, Cause, acting
from zhiheng.kernel.errors import InvalidInput
from zhiheng.platform.grants import may
from zhiheng.platform.jobs import run_waiting_jobs
from zhiheng.platform.journal import EntryView, act, register_act, view_of
from zhiheng.platform.models import Notification
from zhiheng.platform.notifications import (
    clear_preference,
    inbox_of,
    mark_all_read,
    register_reader,
    register_recipients,
    set_preference,
    unread_count,
    unwatch,
    watch,
    watched_by,
    watchers_of,
    watches,
)
from zhiheng.platform.notifications.handlers import tell
from zhiheng.platform.notifications.jobs import mail_notification
from zhiheng.platform.notifications.mail import send_by_mail
from zhiheng.platform.notifications.recipients import _finders, _readers
from zhiheng.platform.notifications.rules import Wish, decide

PRAISED = "accounts.team.praised"
register_act(PRAISED, label="praised", public=True)
SCOLDED = "accounts.team.scolded"
register_act(SCOLDED, label="scolded")


@pytest.fixture
def told(world: Any) -> Any:
    """The person may view teams; `told(act)` journals it by the stranger and hands the entry to the handler."""
    world.grant(("accounts.team:view", "all"))

    def make(
        name: str = PRAISED, *, by: Any = None, cause: Cause = Cause.PAGE, record: Any = None
    ) -> EntryView:
        actor = Actor(ActorKind.PERSON, (by or world.stranger).pk)
        with acting(actor, cause), act(name, record=record or world.teams[0]) as opened:
            pass
        entry = entry_of(opened.entry)
        tell(entry)
        return entry

    return make


def entry_of(pending: Any) -> EntryView:
    """The entry as it will be once committed; a test's transaction never is, so it gets an id here."""
    return replace(view_of(pending), id=1000 + Notification.objects.count())


@pytest.fixture(autouse=True)
def _registrations() -> Iterator[None]:
    """What a test registers ends with it; what the domains registered at start-up stays."""
    finders, readers = dict(_finders), dict(_readers)
    yield
    for held, before in ((_finders, finders), (_readers, readers)):
        held.clear()
        held.update(before)  # type: ignore[call-overload]  # two registries of different values


def titles(person: Any) -> list[str]:
    return [line.title for line in inbox_of(person_id=person.pk)]


@pytest.mark.parametrize(
    ("wishes", "in_app"),
    [
        ([], True),
        ([Wish("*", in_app=False)], False),
        ([Wish("*", in_app=False), Wish("desk.*")], True),
        ([Wish("desk.*"), Wish("desk.ticket.*", in_app=False)], False),
        ([Wish("desk.ticket.assigned"), Wish("desk.ticket.*", in_app=False)], True),
        ([Wish("desk.ticket.assign", in_app=False)], True),
    ],
)
def test_the_most_exact_wish_decides(wishes: list[Wish], in_app: bool) -> None:
    assert decide(wishes, "desk.ticket.assigned").in_app is in_app
    assert decide(list(reversed(wishes)), "desk.ticket.assigned").in_app is in_app


def test_watchers_are_told_once(world: Any, told: Any) -> None:
    watch(person_id=world.person.pk, record=world.teams[0])
    watch(person_id=world.person.pk, record=world.teams[0])
    assert watchers_of(world.teams[0]) == [world.person.pk]
    entry = told()
    tell(entry)
    assert titles(world.person) == ["网络组：praised"]
    assert inbox_of(person_id=world.person.pk)[0].actor_name == "吴敏"


def test_who_did_it_is_not_told(world: Any, told: Any) -> None:
    watch(person_id=world.person.pk, record=world.teams[0])
    told(by=world.person)
    assert titles(world.person) == []


def test_nobody_is_told_of_what_they_may_not_view(world: Any, told: Any) -> None:
    register_recipients("accounts.team.*", lambda _entry, _record: [world.stranger.pk, world.person.pk])
    told(by=world.person)
    assert titles(world.stranger) == []
    told(by=world.stranger)
    assert titles(world.person) == ["网络组：praised"]


def test_acts_that_are_not_public_reach_those_who_may_read_them(world: Any, told: Any) -> None:
    watch(person_id=world.person.pk, record=world.teams[0])
    register_reader("accounts.team", lambda actor, record: may(actor, "change", record))
    told(SCOLDED)
    assert titles(world.person) == []
    told(PRAISED)
    assert titles(world.person) == ["网络组：praised"]
    world.grant(("accounts.team:change", "team"))
    told(SCOLDED)
    assert titles(world.person)[0] == "网络组：scolded"


@pytest.mark.parametrize("cause", [Cause.SETUP, Cause.IMPORT, Cause.SIGN_IN])
def test_setting_up_and_importing_tell_nobody(world: Any, told: Any, cause: Cause) -> None:
    watch(person_id=world.person.pk, record=world.teams[0])
    told(cause=cause)
    assert titles(world.person) == []


def test_wishes_choose_the_way(world: Any, told: Any) -> None:
    watch(person_id=world.person.pk, record=world.teams[0])
    set_preference(person_id=world.person.pk, acts_wanted="accounts.team.*", in_app=False, by_mail=True)
    told()
    assert titles(world.person) == []
    run_waiting_jobs()
    assert [message.to for message in mail.outbox] == [["lin@example.com"]]
    set_preference(person_id=world.person.pk, acts_wanted="accounts.team.*", in_app=False, by_mail=False)
    told()
    assert Notification.objects.count() == 1
    clear_preference(person_id=world.person.pk, acts_wanted="accounts.team.*")
    told()
    assert titles(world.person) == ["网络组：praised"]
    with pytest.raises(InvalidInput):
        set_preference(person_id=world.person.pk, acts_wanted="no.such.act", in_app=True, by_mail=True)


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "衡"), ("en", "Zhiheng")])
def test_mail_speaks_the_readers_language_and_is_sent_once(
    world: Any, told: Any, settings: Any, language: str, word: str
) -> None:
    settings.SITE_URL = "https://desk.example.com"
    world.person.language = language
    world.person.save()
    watch(person_id=world.person.pk, record=world.teams[0])
    told()
    notification = Notification.objects.get()
    assert send_by_mail(notification_id=notification.pk)
    assert not send_by_mail(notification_id=notification.pk)
    (message,) = mail.outbox
    assert word in message.subject
    assert "网络组" in message.subject
    assert f"https://desk.example.com/accounts/teams/{world.teams[0].pk}/" in message.body
    assert "https://desk.example.com/accounts/notifications/preferences/" in message.body
    assert message.extra_headers["Message-ID"] == f"<notification-{notification.pk}@desk.example.com>"


def test_mail_that_failed_is_tried_again(world: Any, told: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    watch(person_id=world.person.pk, record=world.teams[0])
    told()
    notification = Notification.objects.get()

    def down(*_args: Any, **_kwargs: Any) -> None:
        raise ConnectionRefusedError("mail server down")

    with monkeypatch.context() as patch:
        patch.setattr("zhiheng.platform.notifications.mail.EmailMessage.send", down)
        with pytest.raises(ConnectionRefusedError):
            send_by_mail(notification_id=notification.pk)
    notification.refresh_from_db()
    assert notification.mailed_at is None
    assert mail_notification.max_attempts > 1
    assert send_by_mail(notification_id=notification.pk)


def test_watching_ends(world: Any, told: Any) -> None:
    watch(person_id=world.person.pk, record=world.teams[0])
    assert watches(person_id=world.person.pk, record=world.teams[0])
    assert list(watched_by(person_id=world.person.pk, record_type="accounts.team")) == [world.teams[0].pk]
    unwatch(person_id=world.person.pk, record=world.teams[0])
    told()
    assert titles(world.person) == []


class TestInbox:
    """The inbox as pages."""

    @pytest.fixture
    def browser(self, world: Any, told: Any) -> Client:
        watch(person_id=world.person.pk, record=world.teams[0])
        for _number in range(3):
            told()
        client = Client()
        client.force_login(world.person)
        return client

    def test_it_shows_ones_own_lines(self, browser: Client, world: Any) -> None:
        assert browser.get(reverse("accounts:notifications")).content.decode().count("网络组：praised") == 3
        other = Client()
        other.force_login(world.stranger)
        assert "网络组" not in other.get(reverse("accounts:notifications")).content.decode()

    def test_the_count_is_polled_with_an_etag(self, browser: Client) -> None:
        url = reverse("accounts:notification_count")
        first = browser.get(url)
        assert first.json() == {"unread": 3}
        assert browser.get(url, headers={"if-none-match": first["ETag"]}).status_code == 304
        browser.post(reverse("accounts:notification_open", args=[Notification.objects.latest("pk").pk]))
        changed = browser.get(url, headers={"if-none-match": first["ETag"]})
        assert changed.json() == {"unread": 2}

    def test_opening_a_line_leads_to_its_record(self, browser: Client, world: Any) -> None:
        line = Notification.objects.latest("pk")
        answer = browser.post(reverse("accounts:notification_open", args=[line.pk]))
        assert answer["Location"] == f"/accounts/teams/{world.teams[0].pk}/"
        line.refresh_from_db()
        assert line.read_at is not None
        other = Client()
        other.force_login(world.stranger)
        assert other.post(reverse("accounts:notification_open", args=[line.pk])).status_code == 404

    def test_what_arrived_since_stays_unread(self, browser: Client, world: Any) -> None:
        shown = Notification.objects.order_by("pk")[1].pk
        browser.post(reverse("accounts:notifications_read"), {"newest": shown})
        assert unread_count(person_id=world.person.pk) == 1
        assert mark_all_read(person_id=world.person.pk, up_to_id=10**9) == 1

    def test_pages_follow_each_other(self, browser: Client, world: Any) -> None:
        newest, *rest = inbox_of(person_id=world.person.pk)
        assert inbox_of(person_id=world.person.pk, before_id=newest.pk) == rest
        assert newest.pk > rest[0].pk

    def test_wishes_are_added_and_taken_back(self, browser: Client, world: Any) -> None:
        url = reverse("accounts:notification_preferences")
        browser.post(url, {"acts_wanted": "accounts.team.*", "in_app": "on"})
        (wish,) = world.person.notification_preferences.all()
        assert (wish.acts, wish.in_app, wish.by_mail) == ("accounts.team.*", True, False)
        assert browser.post(url, {"acts_wanted": "nonsense"}).status_code == 200
        browser.post(url, {"clear": "accounts.team.*"})
        assert not world.person.notification_preferences.exists()
