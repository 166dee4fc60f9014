"""The parts of a ticket's page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from zhiheng.desk.models import Ticket
from zhiheng.desk.queries import clock_derivations, items_of, links_of, persons_of
from zhiheng.desk.queries.row_clocks import urgency
from zhiheng.desk.showing.clocks import clock_card
from zhiheng.desk.showing.steps import strip_of
from zhiheng.desk.showing.story import story_of
from zhiheng.kernel.time import now
from zhiheng.platform.grants import may, person_of
from zhiheng.platform.notifications import watchers_of
from zhiheng.platform.tags import tags_of
from zhiheng.processes.choices import FINAL
from zhiheng.processes.queries import definition_of
from zhiheng.records import Panel
from zhiheng.records.panels import RecordPage
from zhiheng.records.routes import record_url
from zhiheng.ui.components import Avatar, Properties, Property


@dataclass(frozen=True, slots=True)
class ProcessPanel(Panel):
    """The strip of steps."""

    template: ClassVar[str] = "desk/panels/process.html"

    def context(self, page: RecordPage) -> Mapping[str, Any] | None:
        ticket = page.record
        strip = strip_of(ticket, definition_of(ticket.process_version_id), story_of(page).entries, at=now())
        return None if strip is None else {"strip": strip}


@dataclass(frozen=True, slots=True)
class Conversation(Panel):
    """What was said and done, and where to answer."""

    template: ClassVar[str] = "desk/panels/conversation.html"

    def context(self, page: RecordPage) -> Mapping[str, Any]:
        ticket: Ticket = page.record
        definition = definition_of(ticket.process_version_id)
        pause = next(
            (
                move.target
                for move in definition.moves_from(ticket.state)
                if "question" in move.needs and page.may("transition")
            ),
            "",
        )
        return {
            "timeline": story_of(page).timeline(),
            "may_reply": page.may("reply"),
            "may_note": page.may("note"),
            "pause": pause,
            "over": ticket.state_category in FINAL,
        }


@dataclass(frozen=True, slots=True)
class Clocks(Panel):
    """The commitments with how each came about."""

    template: ClassVar[str] = "desk/panels/clocks.html"

    def context(self, page: RecordPage) -> Mapping[str, Any] | None:
        story, at = story_of(page), now()
        if not story.private:
            return None
        derived = clock_derivations(ticket=page.record, as_of=at, entries=story.entries)
        derived = [
            each for each in derived if each.state.started_s is not None
        ]  # nobody waits for a next reply yet
        derived.sort(key=lambda each: urgency(each.clock))
        return {"clocks": [clock_card(each, words=story.words, at=at) for each in derived]}


@dataclass(frozen=True, slots=True)
class Handling(Panel):
    """Team, assignee and priority, each changed by its act."""

    template: ClassVar[str] = "desk/panels/handling.html"

    def context(self, page: RecordPage) -> Mapping[str, Any]:
        ticket: Ticket = page.record
        over = ticket.state_category in FINAL
        assign = record_url(ticket, "act", name="assign") if page.may("assign") and not over else ""
        rate = record_url(ticket, "act", name="prioritise") if page.may("prioritise") and not over else ""
        rated = f"{ticket.get_impact_display()} × {ticket.get_urgency_display()}"
        return {
            "properties": Properties(
                (
                    Property(_("Team"), str(ticket.team or "—"), edit_url=assign),
                    Property(_("Assignee"), str(ticket.assignee or "—"), edit_url=assign),
                    Property(_("Priority"), ticket.get_priority_display(), edit_url=rate, note=rated),
                )
            )
        }


@dataclass(frozen=True, slots=True)
class Links(Panel):
    """Other tickets this one hangs together with; those the person may not see are left out."""

    template: ClassVar[str] = "desk/panels/links.html"

    def context(self, page: RecordPage) -> Mapping[str, Any] | None:
        links = links_of(page.record, actor=page.actor)
        shown = [(link.pk, words, other, record_url(other)) for link, words, other in links]
        add = record_url(page.record, "act", name="link") if page.may("link") else ""
        return {"links": shown, "add_url": add} if shown or add else None


@dataclass(frozen=True, slots=True)
class Items(Panel):
    """Configuration items the ticket concerns."""

    template: ClassVar[str] = "desk/panels/items.html"

    def context(self, page: RecordPage) -> Mapping[str, Any] | None:
        items = [
            (row.pk, str(row.item), record_url(row.item) if may(page.actor, "view", row.item) else "")
            for row in items_of(page.record)
        ]
        add = record_url(page.record, "act", name="attach_item") if page.may("attach_item") else ""
        return {"items": items, "add_url": add} if items or add else None


@dataclass(frozen=True, slots=True)
class Around(Panel):
    """Tags, files of the ticket itself (those of a message stand with it), and who follows it."""

    template: ClassVar[str] = "desk/panels/around.html"

    def context(self, page: RecordPage) -> Mapping[str, Any] | None:
        private = story_of(page).private
        ids = watchers_of(page.record) if private else []
        found = {
            "tags": tags_of(page.record),
            "files": story_of(page).ticket_files,
            "may_change": page.may_change,
        }
        if not private and not any(found.values()):
            return None
        return {
            **found,
            "private": private,
            "watchers": [Avatar(str(person), size="small") for person in persons_of(ids)],
            "watching": person_of(page.actor) in ids,
        }
