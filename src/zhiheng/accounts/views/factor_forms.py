"""The forms of the second factor, in our words."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils.translation import gettext_lazy as _


def in_our_words(field: forms.Field) -> None:
    """Our label, and no placeholder that only repeats it."""
    field.label = _("Code")
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs["autocomplete"] = "one-time-code"


class ActivateForm(ActivateTOTPForm):  # type: ignore[misc]  # allauth carries no types
    """The first code that the app shows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_our_words(self.fields["code"])


class SignInCodeForm(AuthenticateForm):  # type: ignore[misc]
    """A code of the app, or a recovery code, after the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_our_words(self.fields["code"])


class ConfirmCodeForm(ReauthenticateForm):  # type: ignore[misc]
    """The same, to confirm that it is still the person."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_our_words(self.fields["code"])
