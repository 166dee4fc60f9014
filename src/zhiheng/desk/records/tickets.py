"""The ticket, declared: its list, its page, its acts."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhiheng.desk import queries, services
from zhiheng.desk.choices import Visibility
from zhiheng.desk.models import Message, Ticket
from zhiheng.desk.queries import queues
from zhiheng.desk.records import forms, panels
from zhiheng.desk.records.columns import Words
from zhiheng.desk.showing.clocks import clock_column
from zhiheng.desk.showing.states import state_column
from zhiheng.kernel.actor import Actor
from zhiheng.platform.grants import Contract, Organisation, Own, Service, Team, person_of
from zhiheng.platform.tags import tagged, tags_used
from zhiheng.processes.choices import FINAL, StateCategory
from zhiheng.records import (
    Act,
    Column,
    Fields,
    Filter,
    Layout,
    Number,
    RecordType,
    RelatedText,
    Section,
    Slot,
    View,
    register,
)


def with_tags(values: Sequence[str], actor: Actor) -> Q:  # noqa: ARG001 - the signature of a filter
    """Tickets with at least one of these tags."""
    return Q(pk__in=tagged("desk.ticket", values))


def tag_names() -> list[tuple[str, str]]:
    """Tags that tickets carry."""
    return [(tag.name, tag.name) for tag in tags_used("desk.ticket")[:50]]


DUE = {"overdue": _("overdue"), "soon": _("due within 4 hours"), "none": _("nothing due")}


def by_due(values: Sequence[str], actor: Actor) -> Q:
    """Open tickets by how near their next commitment is."""
    conditions = {
        "overdue": queues.overdue(actor), "soon": queues.due_soon(actor),
        "none": queues.all_open(actor) & Q(next_due_at=None),
    }  # fmt: skip
    found = Q(pk__in=())
    for value in values:
        found |= conditions.get(value, Q(pk__in=()))
    return found


def is_open(ticket: Ticket, actor: Actor) -> bool:  # noqa: ARG001 - the signature of an act's condition
    """Whether work is still owed."""
    return ticket.state_category not in (*FINAL, StateCategory.SOLVED)


def is_not_over(ticket: Ticket, actor: Actor) -> bool:  # noqa: ARG001
    """Whether the ticket is not closed, cancelled or merged."""
    return ticket.state_category not in FINAL


def is_for_me(ticket: Ticket, actor: Actor) -> bool:
    """Whether the person could take it."""
    return is_open(ticket, actor) and ticket.assignee_id != person_of(actor)


def can_be_restored(ticket: Ticket, actor: Actor) -> bool:
    """Whether the service can be marked as restored."""
    return is_open(ticket, actor) and ticket.kind.about_faults and ticket.restored_at is None


def can_move(ticket: Ticket, actor: Actor) -> bool:  # noqa: ARG001
    """Whether the process leads anywhere from here."""
    return bool(forms.moves_of(ticket))


ACTS = [
    Act("claim", services.claim_ticket, title=_("Take"), allowed=is_for_me, bulk=True),
    Act(
        "assign", services.assign_ticket, title=_("Assign"), form=forms.AssignForm, key="a", bulk=True,
        allowed=is_not_over,
    ),
    Act(
        "transition", services.transition, title=_("Move on"), form=forms.TransitionForm, key="s", bulk=True,
        allowed=can_move, lead=True,
    ),
    Act("reply", services.reply, title=_("Reply"), form=forms.ReplyForm, key="r"),
    Act("note", services.add_note, title=_("Note"), form=forms.NoteForm, key="n"),
    Act(
        "prioritise", services.change_priority, title=_("Change priority"), form=forms.PriorityForm, bulk=True,
        allowed=is_not_over,
    ),
    Act(
        "restore", services.mark_restored, title=_("Service restored"), form=forms.RestoreForm, allowed=can_be_restored
    ),
    Act("link", services.link_tickets, title=_("Link a ticket"), form=forms.LinkForm),
    Act("attach_item", services.attach_item, title=_("Name an item"), form=forms.ItemForm),
]  # fmt: skip

TICKET = register(
    RecordType(
        model=Ticket,
        about=_(
            "Everything that people ask for or report, with its state, its clocks and its conversation."
        ),
        scope=[
            Own("requester", fact="requester_id"), Team("team"), Organisation("organisation"), Service("service"),
            Contract("contract"),
        ],
        confidential="confidential",
        kind_field="kind__slug",
        columns=[
            Number(),
            Column("title", grow=True),
            "organisation",
            "priority",
            Words("state", _("State"), value=state_column),
            Words("clock", _("Commitment"), value=clock_column),
            "assignee",
            Column("team", shown=False),
            Column("requester", shown=False),
            Column("service", shown=False),
            Column("kind", shown=False),
            Column("category", shown=False),
            Column("received_at", shown=False),
            Column("next_due_at", shown=False),
            Column("resolved_at", shown=False),
        ],
        views=[
            View("mine", _("My work"), where=queries.mine, order="next_due_at"),
            View("free", _("Free in my teams"), where=queries.free_in_my_teams, order="next_due_at"),
            View("unassigned", _("Unassigned"), where=queries.unassigned, order="next_due_at"),
            View("teams", _("My teams"), where=queries.of_my_teams, order="next_due_at"),
            View("due", _("Overdue or due soon"), where=queries.due_soon, order="next_due_at"),
            View("open", _("All open"), where=queries.all_open, order="next_due_at"),
            View("solved", _("Recently solved"), where=queries.recently_solved, order="-received_at"),
        ],
        filters=[
            "state_category", "priority", "team", "assignee", "organisation", "service", "kind", "category",
            Filter("due", _("Due"), where=by_due, options=lambda: list(DUE.items())),
            "received_at", "requester",
            Filter("tags", _("Tags"), where=with_tags, options=tag_names),
        ],
        order="-received_at",
        search={"number": 4, "title": 3, "category": 1, "external_ref": 2, "solution": 1},
        search_private=["cause_code"],
        search_related=[RelatedText(Message, "ticket", "body", private=Q(visibility=Visibility.PRIVATE))],
        form=[
            Section(_("What it is about"), ["title", "service", "offering", "category", "subcategory", "symptom"]),
            Section(_("Who asks"), ["requester", "organisation", "contract", "channel", "location"]),
            Section(_("Fault"), ["service_effect", "onset_at"]),
            Section(_("How it ended"), ["solution", "cause_code"]),
            Section(_("Handling"), ["confidential", "is_test"]),
        ],
        create_fields=[
            "kind", "title", "service", "offering", "category", "requester", "organisation", "channel", "impact",
            "urgency", "service_effect", "received_at", "onset_at", "confidential",
        ],
        form_class=forms.TicketForm,
        acts=ACTS,
        detail=Layout(
            main=[panels.ProcessPanel(), panels.Conversation()],
            side=[
                panels.Clocks(),
                panels.Handling(),
                Fields("requester", "organisation", "contract", "service", "offering", title=_("For whom")),
                Fields(
                    "category", "subcategory", "symptom", "location", "service_effect", "cause_code",
                    title=_("What it is about"),
                ),
                panels.Links(),
                panels.Items(),
                Slot("ticket.side"),
                panels.Around(),
                Fields("channel", "received_at", "registered_at", "onset_at", "external_ref", title=_("Origin")),
            ],
        ),
        create=services.open_ticket,
        change=services.edit_ticket,
        delete=False,
        import_key=["external_ref"],
        icon="ticket",
    )
)  # fmt: skip
