"""Tokens at the API: what they may, how often, when they end, and what is kept of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from zhiheng.accounts import api
from zhiheng.accounts.models import ApiToken, Person
from zhiheng.accounts.services import create_person, issue_token, revoke_token
from zhiheng.accounts.tests.requests import run
from zhiheng.kernel.actor import ActorKind, Cause
from zhiheng.kernel.errors import InvalidInput
from zhiheng.kernel.time import frozen, now
from zhiheng.platform.grants import may, person_of, visible_to
from zhiheng.platform.journal import entries_for

PEOPLE = "/api/v1/accounts/people/"
pytestmark = pytest.mark.usefixtures("as_system", "db")


@pytest.fixture
def person() -> Person:
    return create_person(username="chen", name="陈岚", password="correct horse battery", language="en")


@pytest.fixture
def client(person: Person) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


class TestToken:
    """A token does what its person may, and no more than it was made for."""

    @pytest.fixture
    def issued(self, world: Any) -> tuple[ApiToken, str]:
        world.grant(("accounts.person:*", "all"))
        return issue_token(
            person=world.person,
            name="report",
            permissions_wanted=["accounts.person:view"],
            expires_at=now() + timedelta(days=30),
        )

    def test_its_secret_is_not_kept(self, issued: tuple[ApiToken, str]) -> None:
        token, secret = issued
        assert secret not in str(ApiToken.objects.filter(pk=token.pk).values().get())
        assert token.digest not in str([entry.changes for entry in entries_for(token)])

    def test_it_acts_for_its_person_within_its_permissions(
        self, issued: tuple[ApiToken, str], world: Any
    ) -> None:
        token, secret = issued
        kind, number, cause, _language, _zone = run(
            AnonymousUser(), "/api/v1/", authorization=f"Bearer {secret}"
        )
        assert (kind, number, cause) == (ActorKind.TOKEN, token.pk, Cause.API)
        actor = type(world.actor)(kind, number)
        assert person_of(actor) == world.person.pk
        assert may(actor, "view", world.stranger)
        assert not may(actor, "change", world.stranger)
        assert visible_to(actor, "view", Person.objects.all()).count() == 2

    def test_it_opens_the_api_only(self, issued: tuple[ApiToken, str]) -> None:
        kind, *_rest = run(AnonymousUser(), "/desk/", authorization=f"Bearer {issued[1]}")
        assert kind is ActorKind.ANONYMOUS

    def test_it_ends(self, issued: tuple[ApiToken, str], world: Any) -> None:
        token, secret = issued
        url = PEOPLE
        headers = {"authorization": f"Bearer {secret}"}
        assert Client(headers=headers).get(url).status_code == 200
        with frozen(now() + timedelta(days=31)):
            assert Client(headers=headers).get(url).status_code == 401
        revoke_token(apitoken=token)
        assert Client(headers=headers).get(url).status_code == 401
        assert Client(headers={"authorization": "Bearer zh_nothing_atall"}).get(url).status_code == 401

    @pytest.fixture
    def limits(self, settings: Any) -> Iterator[None]:
        """Two calls and one failure a minute, none made yet."""
        settings.API_CALLS_PER_MINUTE, settings.API_FAILURES_PER_MINUTE = 2, 1
        for buckets in (api.calls, api.failures):
            buckets.clear()
        yield
        for buckets in (api.calls, api.failures):
            buckets.clear()

    def test_it_may_not_call_too_often(self, issued: tuple[ApiToken, str], limits: None) -> None:
        good = Client(headers={"authorization": f"Bearer {issued[1]}", "accept-language": "en"})
        assert [good.get(PEOPLE).status_code for _ in range(3)] == [200, 200, 429]
        answer = good.get(PEOPLE)
        assert 0 < int(answer.headers["Retry-After"]) <= 30
        assert answer.json()["code"] == "throttled"
        assert answer.json()["detail"].startswith("This token calls too often.")

    def test_bad_tokens_stop_their_address_but_not_good_tokens(
        self, issued: tuple[ApiToken, str], limits: None
    ) -> None:
        bad = Client(headers={"authorization": "Bearer zh_nothing_atall", "accept-language": "zh-hans"})
        assert bad.get(PEOPLE).status_code == 401
        answer = bad.get(PEOPLE)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
        assert answer.json()["detail"].startswith("来自此地址的无效令牌过多。")
        assert bad.get(PEOPLE, REMOTE_ADDR="10.0.0.9").status_code == 401  # another address
        assert Client(headers={"authorization": f"Bearer {issued[1]}"}).get(PEOPLE).status_code == 200

    def test_the_day_of_use_is_noted_once(self, issued: tuple[ApiToken, str]) -> None:
        token, secret = issued
        run(AnonymousUser(), "/api/v1/", authorization=f"Bearer {secret}")
        token.refresh_from_db()
        assert token.last_used_on == now().date()

    @pytest.mark.parametrize(
        ("wanted", "days", "code"),
        [
            (["accounts.person:view"], 0, "bad_expiry"),
            (["accounts.person:view"], 400, "bad_expiry"),
            (["accounts.nothing:view"], 30, "unknown_permission"),
            ([], 30, "unknown_permission"),
        ],
    )
    def test_a_bad_wish_is_refused(self, world: Any, wanted: list[str], days: int, code: str) -> None:
        with pytest.raises(InvalidInput) as refused:
            issue_token(
                person=world.person,
                name="x",
                permissions_wanted=wanted,
                expires_at=now() + timedelta(days=days),
            )
        assert refused.value.code == code

    def test_the_page_shows_the_secret_once_and_revokes(self, client: Client, person: Person) -> None:
        page = client.post(
            reverse("accounts:tokens"), {"name": "bi", "permissions": "*:view", "days": "30"}
        ).content.decode()
        token = ApiToken.objects.get(person=person)
        assert f"zh_{token.prefix}_" in page
        assert f"zh_{token.prefix}_" not in client.get(reverse("accounts:tokens")).content.decode()
        client.post(reverse("accounts:token_revoke", args=[token.pk]))
        token.refresh_from_db()
        assert token.revoked_at is not None
        other = create_person(username="han", name="韩越")
        theirs, _secret = issue_token(
            person=other, name="x", permissions_wanted=["*:view"], expires_at=now() + timedelta(days=1)
        )
        assert client.post(reverse("accounts:token_revoke", args=[theirs.pk])).status_code == 404
