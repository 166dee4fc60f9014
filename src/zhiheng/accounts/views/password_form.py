"""The forms that set a password, in our words."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm, ResetPasswordKeyForm, SetPasswordForm
from django import forms
from django.utils.translation import gettext_lazy as _

RULES = _("At least 10 characters; not digits alone, no common password, nothing close to your name.")


def in_our_words(fields: dict[str, forms.Field]) -> None:
    """What a good password is in one line, and no placeholder that only repeats the label."""
    for field in fields.values():
        field.widget.attrs.pop("placeholder", None)
    if "oldpassword" in fields:
        fields["oldpassword"].help_text = ""
    fields["password1"].help_text = RULES


class ChangeForm(ChangePasswordForm):  # type: ignore[misc]  # allauth carries no types
    """One's own password, with the one held until now."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_our_words(self.fields)


class SetForm(SetPasswordForm):  # type: ignore[misc]
    """A first password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_our_words(self.fields)


class FromKeyForm(ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password by the link of a mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_our_words(self.fields)
