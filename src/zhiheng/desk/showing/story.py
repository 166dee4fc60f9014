"""The story of a ticket as one person may read it: conversation and acts in one stream, read once for the page."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from django.urls import reverse

from zhiheng.desk import events
from zhiheng.desk.choices import Channel
from zhiheng.desk.models import Message, Ticket
from zhiheng.desk.queries import messages_of, reads_private
from zhiheng.desk.queries.names import Names, names_in
from zhiheng.desk.showing.words import Telling, reason_of, words_of
from zhiheng.kernel.actor import Actor
from zhiheng.platform.files import attachments_of_each
from zhiheng.platform.journal import EntryView, entries_for
from zhiheng.platform.models import Attachment
from zhiheng.processes.queries import definition_of
from zhiheng.records.panels import RecordPage
from zhiheng.ui import components
from zhiheng.ui.formatting import file_size

SHOWN_ENTRIES = 300
"""A ticket with more shows the newest of them; the journal holds the rest."""
SAID = frozenset({events.REPLIED, events.NOTED})
"""Acts that the message beside them already shows."""

_TICKET, _MESSAGE = Ticket._meta.label_lower, Message._meta.label_lower


class Story:
    """Messages and entries of a ticket, and what the parts of its page make of them."""

    def __init__(self, ticket: Ticket, actor: Actor) -> None:
        self.ticket = ticket
        self.actor = actor

    @cached_property
    def private(self) -> bool:
        """Whether this person reads private notes and acts."""
        return reads_private(self.actor, self.ticket)

    @cached_property
    def entries(self) -> list[EntryView]:
        """All entries, newest first: clocks and steps need every one."""
        return entries_for(self.ticket)

    @cached_property
    def messages(self) -> list[Message]:
        """The messages this person may read, oldest first."""
        return messages_of(self.ticket, private=self.private)

    @cached_property
    def names(self) -> Names:
        """Names of all who took part."""
        return names_in(self.entries)

    @cached_property
    def telling(self) -> Telling:
        """What telling an entry needs."""
        return Telling(definition_of(self.ticket.process_version_id), self.names)

    @cached_property
    def words(self) -> dict[int, str]:
        """Each entry in a line, by its id."""
        return {entry.id: words_of(entry, self.telling) for entry in self.entries if entry.id is not None}

    @cached_property
    def files(self) -> dict[tuple[str, int], list[Attachment]]:
        """The files of the ticket and of its messages, by record type and id."""
        return attachments_of_each({_TICKET: [self.ticket.pk], _MESSAGE: [each.pk for each in self.messages]})

    @property
    def ticket_files(self) -> list[Attachment]:
        """Those of the ticket itself, oldest first."""
        return self.files.get((_TICKET, self.ticket.pk), [])

    def timeline(self) -> components.Timeline:
        """Conversation and acts, oldest first."""
        items = [*self._messages(), *self._acts()]
        items.sort(key=lambda item: item.at)
        return components.Timeline(tuple(items))

    def _messages(self) -> Iterable[components.Message | components.ActLine]:
        for message in self.messages:
            yield components.Message(
                id=f"message-{message.pk}",
                at=message.sent_at,
                author=author_of(message, self.ticket),
                body=message.body,
                audience=components.Audience(message.visibility),
                channel="" if message.channel == Channel.PORTAL else message.get_channel_display(),
                attachments=tuple(
                    components.Attachment(
                        file.name, reverse("platform:file", args=[file.pk]), file_size(file.file.size)
                    )
                    for file in self.files.get((_MESSAGE, message.pk), ())
                ),
            )

    def _acts(self) -> Iterable[components.Message | components.ActLine]:
        for entry in reversed(self.entries[:SHOWN_ENTRIES]):
            hidden = not self.private and not entry.public
            if hidden or (entry.act in SAID and "to" not in entry.data):
                continue
            words = words_of(entry, self.telling)
            yield components.ActLine(
                at=entry.occurred_at,
                text=words,
                actor=self.names.actor(entry.actor),
                icon=entry.icon,
                detail=reason_of(entry),
            )


def author_of(message: Message, ticket: Ticket) -> components.Avatar:
    """Who wrote a message, and on whose side they stand."""
    person = message.author or (ticket.requester if message.from_requester else None)
    kind = "customer" if message.from_requester else "staff" if person else "system"
    return components.Avatar(str(person) if person else "—", kind=kind)


def story_of(page: RecordPage) -> Story:
    """The story behind a page; panels of the same page share it."""
    held = page.__dict__.get("story")
    if not isinstance(held, Story):
        held = page.__dict__["story"] = Story(page.record, page.actor)
    return held
