"""Pages, API and imports of contracts, commitments and exemptions."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhiheng.agreements import queries, services
from zhiheng.agreements.models import Commitment, Contract, Exemption
from zhiheng.kernel.actor import Actor
from zhiheng.platform.grants import Contract as InContract
from zhiheng.platform.grants import Everyone, Organisation
from zhiheng.records import Act, Column, Fields, Menu, RecordType, Related, Section, Timeline, View, register
from zhiheng.ui.formatting import duration

ENDLESS_S = 10**9


def _in_force(actor: Actor) -> Q:  # noqa: ARG001 - the signature of a view
    return Q(retired=False)


def _targets(rows: Sequence[Commitment]) -> dict[int, str]:
    """The promised times as hours and minutes: a day would be read as a calendar day."""
    return {row.pk: duration(row.target_seconds, day_s=ENDLESS_S) for row in rows}


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
            Column("target", _("target (h:mm)"), value=_targets), "calendar", "kind", "priority",
            "organisation", "service", "retired",
        ],
        views=[View("in-force", _("In force"), where=_in_force)],
        filters=["level", "promise", "priority", "organisation", "service", "contract", "retired"],
        order="order",
        search={"name": 2},
        texts=["name"],
        form=[
            Section(_("Promise"), ["name", "level", "promise", "target_seconds", "calendar", "pauses"]),
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
        delete=services.delete_exemption,
        menu=Menu("measure", _("Exemptions"), order=20, icon="scale"),
        icon="scale",
        small=True,
    )
)  # fmt: skip
