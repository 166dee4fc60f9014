"""Journals sign-in, sign-out, failures and changes of the second factor."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from zhiheng.accounts import events
from zhiheng.accounts.models import Person
from zhiheng.accounts.queries import person_signing_in_as
from zhiheng.kernel.actor import ANONYMOUS, Actor, ActorKind, Cause, acting
from zhiheng.platform.journal import act


def _note(name: str, person: Person, *, by: Actor | None = None, **data: Any) -> None:
    actor = by or Actor(ActorKind.PERSON, person.pk, label=person.username)
    with acting(actor, Cause.SIGN_IN), act(name, record=person, data=data):
        pass


@receiver(user_logged_in)
def note_sign_in(user: Person, request: HttpRequest | None = None, **kwargs: Any) -> None:  # noqa: ARG001
    """A person signed in."""
    _note(events.SIGNED_IN, user)


@receiver(user_logged_out)
def note_sign_out(user: Person | None, **kwargs: Any) -> None:  # noqa: ARG001
    """A person signed out."""
    if isinstance(user, Person):
        _note(events.SIGNED_OUT, user)


@receiver(user_login_failed)
def note_failure(credentials: dict[str, Any], **kwargs: Any) -> None:  # noqa: ARG001
    """Somebody failed to sign in as a person who exists. What was typed is not kept: it may be a password."""
    typed = credentials.get("username") or credentials.get("email") or ""
    found = person_signing_in_as(typed)
    if found is not None:
        _note(events.SIGN_IN_FAILED, found, by=ANONYMOUS)


@receiver([password_changed, password_reset])
def note_password(user: Person, **kwargs: Any) -> None:  # noqa: ARG001
    """A person chose a new password."""
    _note(events.PASSWORD_SET, user)


@receiver(authenticator_added)
def note_factor_added(user: Person, authenticator: Authenticator, **kwargs: Any) -> None:  # noqa: ARG001
    """A second factor was set up; recovery codes come with it."""
    codes = authenticator.type == Authenticator.Type.RECOVERY_CODES
    _note(
        events.RECOVERY_CODES_MADE if codes else events.SECOND_FACTOR_ADDED,
        user,
        kind=str(authenticator.type),
    )


@receiver(authenticator_removed)
def note_factor_removed(user: Person, authenticator: Authenticator, **kwargs: Any) -> None:  # noqa: ARG001
    """A second factor was switched off."""
    _note(events.SECOND_FACTOR_REMOVED, user, kind=str(authenticator.type))


@receiver(authenticator_reset)
def note_codes(user: Person, **kwargs: Any) -> None:  # noqa: ARG001
    """Recovery codes were made anew."""
    _note(events.RECOVERY_CODES_MADE, user)
