"""Pages, API and imports of contracts, commitments and exemptions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhiheng.agreements import queries, services
from zhiheng.agreements.choices import ExemptionState
from zhiheng.agreements.models import Commitment, Contract, Exemption
from zhiheng.calendars.queries import day_lengths
from zhiheng.kernel.actor import Actor
from zhiheng.platform.grants import Contract as InContract
from zhiheng.platform.grants import Everyone, Organisation
from zhiheng.records import (
    Act,
    Column,
    Fields,
    Fixed,
    Menu,
    RecordType,
    Related,
    Section,
    Timeline,
    View,
    register,
)
from zhiheng.records.forms.build import RecordForm
from zhiheng.records.forms.inputs import SpelledField
from zhiheng.ui.durations import NATURAL, Day, example, spelled


def _in_force(actor: Actor) -> Q:  # noqa: ARG001 - the signature of a view
    return Q(retired=False)


def target_words(rows: Sequence[Commitment]) -> dict[int, str]:
    """The promised times in days and hours of the time they run in: natural, or that of their service hours."""
    days = day_lengths(calendar_ids={row.calendar_id for row in rows if row.calendar_id})
    return {row.pk: spelled(row.target_seconds, days.get(row.calendar_id or 0, NATURAL)) for row in rows}


class CommitmentForm(RecordForm):
    """The promised time is written in the days of the service hours that are chosen in the same form."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        target = self.fields.get("target_seconds")
        if isinstance(target, SpelledField):
            target.day = self._day()
            target.help_text = _help_of(target.day)

    def _day(self) -> Day:
        """The day of the calendar that is chosen now; natural time where none is."""
        held = self.instance.calendar_id
        if "calendar" in self.fields:
            held = self["calendar"].value() if self.is_bound else self.initial.get("calendar", held)
        key = int(held) if str(held).isdigit() else 0
        return day_lengths(calendar_ids={key}).get(key, NATURAL)


def why_fixed(exemption: Exemption) -> Promise | str:
    """Why an exemption is not changed any more; empty while it is a proposal."""
    return "" if exemption.state == ExemptionState.PROPOSED else services.DECIDED


def _help_of(day: Day) -> str:
    """How to write the promised time."""
    if not day.working or day.seconds is None:
        return gettext("Write it like %(example)s.") % {"example": example(day)}
    words = gettext("Write it like %(example)s. A working day of these service hours has %(time)s.")
    return words % {"example": example(day), "time": spelled(day.seconds)}


CONTRACT = register(
    RecordType(
        model=Contract,
        about=_("What was agreed with a customer and for how long. Commitments and tickets refer to it."),
        scope=[Organisation("organisation"), InContract("id")],
        columns=["number", Column("name", grow=True), "organisation", "starts_on", "ends_on", "manager"],
        filters=["organisation", "starts_on", "ends_on", "manager"],
        search={"number": 3, "name": 2, "notes": 1},
        form=[
            Section(_("Contract"), ["number", "name", "organisation", "manager"]),
            Section(_("Term"), ["starts_on", "ends_on", "notes"]),
        ],
        panels=[
            Fields("number", "name", "organisation", "manager", "starts_on", "ends_on", "notes"),
            Related("commitments"),
            Timeline(),
        ],
        import_key=["number"],
        menu=Menu("organise", _("Contracts"), order=30, icon="certificate", create=True),
        icon="certificate",
        small=True,
    )
)

COMMITMENT = register(
    RecordType(
        model=Commitment,
        about=_(
            "Promised times: how soon work is answered, restored and resolved. The first that matches a ticket applies."
        ),
        scope=Everyone(),
        columns=[
            "order", Column("name", grow=True), "level", "promise",
            Column("target", _("promised time"), value=target_words), "calendar", "kind",
            "priority",
            "organisation", "service", "retired",
        ],
        views=[View("in-force", _("In force"), where=_in_force)],
        filters=["level", "promise", "kind", "priority", "organisation", "service", "contract", "retired"],
        order="order",
        search={"name": 2},
        texts=["name"],
        labels={"target_seconds": _("promised time")},
        words={"target_seconds": target_words},
        vocabularies={"kind": "ticket-kind"},
        form_class=CommitmentForm,
        form=[
            Section(_("Promise"), ["name", "level", "promise", "calendar", "target_seconds", "pauses"]),
            Section(
                _("Applies to"),
                ["order", "contract", "organisation", "service", "kind", "priority"],
                help=_("Empty means any. The first commitment that matches applies, by order."),
            ),
            Section(_("Changes"), ["on_policy_change", "retired"]),
        ],
        panels=[
            Fields(
                "name", "level", "promise", "target_seconds", "calendar", "pauses", "on_policy_change", "order",
                "contract", "organisation", "service", "kind", "priority", "retired",
            ),
            Timeline(),
        ],
        delete=False,
        menu=Menu("run", _("Commitments"), order=30, icon="clock-check"),
        icon="clock-check",
        small=True,
    )
)  # fmt: skip

EXEMPTION = register(
    RecordType(
        model=Exemption,
        about=_(
            "Tickets that figures leave out for a reason the provider does not answer for. One person proposes, "
            "another decides; figures are shown with and without them."
        ),
        scope=[Organisation("organisation")],
        columns=[
            "starts_at", "ends_at", "ground", Column("reason", grow=True), "organisation", "service", "state",
            "proposed_by",
        ],
        views=[View("waiting", _("To decide"), where=queries.exemptions_waiting)],
        filters=["state", "ground", "organisation", "service", "starts_at"],
        order="-starts_at",
        search={"reason": 2, "evidence": 1},
        vocabularies={"kind": "ticket-kind"},
        form=[
            Section(_("Exemption"), ["ground", "reason", "evidence"]),
            Section(
                _("Which tickets"),
                ["starts_at", "ends_at", "commitment", "organisation", "service", "kind"],
                help=_("Tickets received in the period that share what is named here; empty means any."),
            ),
        ],
        panels=[
            Fields(
                "state", "ground", "reason", "evidence", "starts_at", "ends_at", "commitment", "organisation",
                "service", "kind", "proposed_by", "decided_by", "decided_at",
            ),
            Timeline(),
        ],
        acts=[
            Act("approve", services.approve_exemption, title=_("Approve"), allowed=queries.may_decide, lead=True),
            Act("refuse", services.refuse_exemption, title=_("Refuse"), allowed=queries.may_decide),
        ],
        create=services.propose_exemption,
        change=services.change_exemption,
        fixed=Fixed(why_fixed),
        delete=services.delete_exemption,
        menu=Menu("measure", _("Exemptions"), order=20, icon="scale"),
        icon="scale",
        small=True,
    )
)  # fmt: skip
