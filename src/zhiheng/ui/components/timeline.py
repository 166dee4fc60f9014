"""Timeline: conversation and acts in one stream; acts next to each other fold into one line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from zhiheng.ui.components.basic import Avatar
from zhiheng.ui.navigation import Text


class Audience(StrEnum):
    """Who reads a message: the customer too, or only staff."""

    PUBLIC = "public"
    PRIVATE = "private"

    @property
    def label(self) -> Text:
        """Its word."""
        return _("Public reply") if self is Audience.PUBLIC else _("Private note")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a message."""

    name: str
    url: str
    size: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Something said. `body` is plain text (escaped, line breaks kept) or, as SafeString, sanitised HTML."""

    at: datetime
    author: Avatar
    body: str | SafeString
    audience: Audience = Audience.PUBLIC
    channel: Text = ""
    id: str = ""
    attachments: tuple[Attachment, ...] = ()
    names_audience: bool = True
    """Whether a public message says so; the portal, where all are, leaves it out."""

    @property
    def private(self) -> bool:
        """Whether the customer does not see it."""
        return self.audience is Audience.PRIVATE

    @property
    def rich(self) -> bool:
        """Whether the body is HTML."""
        return isinstance(self.body, SafeString)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActLine:
    """Something done, in a few words."""

    at: datetime
    text: Text
    actor: str = ""
    icon: str = ""
    detail: Text = ""


@dataclass(frozen=True, slots=True)
class ActGroup:
    """Acts between two messages, folded: the newest is shown, the others open."""

    acts: tuple[ActLine, ...]

    @property
    def shown(self) -> ActLine:
        """The act that the folded line shows."""
        return self.acts[-1]

    @property
    def folded(self) -> int:
        """How many more there are."""
        return len(self.acts) - 1


@dataclass(frozen=True, slots=True)
class Timeline:
    """Messages and acts, oldest first. `older_url` loads what came before."""

    items: tuple[Message | ActLine, ...]
    older_url: str = ""

    @property
    def stream(self) -> list[Message | ActGroup]:
        """The items with neighbouring acts folded."""
        return list(_folded(self.items))


def _folded(items: Iterable[Message | ActLine]) -> Iterable[Message | ActGroup]:
    pending: list[ActLine] = []
    for item in items:
        if isinstance(item, ActLine):
            pending.append(item)
            continue
        if pending:
            yield ActGroup(tuple(pending))
            pending = []
        yield item
    if pending:
        yield ActGroup(tuple(pending))
