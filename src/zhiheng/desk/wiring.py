"""What the desk tells lower packages at start-up: its place in the navigation, whom its acts concern."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import cast

from django.db.models import Model, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from zhiheng.desk import events, queries
from zhiheng.desk.models import Message, Ticket
from zhiheng.kernel.actor import ANONYMOUS, Actor, current_or_none
from zhiheng.platform.grants import Organisation, Own, Team, may, register_scopes
from zhiheng.platform.journal import EntryView
from zhiheng.platform.notifications import register_reader, register_recipients
from zhiheng.ui.navigation import Group, NavItem, register_nav
from zhiheng.ui.shell import ShellLink, register_create


def who() -> Actor:
    """Who looks at the page."""
    held = current_or_none()
    return held.actor if held else ANONYMOUS


def works_here(_request: HttpRequest) -> bool:
    """Whether the desk is this person's place of work."""
    return queries.works_the_desk(who())


def may_open(_request: HttpRequest) -> bool:
    """Whether the person takes in tickets for others."""
    return queries.works_the_desk(who()) and may(who(), "add", Ticket)


def badge(condition: Callable[[Actor], Q]) -> Callable[[HttpRequest], int | None]:
    """The number of tickets of a queue."""
    return lambda _request: queries.count_of(who(), condition(who()))


def concerned(entry: EntryView, record: Model) -> Iterable[int]:
    """Whom an entry about a ticket is for; requesters need not hear that they urged."""
    asked = entry.public and entry.act != events.URGED
    return queries.persons_concerned(cast(Ticket, record), requester=asked)


def reads(actor: Actor, record: Model) -> bool:
    """Who hears of acts that are not public."""
    return queries.reads_private(actor, cast(Ticket, record))


for _act in (
    events.ASSIGNED,
    events.REPLIED,
    events.OVERDUE,
    events.URGED,
    events.TRANSITIONED,
    events.NOTED,
):
    register_recipients(_act, concerned)
register_reader("desk.ticket", reads)
# Files hang on messages; a private note's are for those who may read private notes ("desk.message.private:view").
register_scopes(
    Message,
    [Own("ticket__requester"), Team("ticket__team"), Organisation("ticket__organisation")],
    kind_field="visibility",
)
register_nav(
    NavItem(
        group=Group.WORK, label=_("My work"), url_name="desk:my_work", icon="user-check", order=10,
        permission=works_here, badge=badge(queries.mine), words=("home",),
    )
)  # fmt: skip
register_nav(
    NavItem(
        group=Group.WORK, label=_("Queues"), url_name="records:desk.ticket:list", icon="inbox", order=20,
        permission=works_here, badge=badge(queries.all_open), words=("tickets",), opens="desk:open_queue",
    )
)  # fmt: skip
register_nav(
    NavItem(
        group=Group.WORK,
        label=_("Board"),
        url_name="desk:board",
        icon="layout-kanban",
        order=30,
        permission=works_here,
    )
)
register_create(
    ShellLink(
        label=_("ticket"), url_name="records:desk.ticket:add", icon="ticket", order=10, permission=may_open
    )
)
