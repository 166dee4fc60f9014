"""How the REST API knows who calls: a bearer token, found by the middleware, or the session; and how often it may."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request

from zhiheng.accounts.models import ApiToken, Person
from zhiheng.platform.limits import Buckets

calls = Buckets()
failures = Buckets()


class TokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer zh_…``. A token that is no longer good is refused, not taken for a visitor."""

    def authenticate(self, request: Request) -> tuple[Person, ApiToken] | None:
        """The person and token, or None when no token was sent.

        Raises Throttled for a token that calls too often, and for an address that sends too many bad ones.
        """
        if not request.headers.get("Authorization", "").lower().startswith("bearer "):
            return None
        token: ApiToken | None = getattr(request._request, "api_token", None)
        if token is None:
            # Good tokens from the same address go on: behind one proxy may be a whole company.
            address = get_adapter().get_client_ip(request._request)
            wait = failures.take(address, per_minute=settings.API_FAILURES_PER_MINUTE)
            if wait:
                raise Throttled(wait, str(_("Too many bad tokens from this address.")))
            raise AuthenticationFailed(_("The token is unknown, revoked or has ended."), code="bad_token")
        wait = calls.take(token.pk, per_minute=settings.API_CALLS_PER_MINUTE)
        if wait:
            raise Throttled(wait, str(_("This token calls too often.")))
        return token.person, token

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - the signature of the framework
        """What a 401 asks for."""
        return 'Bearer realm="zhiheng"'


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself when declared
    """The token in the OpenAPI document."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:  # noqa: ARG002
        """An HTTP bearer scheme."""
        return {"type": "http", "scheme": "bearer"}
