"""The Content-Security-Policy of every page: all from this origin, nothing inline, nothing evaluated."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

HEADER = "Content-Security-Policy"
POLICY: dict[str, tuple[str, ...]] = {
    "default-src": ("'self'",),
    "script-src": ("'self'",),
    "style-src": ("'self'",),
    "img-src": ("'self'", "data:", "blob:"),
    "font-src": ("'self'",),
    "connect-src": ("'self'",),
    "object-src": ("'none'",),
    "base-uri": ("'none'",),
    "form-action": ("'self'",),
    "frame-ancestors": ("'none'",),
}
POLICY_TEXT = "; ".join(f"{name} {' '.join(sources)}" for name, sources in POLICY.items())


class ContentSecurityPolicyMiddleware:
    """Adds the policy to every response that does not carry a stricter one of its own (a downloaded file
    does).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request with the policy set."""
        response = self.get_response(request)
        response.headers.setdefault(HEADER, POLICY_TEXT)
        return response
