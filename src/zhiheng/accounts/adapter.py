"""What allauth asks us: no sign-up, second factors encrypted, a browser takes over the person's look."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
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


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth carries no types
    """TOTP secrets and recovery codes are encrypted at rest with a key that is not in the database."""

    def encrypt(self, text: str) -> str:
        """Encrypted with authentication; differs each time."""
        return _cipher().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """The text again. Raises InvalidToken when the installation's secret key has changed."""
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"zhiheng second factor")
    return Fernet(urlsafe_b64encode(derived.derive(settings.SECRET_KEY.encode())))


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
