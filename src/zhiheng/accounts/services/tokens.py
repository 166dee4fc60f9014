"""API tokens: issued once, found by their secret, revoked for good."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from zhiheng.accounts.events import TOKEN_ISSUED, TOKEN_REVOKED
from zhiheng.accounts.models import ApiToken, Person
from zhiheng.kernel.actor import Actor, ActorKind
from zhiheng.kernel.errors import InvalidInput
from zhiheng.kernel.time import now
from zhiheng.platform.grants import Delegation, permissions
from zhiheng.platform.journal import act

MARK = "zh"
LONGEST = timedelta(days=366)


def issue_token(
    *, person: Person, name: str, permissions_wanted: Sequence[str], expires_at: datetime
) -> tuple[ApiToken, str]:
    """Make a token and return it with its secret, which is never shown again.

    Raises InvalidInput for an unknown permission, for none, and for an end in the past or over a year away.
    """
    moment = now()
    if not moment < expires_at <= moment + LONGEST:
        raise InvalidInput(_("A token ends within a year from now."), code="bad_expiry", field="expires_at")
    unknown = [text for text in permissions_wanted if not permissions.is_known(text)]
    if unknown or not permissions_wanted:
        raise InvalidInput(
            _("Unknown permission: %(names)s.") % {"names": ", ".join(unknown)}
            if unknown
            else _("A token needs at least one permission."),
            code="unknown_permission",
            field="permissions",
        )
    prefix = secrets.token_hex(6)
    secret = f"{MARK}_{prefix}_{secrets.token_urlsafe(32)}"
    token = ApiToken(
        person=person,
        name=name,
        prefix=prefix,
        digest=_digest(secret),
        permissions=sorted(set(permissions_wanted)),
        created_at=moment,
        expires_at=expires_at,
    )
    with act(TOKEN_ISSUED, record=token):
        token.save()
    return token, secret


def revoke_token(*, apitoken: ApiToken) -> ApiToken:
    """End the token now."""
    with act(TOKEN_REVOKED, record=apitoken):
        if apitoken.revoked_at is None:
            apitoken.revoked_at = now()
            apitoken.save()
    return apitoken


def find_token(*, secret: str) -> ApiToken | None:
    """The valid token with this secret, its person loaded; None when there is none."""
    mark, _first, rest = secret.partition("_")
    prefix, _second, body = rest.partition("_")
    if mark != MARK or not body:
        return None
    token = ApiToken.objects.select_related("person").filter(prefix=prefix).first()
    if token is None or not hmac.compare_digest(token.digest, _digest(secret)):
        return None
    return token if is_valid(token) else None


def is_valid(token: ApiToken) -> bool:
    """Whether the token may be used now."""
    return token.revoked_at is None and token.expires_at > now() and token.person.is_active


def note_use(*, token: ApiToken) -> None:
    """Remember the day of use: one write per token and day."""
    today = now().date()
    if token.last_used_on != today:
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)


def actor_of(token: ApiToken) -> Actor:
    """The token as an actor."""
    return Actor(ActorKind.TOKEN, token.pk, label=f"{token.person.username}/{token.name}")


def delegation_of(actor: Actor) -> Delegation | None:
    """For whom a token acts, and how narrowly."""
    rows = ApiToken.objects.select_related("person")
    token = None if actor.id is None else rows.filter(pk=actor.id).first()
    if token is None or not is_valid(token):
        return None
    return Delegation(person_id=token.person_id, permissions=tuple(token.permissions))


def _digest(secret: str) -> str:
    # 256 random bits need no slow hash: there is nothing to guess.
    return hashlib.sha256(secret.encode()).hexdigest()
