"""What the acts on a ticket ask of a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiheng.accounts.models import Person, Team
from zhiheng.accounts.queries import teams_of
from zhiheng.cmdb.models import ConfigurationItem
from zhiheng.desk.choices import Channel, Level, LinkType
from zhiheng.desk.models import Ticket
from zhiheng.kernel.actor import Actor
from zhiheng.kernel.text import localized
from zhiheng.processes.queries import definition_of
from zhiheng.processes.rules import Transition
from zhiheng.records import Section
from zhiheng.records.forms.build import DrawnSection, RecordForm
from zhiheng.records.forms.inputs import LinkField
from zhiheng.ui.inputs import MomentInput

ASKED = ("question", "solution", "reason")
Choices = list[tuple[str, str]]


def _long(label: Any, help_text: Any = "", rows: int = 5) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=False, widget=forms.Textarea(attrs={"rows": rows})
    )


ADDING = (
    Section(_("What it is about"), ["kind", "title", "body", "service", "offering", "category"]),
    Section(_("Who asks"), ["requester", "organisation", "channel"]),
    Section(_("How bad it is"), ["impact", "urgency", "service_effect"]),
    Section(_("When"), ["received_at", "onset_at", "confidential"]),
)


class TicketForm(RecordForm):
    """Adding and editing; adding also takes the requester's own words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:
            self.fields["body"] = _long(_("Description"), _("In the requester's words; they can read it."))
            self.fields["received_at"].required = False
            # Who registers a ticket by hand mostly does so for somebody on the telephone.
            self.initial["channel"] = Channel.PHONE
            self.fields["received_at"].help_text = _("Empty: now. Earlier for a call taken before.")

    def drawn_sections(self) -> Iterator[DrawnSection]:
        """Adding asks in its own order, the description under the title; editing as declared."""
        if "kind" not in self.fields:
            yield from super().drawn_sections()
            return
        for section in ADDING:
            yield DrawnSection(section.title, section.help, [self[name] for name in section.fields])


class AssignForm(forms.Form):
    """Team and person."""

    team: forms.ModelChoiceField[Any] = forms.ModelChoiceField(queryset=None)
    to: forms.ModelChoiceField[Any] = forms.ModelChoiceField(queryset=None)
    reason = forms.CharField(label=_("Why"), required=False, max_length=240)

    def __init__(self, *args: Any, record: Ticket | None, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = held = record if record is not None else Ticket()
        self.fields["team"] = LinkField(
            Team, actor, label=_("Team"), required=False, initial=held.team_id,
            help_text=_("Empty: the team of the person."),
        )  # fmt: skip
        to = LinkField(Person, actor, label=_("Assignee"), required=False, initial=held.assignee_id)
        to.options.rows = to.options.rows.filter(memberships__isnull=False, is_active=True).distinct()
        to.help_text = _("Empty: the team decides.")
        self.fields["to"] = to

    def clean(self) -> dict[str, Any]:
        """A person alone brings their team along."""
        values = super().clean() or {}
        if values.get("to") and not values.get("team"):
            teams = teams_of(values["to"])
            values["team"] = teams.filter(pk=self.held.team_id or 0).first() or teams.order_by("id").first()
        if not values.get("to") and not values.get("team") and not self.errors:
            self.add_error("team", _("Choose a team, a person or both."))
        return values


class TransitionForm(forms.Form):
    """Where the process leads from here, and what that step asks for."""

    to = forms.ChoiceField(label=_("Next"), widget=forms.RadioSelect)
    question = _long(
        _("Question to the requester"), _("They read it; the clock stands still until they answer.")
    )
    solution = _long(_("Solution"), _("The requester reads it."))
    reason = _long(_("Reason"), rows=3)
    expected_state = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, record: Ticket | None, actor: Actor, to: str = "", **kwargs: Any) -> None:  # noqa: ARG002
        super().__init__(*args, **kwargs)
        self.moves = moves_of(record)
        choices: Choices = [(move.target, localized(dict(move.name))) for move in self.moves]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]
        chosen = next((move for move in self.moves if move.target == to), None)
        if record is not None:
            self.fields["expected_state"].initial = record.state
            self.fields["solution"].initial = record.solution
        if chosen is not None:
            self._narrow(chosen)

    def _narrow(self, move: Transition) -> None:
        """Ask only for what this one step needs."""
        self.fields["to"].initial = move.target
        self.fields["to"].widget = forms.HiddenInput()
        for name in ASKED:
            if name in move.needs:
                self.fields[name].required = True
                self.fields[name].widget.attrs["autofocus"] = True
            else:
                del self.fields[name]
        self.title = localized(dict(move.name))


def moves_of(ticket: Ticket | None) -> list[Transition]:
    """The steps that the ticket's process allows from where it stands."""
    if ticket is None or not ticket.state:
        return []
    return list(definition_of(ticket.process_version_id).moves_from(ticket.state))


class ReplyForm(forms.Form):
    """A public message."""

    body = _long(_("Reply"), _("The requester reads it."), rows=6)


class NoteForm(forms.Form):
    """A private note."""

    body = _long(_("Note"), _("Only staff read it."), rows=6)


class PriorityForm(forms.Form):
    """Impact and urgency."""

    impact = forms.TypedChoiceField(label=_("Impact"), choices=Level, coerce=int)
    urgency = forms.TypedChoiceField(label=_("Urgency"), choices=Level, coerce=int)
    reason = forms.CharField(
        label=_("Why"), required=False, max_length=240, help_text=_("Required when the priority goes down.")
    )

    def __init__(self, *args: Any, record: Ticket | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if record is not None:
            self.fields["impact"].initial, self.fields["urgency"].initial = record.impact, record.urgency


class RestoreForm(forms.Form):
    """When the service worked again."""

    at = forms.DateTimeField(
        label=_("Service restored at"), required=False, widget=MomentInput(), help_text=_("Empty: now.")
    )


def _link_form(name: str, model: type[Any], label: Any, fields: Callable[[], dict[str, forms.Field]]) -> Any:
    def __init__(self: forms.Form, *args: Any, actor: Actor, **kwargs: Any) -> None:  # noqa: N807
        forms.Form.__init__(self, *args, **kwargs)
        self.fields[name] = LinkField(model, actor, label=label)
        self.order_fields([*[other for other in self.fields if other != name], name])

    declared = {name: forms.ModelChoiceField(queryset=None), **fields()}
    return type("LinkForm", (forms.Form,), {"__init__": __init__, **declared})


LinkForm = _link_form(
    "target",
    Ticket,
    _("Other ticket"),
    lambda: {"link_type": forms.ChoiceField(label=_("This ticket"), choices=LinkType)},
)
ItemForm = _link_form("item", ConfigurationItem, _("Configuration item"), dict)
