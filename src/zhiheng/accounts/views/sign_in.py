"""The sign-in page; in the demo it offers the people that higher packages made for it."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView

from zhiheng.accounts.services import offered_people


class SignInView(LoginView):  # type: ignore[misc]  # allauth carries no types
    """allauth's, with the demo's people."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds `demo_people`, empty outside the demo."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"demo_people": offered_people()}


login = SignInView.as_view()
