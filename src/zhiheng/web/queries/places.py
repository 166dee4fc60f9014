"""Who belongs where: whether a person has work in the workspace, or the portal is their place."""

from __future__ import annotations

from zhiheng.kernel.actor import Actor
from zhiheng.platform.grants import holdings_of
from zhiheng.platform.models import ScopeName

CUSTOMER_SCOPES = frozenset({ScopeName.OWN, ScopeName.ORGANISATION})
"""What requesters and the representatives of a customer hold; whoever holds more works here."""


def has_workspace(actor: Actor) -> bool:
    """Whether the person holds any grant beyond their own rows and those of their organisation."""
    held = holdings_of(actor)
    return held.trusted or any(scope not in CUSTOMER_SCOPES for _permission, scope in held.grants)
