"""People and their accounts."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from zhiheng.accounts.choices import Language, Theme
from zhiheng.accounts.events import (
    DEACTIVATED,
    PASSWORD_SET,
    REACTIVATED,
    SECOND_FACTOR_REMOVED,
    SESSIONS_ENDED,
)
from zhiheng.accounts.models import ApiToken, Person
from zhiheng.accounts.services.tokens import revoke_token
from zhiheng.kernel.errors import InvalidInput
from zhiheng.kernel.time import now
from zhiheng.platform.journal import act


def create_person(*, username: str, name: str, password: str | None = None, **fields: Any) -> Person:
    """Add a person. Without a password they cannot sign in yet. Raises InvalidInput, ValidationError."""
    person = Person(username=username, name=name, joined_at=fields.pop("joined_at", None) or now(), **fields)
    if password is None:
        person.set_unusable_password()
    else:
        _check_password(password, person)
        person.set_password(password)
    with transaction.atomic():
        person.full_clean(exclude=["password"])
        person.save()
    return person


def set_password(*, person: Person, password: str) -> None:
    """Give the account a new password and end its sessions. Raises InvalidInput when it is too weak."""
    _check_password(password, person)
    with act(PASSWORD_SET, record=person):
        person.set_password(password)
        person.save()
        end_sessions(person=person)


def change_preferences(*, person: Person, language: str, time_zone: str, theme: str) -> Person:
    """How the person wants pages to look. Raises InvalidInput for what does not exist."""
    wanted = (
        ("language", language, ["", *Language.values]),
        ("time_zone", time_zone, {"", *available_timezones()}),
        ("theme", theme, Theme.values),
    )
    for field, value, known in wanted:
        if value not in known:
            raise InvalidInput(_("There is no “%(value)s”.") % {"value": value}, code="unknown", field=field)
        setattr(person, field, value)
    person.save()
    return person


def deactivate_person(*, person: Person) -> Person:
    """Close the account: no sign-in, no token, no grant. What the person did stays."""
    with act(DEACTIVATED, record=person):
        person.is_active = False
        person.save()
        for token in ApiToken.objects.filter(person=person, revoked_at=None):
            revoke_token(apitoken=token)
        end_sessions(person=person)
    return person


def reactivate_person(*, person: Person) -> Person:
    """Open the account again; tokens stay revoked."""
    with act(REACTIVATED, record=person):
        person.is_active = True
        person.save()
    return person


def reset_second_factor(*, person: Person) -> None:
    """Remove TOTP and recovery codes of a person who lost them, and end their sessions."""
    with act(SECOND_FACTOR_REMOVED, record=person):
        Authenticator.objects.filter(user=person).delete()
        end_sessions(person=person)


def end_sessions(*, person: Person) -> int:
    """Sign the person out everywhere. Returns how many sessions ended."""
    with act(SESSIONS_ENDED, record=person) as opened:
        sessions = list(UserSession.objects.filter(user=person))
        for session in sessions:
            session.end()
        opened.data["sessions"] = len(sessions)
    return len(sessions)


def _check_password(password: str, person: Person) -> None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages), code="weak_password", field="password") from error
