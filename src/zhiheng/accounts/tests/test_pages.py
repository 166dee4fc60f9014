"""Signing in with password and second factor, own pages, and what every request is done as."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zhiheng.accounts.middleware import cause_of, zone_of
from zhiheng.accounts.models import Person
from zhiheng.accounts.services import (
    change_preferences,
    create_person,
    deactivate_person,
    offer_people,
    reset_second_factor,
    set_password,
)
from zhiheng.accounts.tests.requests import run
from zhiheng.kernel.actor import ActorKind, Cause
from zhiheng.kernel.errors import InvalidInput
from zhiheng.platform.journal import entries_for

PASSWORD = "correct horse battery"
pytestmark = pytest.mark.usefixtures("as_system", "db")


@pytest.fixture(autouse=True)
def _fresh_rate_limits() -> None:
    cache.clear()


@pytest.fixture
def person() -> Person:
    return create_person(
        username="chen", name="陈岚", password=PASSWORD, email="chen@example.com", language="en"
    )


@pytest.fixture
def client(person: Person) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def sign_in(browser: Client, **typed: str) -> Any:
    return browser.post(reverse("account_login"), typed)


def acts_of(person: Person) -> list[str]:
    return [entry.act.rpartition(".")[2] for entry in entries_for(person)]


@pytest.mark.parametrize("typed", ["chen", "chen@example.com", "Chen@Example.com"])
def test_signing_in_by_name_or_address_is_journaled(person: Person, typed: str) -> None:
    browser = Client()
    response = sign_in(browser, login=typed, password=PASSWORD)
    assert response.status_code == 302
    assert browser.session["_auth_user_id"] == str(person.pk)
    entry = entries_for(person)[0]
    assert entry.act == "accounts.person.signed_in"
    assert (entry.actor.kind, entry.actor.id, entry.cause) == (ActorKind.PERSON, person.pk, Cause.SIGN_IN)
    browser.post(reverse("account_logout"))
    assert acts_of(person)[:2] == ["signed_out", "signed_in"]


def test_a_wrong_password_is_journaled_without_what_was_typed(person: Person) -> None:
    response = sign_in(Client(), login="chen", password="guess-guess")
    assert response.status_code == 200
    entry = entries_for(person)[0]
    assert entry.act == "accounts.person.sign_in_failed"
    assert entry.actor.kind is ActorKind.ANONYMOUS
    assert "guess" not in str(entry.data)


@pytest.mark.slow
def test_guessing_is_slowed_down(person: Person) -> None:
    browser = Client()
    for _attempt in range(5):
        sign_in(browser, login="chen", password="guess-guess")
    response = sign_in(browser, login="chen", password=PASSWORD)
    assert "_auth_user_id" not in browser.session
    assert response.status_code in {200, 429}


def test_an_inactive_person_cannot_sign_in(person: Person) -> None:
    deactivate_person(person=person)
    browser = Client()
    sign_in(browser, login="chen", password=PASSWORD)
    assert "_auth_user_id" not in browser.session


def test_the_second_factor_is_set_up_asked_for_and_reset(
    person: Person, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    set_up = reverse("mfa_activate_totp")
    confirm = client.get(set_up)
    assert confirm.status_code == 302, "a fresh proof of who one is comes first"
    client.post(confirm["Location"], {"password": PASSWORD})
    page = client.get(set_up)
    secret = page.context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post(set_up, {"code": code_now(secret)})
    kinds = set(Authenticator.objects.filter(user=person).values_list("type", flat=True))
    assert kinds == {"totp", "recovery_codes"}
    assert "second_factor_added" in acts_of(person)

    browser = Client()
    response = sign_in(browser, login="chen", password=PASSWORD)
    assert response["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in browser.session
    assert browser.get(reverse("mfa_authenticate")).status_code == 200
    codes = Authenticator.objects.get(user=person, type="recovery_codes").wrap().get_unused_codes()
    browser.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert browser.session["_auth_user_id"] == str(person.pk)

    reset_second_factor(person=person)
    assert not Authenticator.objects.filter(user=person).exists()
    again = Client()
    sign_in(again, login="chen", password=PASSWORD)
    assert "_auth_user_id" in again.session


def code_now(secret: str) -> str:
    counter = int(timezone.now().timestamp()) // 30
    return format_hotp_value(hotp_value(secret, counter))


def test_a_totp_secret_is_encrypted_at_rest(person: Person) -> None:
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    stored = Authenticator.objects.get(user=person, type="totp")
    assert "JBSWY3DPEHPK3PXP" not in str(stored.data)
    assert stored.wrap().validate_code(code_now("JBSWY3DPEHPK3PXP"))


def test_a_forgotten_password_is_reset_by_a_mailed_link(person: Person) -> None:
    browser = Client()
    browser.post(reverse("account_reset_password"), {"email": "chen@example.com"})
    link = re.search(r"/accounts/password/reset/key/\S+", mail.outbox[0].body)
    assert link is not None
    form = browser.get(link[0], follow=True)
    browser.post(
        form.request["PATH_INFO"], {"password1": "another long secret", "password2": "another long secret"}
    )
    person.refresh_from_db()
    assert person.check_password("another long secret")
    assert "password_set" in acts_of(person)


def test_an_unknown_address_gets_the_same_answer(person: Person) -> None:
    answers = [
        Client().post(reverse("account_reset_password"), {"email": address})["Location"]
        for address in ("chen@example.com", "nobody@example.com")
    ]
    assert answers[0] == answers[1]


def test_nobody_signs_up_by_themselves(db: None) -> None:
    page = Client().post(
        reverse("account_signup"), {"username": "x", "email": "x@example.com", "password1": PASSWORD}
    )
    assert page.status_code == 200
    assert not Person.objects.filter(username="x").exists()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
        "account_signup",
        "account_inactive",
    ],
)
def test_pages_for_visitors_draw_without_inline_script(name: str, language: str) -> None:
    page = Client(headers={"accept-language": language}).get(reverse(name))
    assert page.status_code == 200
    assert_clean(page.content.decode())


@pytest.mark.parametrize(
    "name",
    [
        "accounts:me",
        "accounts:notifications",
        "accounts:notification_preferences",
        "accounts:tokens",
        "account_change_password",
        "account_logout",
        "account_reauthenticate",
        "mfa_index",
        "mfa_generate_recovery_codes",
        "usersessions_list",
    ],
)
def test_own_pages_draw_without_inline_script_and_only_when_signed_in(client: Client, name: str) -> None:
    page = client.get(reverse(name), follow=True)
    assert page.status_code == 200
    assert_clean(page.content.decode())
    if name != "account_logout":
        assert Client().get(reverse(name)).status_code == 302


def assert_clean(html: str) -> None:
    scripts = re.findall(r"<script(?![^>]*(?:src=|type=.application/json))[^>]*>", html)
    assert not scripts
    assert not re.search(r"\son\w+=|\sstyle=", html)
    assert "ui/plain" not in html
    assert "zhiheng/build/zhiheng" in html


def test_the_demo_offers_its_people_and_nobody_else_does(settings: Any, person: Person) -> None:
    offer_people(lambda: [{"username": "chen", "password": PASSWORD, "name": "陈岚", "duty": "组长"}])
    settings.DEMO = False
    assert "组长" not in Client().get(reverse("account_login")).content.decode()
    settings.DEMO = True
    assert "组长" in Client().get(reverse("account_login")).content.decode()


@pytest.mark.slow
def test_sessions_are_listed_and_others_ended(person: Person) -> None:
    here, there = Client(), Client()
    for browser in (here, there):
        sign_in(browser, login="chen", password=PASSWORD)
        browser.get(reverse("accounts:me"))
    assert UserSession.objects.filter(user=person).count() == 2
    here.post(reverse("usersessions_list"))
    assert here.get(reverse("accounts:me")).status_code == 200
    assert there.get(reverse("accounts:me")).status_code == 302


def test_a_new_password_from_administration_ends_sessions(person: Person) -> None:
    browser = Client()
    sign_in(browser, login="chen", password=PASSWORD)
    with pytest.raises(InvalidInput) as weak:
        set_password(person=person, password="12345678")
    assert weak.value.code == "weak_password"
    set_password(person=person, password="a quite different one")
    assert browser.get(reverse("accounts:me")).status_code == 302


def test_preferences_are_kept_and_taken_over_by_the_browser(person: Person, client: Client) -> None:
    response = client.post(
        reverse("accounts:me"), {"language": "zh-hans", "time_zone": "Europe/Berlin", "theme": "dark"}
    )
    person.refresh_from_db()
    assert (person.language, person.time_zone, person.theme) == ("zh-hans", "Europe/Berlin", "dark")
    assert response.cookies["django_language"].value == "zh-hans"
    assert response.cookies["zhiheng_theme"].value == "dark"
    with pytest.raises(InvalidInput):
        change_preferences(person=person, language="fr", time_zone="", theme="auto")
    with pytest.raises(InvalidInput):
        change_preferences(person=person, language="", time_zone="Mars/Olympus", theme="auto")


@pytest.mark.parametrize(
    ("path", "cause"), [("/api/v1/x/", Cause.API), ("/portal/", Cause.PORTAL), ("/desk/", Cause.PAGE)]
)
def test_the_cause_of_a_request_follows_from_its_path(path: str, cause: Cause) -> None:
    assert cause_of(path) is cause


def test_a_request_acts_as_its_person_in_their_language_and_zone(person: Person) -> None:
    person.time_zone = "Europe/Berlin"
    seen = run(person, "/desk/")
    assert seen == (ActorKind.PERSON, person.pk, Cause.PAGE, "en", "Europe/Berlin")
    person.time_zone = "Nowhere/Nothing"
    assert zone_of(person) is None


def test_a_visitor_acts_as_nobody() -> None:
    kind, number, _cause, _language, _zone = run(AnonymousUser(), "/")
    assert (kind, number) == (ActorKind.ANONYMOUS, None)
