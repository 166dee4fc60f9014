"""A ticket as its requester sees it: rows of the list, stages, promises in plain words, what was said and done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise as Words
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from zhiheng.accounts.models import Person
from zhiheng.agreements.choices import Level, Promise
from zhiheng.desk import events
from zhiheng.desk.choices import ClockState
from zhiheng.desk.models import Message, Ticket, TicketClock
from zhiheng.desk.queries import clocks_of, portal_timeline
from zhiheng.kernel.actor import ActorKind
from zhiheng.kernel.time import now
from zhiheng.platform.files import attachments_of_many
from zhiheng.platform.journal import EntryView
from zhiheng.processes.choices import StateCategory
from zhiheng.ui import components
from zhiheng.ui.components import StepState
from zhiheng.ui.formatting import file_size, short_stamp
from zhiheng.web.rules.plain import (
    PLAIN_STATES,
    STAGE_WORDS,
    PlainState,
    Stage,
    is_over,
    stage_of,
)

MOST_ACTS = 60
PROMISES: dict[str, Words] = {
    Promise.RESPONSE: gettext_lazy("We answer by"),
    Promise.NEXT_REPLY: gettext_lazy("We reply by"),
    Promise.RESTORATION: gettext_lazy("It works again by"),
    Promise.RESOLUTION: gettext_lazy("Solved by"),
}
SAID_BY_ACT: dict[str, Words] = {
    events.OPENED: gettext_lazy("Received"),
    events.URGED: gettext_lazy("You asked us to go faster"),
    events.CONFIRMED: gettext_lazy("You confirmed that it is solved"),
    events.RESTORED: gettext_lazy("The service works again"),
}


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A ticket in the requester's list."""

    ticket: Ticket
    state: PlainState
    url: str


@dataclass(frozen=True, slots=True)
class Promised:
    """What is promised and by when; ``late`` once that time is over."""

    words: Words
    due_at: datetime
    late: bool


def ticket_row(ticket: Ticket) -> TicketRow:
    """A ticket with its state in plain words."""
    url = reverse("web:portal_ticket", args=[ticket.number])
    return TicketRow(ticket, PLAIN_STATES[ticket.state_category], url)


def tabs_of(view: str, *, organisation: bool) -> components.Tabs:
    """Open, all, and for a representative those of the whole organisation."""
    base = reverse("web:portal_tickets")
    names = [("open", base, pgettext("tickets", "Open")), ("all", f"{base}?view=all", _("All"))]
    if organisation:
        names.append(("organisation", f"{base}?view=organisation", _("My organisation")))
    return components.Tabs(
        tuple(components.Tab(label, url, current=name == view) for name, url, label in names),
        label=_("Tickets"),
    )


def ticket_page(ticket: Ticket, person: Person, *, speaks: bool) -> dict[str, object]:
    """All that the page of a ticket draws. ``speaks``: the person may answer, urge and confirm."""
    messages, entries = portal_timeline(ticket)
    category = ticket.state_category
    return {
        "ticket": ticket,
        "state": PLAIN_STATES[category],
        "strip": strip_of(ticket),
        "promises": promised(clocks_of([ticket])),
        "timeline": timeline_of(ticket, person, messages, entries),
        "speaks": speaks,
        "asks_confirmation": speaks and category == StateCategory.SOLVED,
        "may_urge": speaks and ticket.resolved_at is None and not is_over(category),
        "may_answer": speaks and category not in (StateCategory.CANCELLED, StateCategory.MERGED),
        "completed": category == StateCategory.CLOSED,
    }


def strip_of(ticket: Ticket) -> components.ProcessStrip:
    """The four stages, with when each was reached."""
    here = stage_of(ticket.state_category)
    reached = {
        Stage.RECEIVED: ticket.received_at, Stage.CONFIRM: ticket.resolved_at, Stage.DONE: ticket.closed_at,
        Stage.WORK: ticket.responded_at,
    }  # fmt: skip
    ended_early = ticket.state_category in (StateCategory.CANCELLED, StateCategory.MERGED)
    steps = []
    for stage in Stage:
        at = reached[stage] if stage <= here else None
        label = (
            PLAIN_STATES[ticket.state_category].words
            if ended_early and stage is Stage.DONE
            else STAGE_WORDS[stage]
        )
        skipped = ended_early and stage in (Stage.WORK, Stage.CONFIRM) and at is None
        state = StepState.SKIPPED if skipped else _step_state(stage, here)
        steps.append(components.Step(label, state, short_stamp(at) if at else ""))
    return components.ProcessStrip(tuple(steps), label=_("Where it stands"))


def _step_state(stage: Stage, here: Stage) -> StepState:
    if stage < here or here is Stage.DONE:
        return StepState.DONE
    if stage is here:
        return StepState.NOW
    return StepState.NEXT if stage == here + 1 else StepState.LATER


def promised(clocks: Iterable[TicketClock]) -> list[Promised]:
    """What was promised to the customer and is not over yet, the next first."""
    moment = now()
    running = (ClockState.RUNNING, ClockState.BREACHED_RUNNING)
    found = [
        Promised(PROMISES[clock.promise], clock.due_at, clock.due_at < moment)
        for clock in clocks
        if clock.level == Level.SLA and clock.state in running and clock.due_at is not None
    ]
    return sorted(found, key=lambda each: each.due_at)


def timeline_of(
    ticket: Ticket, person: Person, messages: Sequence[Message], entries: Sequence[EntryView]
) -> components.Timeline:
    """What was said and done, oldest first."""
    files = attachments_of_many("desk.message", [message.pk for message in messages])
    items: list[components.Message | components.ActLine] = [
        components.Message(
            id=f"message-{message.pk}",
            at=message.sent_at,
            author=_author(message, ticket),
            body=message.body,
            names_audience=False,
            attachments=tuple(
                components.Attachment(
                    file.name, reverse("platform:file", args=[file.pk]), file_size(file.file.size)
                )
                for file in files.get(message.pk, ())
            ),
        )
        for message in messages
    ]
    items += list(_acts(entries, person))[-MOST_ACTS:]
    items.sort(key=lambda item: item.at)
    return components.Timeline(tuple(items))


def _author(message: Message, ticket: Ticket) -> components.Avatar:
    if message.from_requester:
        writer = message.author or ticket.requester
        return components.Avatar(str(writer or _("Requester")), kind="customer")
    return components.Avatar(str(message.author) if message.author else _("Service desk"), kind="staff")


def _acts(entries: Sequence[EntryView], person: Person) -> Iterable[components.ActLine]:
    """The acts that mean something to a requester; moves only where the plain state changes."""
    last = ""
    for entry in entries:
        category = str(entry.data.get("to_category", ""))
        words = SAID_BY_ACT.get(entry.act)
        if words is None and category in PLAIN_STATES and category != last:
            words = PLAIN_STATES[category].words
        last = category or last
        if words is not None:
            mine = entry.actor.kind is ActorKind.PERSON and entry.actor.id == person.pk
            yield components.ActLine(
                at=entry.occurred_at, text=_plain(entry, words, mine=mine), icon=entry.icon
            )


def _plain(entry: EntryView, words: Words, *, mine: bool) -> Words | str:
    """Acts of the requester are told as "you" only to the requester."""
    if mine or entry.act not in (events.URGED, events.CONFIRMED):
        return words
    return _("The requester asked us to go faster") if entry.act == events.URGED else _("Confirmed as solved")
