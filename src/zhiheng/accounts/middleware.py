"""Says at the edge of every request who acts and why, in which language and time zone."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation

from zhiheng.accounts.models import ApiToken, Person
from zhiheng.accounts.services.tokens import actor_of, find_token, note_use
from zhiheng.kernel.actor import ANONYMOUS, Actor, ActorKind, Cause, acting
from zhiheng.platform.grants import remembering

API_PREFIX = "/api/"
PORTAL_PREFIX = "/portal/"


class ActingMiddleware:
    """Needs the session and authentication middlewares before it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request as its person, its token or an anonymous visitor."""
        cause = cause_of(request.path)
        token = _token(request) if cause is Cause.API else None
        if token is not None:
            request.user = token.person
        request.api_token = token  # type: ignore[attr-defined]  # read by TokenAuthentication
        person = request.user if isinstance(request.user, Person) else None
        if person is not None and person.language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            # Not undone: the locale middleware around this one reads it last, and starts each request anew.
            translation.activate(person.language)
            request.LANGUAGE_CODE = translation.get_language()
        with acting(_actor(person, token), cause), remembering(), timezone.override(zone_of(person)):
            if token is not None:
                note_use(token=token)
            return self.get_response(request)


def cause_of(path: str) -> Cause:
    """The cause of what a request to this path does."""
    if path.startswith(API_PREFIX):
        return Cause.API
    return Cause.PORTAL if path.startswith(PORTAL_PREFIX) else Cause.PAGE


def zone_of(person: Person | None) -> ZoneInfo | None:
    """The person's time zone; None for the provider's, also where the stored name is no longer known."""
    if person is None or not person.time_zone:
        return None
    try:
        return ZoneInfo(person.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return None


def _actor(person: Person | None, token: ApiToken | None) -> Actor:
    if token is not None:
        return actor_of(token)
    if person is not None:
        return Actor(ActorKind.PERSON, person.pk, label=person.username)
    return ANONYMOUS


def _token(request: HttpRequest) -> ApiToken | None:
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    return find_token(secret=secret.strip()) if scheme.lower() == "bearer" else None
