"""Pages, API and imports of services and offerings."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhiheng.catalog.models import Offering, Service, ServiceItem
from zhiheng.platform.grants import Everyone
from zhiheng.records import Column, Fields, Menu, RecordType, Related, Section, State, Timeline, register

SERVICE = register(
    RecordType(
        model=Service,
        about=_("What is provided, as the people who use it call it. The portal lists what is marked so."),
        scope=Everyone(),
        columns=[
            Column("name", grow=True),
            State("stage"),
            "delivery",
            "owner",
            "team",
            "critical",
            "in_portal",
        ],
        filters=["stage", "delivery", "team", "critical", "in_portal"],
        search={"name": 3, "summary": 2, "slug": 1},
        texts=["name", "summary"],
        form=[
            Section(_("Service"), ["name", "slug", "summary", "delivery", "stage", "critical"]),
            Section(_("Who answers"), ["owner", "team"]),
            Section(_("Elsewhere"), ["in_portal", "external_ref"]),
        ],
        panels=[
            Fields("name", "summary", "stage", "delivery", "owner", "team", "critical", "in_portal"),
            Related("offerings"),
            Related("items"),
            Timeline(),
        ],
        import_key=["slug"],
        menu=Menu("serve", _("Catalogue"), order=10, icon="package", create=True),
        icon="package",
        small=True,
    )
)

OFFERING = register(
    RecordType(
        model=Offering,
        about=_("What can be asked for within a service, each with its own form and team."),
        scope=Everyone(),
        columns=[Column("name", grow=True), "service", "kind", "team", "retired"],
        filters=["service", "kind", "team", "retired"],
        vocabularies={"kind": "ticket-kind"},
        search={"name": 3, "description": 1},
        texts=["name", "description"],
        form=[
            Section(_("Offering"), ["service", "name", "slug", "description"]),
            Section(_("Where it goes"), ["kind", "team", "retired"]),
        ],
        panels=[Fields("name", "service", "description", "kind", "team", "retired"), Timeline()],
        import_key=["slug"],
        menu=Menu("serve", _("Offerings"), order=20, icon="list-details"),
        small=True,
    )
)

SERVICE_ITEM = register(
    RecordType(
        model=ServiceItem,
        scope=Everyone(),
        columns=["service", "item"],
        filters=["service", "item"],
        form=[Section(_("Item of a service"), ["service", "item"])],
        panels=[Fields("service", "item"), Timeline()],
        import_key=["service", "item"],
    )
)
