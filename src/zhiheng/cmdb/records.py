"""Pages, API and imports of configuration items, their classes and relations."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhiheng.cmdb.choices import LifecycleState
from zhiheng.cmdb.models import ConfigurationItem, ItemClass, ItemRelation
from zhiheng.cmdb.panels import Impact
from zhiheng.kernel.actor import Actor
from zhiheng.platform.grants import Everyone, Organisation, Team
from zhiheng.records import (
    Column,
    Fields,
    Menu,
    RecordType,
    Related,
    Section,
    State,
    Timeline,
    View,
    register,
)


def _in_service(actor: Actor) -> Q:  # noqa: ARG001 - the signature of a view
    return Q(state=LifecycleState.IN_SERVICE)


ITEM_CLASS = register(
    RecordType(
        model=ItemClass,
        about=_("Kinds of configuration items, such as servers, switches or applications."),
        scope=Everyone(),
        columns=[Column("name", grow=True), "slug", "parent", "retired"],
        filters=["parent", "retired"],
        search={"name": 3, "slug": 1},
        texts=["name"],
        form=[Section(_("Class"), ["name", "slug", "parent", "description", "retired"])],
        panels=[Fields("name", "slug", "parent", "description", "retired"), Related("items"), Timeline()],
        import_key=["slug"],
        menu=Menu("run", _("Item classes"), order=42, icon="sitemap"),
        small=True,
    )
)

ITEM = register(
    RecordType(
        model=ConfigurationItem,
        about=_("What services run on, and how it hangs together. Tickets name the items they concern."),
        scope=[Team("team"), Organisation("organisation")],
        columns=[
            Column("name", grow=True),
            "item_class",
            State("state"),
            "criticality",
            "organisation",
            "team",
            "location",
        ],
        views=[View("in-service", _("In service"), where=_in_service)],
        filters=["item_class", "organisation", "team"],
        order="name",
        search={"name": 3, "serial_number": 2, "location": 1, "external_ref": 1, "notes": 1},
        form=[
            Section(_("Item"), ["name", "item_class", "state", "criticality", "serial_number", "location"]),
            Section(_("Who"), ["organisation", "team", "owner"]),
            Section(_("Elsewhere"), ["external_ref", "notes"]),
        ],
        panels=[
            Fields(
                "name",
                "item_class",
                "state",
                "criticality",
                "serial_number",
                "location",
                "organisation",
                "team",
                "owner",
            ),
            Impact(),
            Related("supports", title=_("What depends on it")),
            Related("depends_on", title=_("What it depends on")),
            Related("services"),
            Timeline(),
        ],
        import_key=["external_ref"],
        menu=Menu("run", _("Configuration"), order=40, icon="server", create=True),
        icon="server",
    )
)

ITEM_RELATION = register(
    RecordType(
        model=ItemRelation,
        scope=Everyone(),
        columns=["source", "effect", "target"],
        filters=["source", "target"],
        form=[Section(_("Relation"), ["source", "effect", "target"])],
        panels=[Fields("source", "effect", "target"), Timeline()],
        import_key=["source", "target", "effect"],
    )
)
