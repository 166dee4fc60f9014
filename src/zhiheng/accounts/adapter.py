"""What allauth asks us: nobody signs up by themselves; a browser takes over the person's language and theme."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from zhiheng.accounts.choices import Theme
from zhiheng.accounts.models import Person
from zhiheng.ui.context import THEME_COOKIE

YEAR_S = 365 * 86_400


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    """Accounts are made by people who may, or by an import."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Closed: accounts come from administration or an import."""
        return False

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        """After signing in, pages look as the person likes them."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        remember_look(response, user, secure=request.is_secure())
        return response


def remember_look(response: HttpResponse, person: Person, *, secure: bool) -> None:
    """Put the person's language and theme into the cookies that the frame reads."""
    wanted = (
        (settings.LANGUAGE_COOKIE_NAME, person.language),
        (THEME_COOKIE, "" if person.theme == Theme.AUTO else person.theme),
    )
    for name, value in wanted:
        if value:
            response.set_cookie(name, value, max_age=YEAR_S, samesite="Lax", secure=secure)
        else:
            response.delete_cookie(name, samesite="Lax")
