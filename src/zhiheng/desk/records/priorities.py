"""The priority matrix as a look-up."""

from django.utils.translation import gettext_lazy as _

from zhiheng.desk.models import PriorityRule
from zhiheng.platform.grants import Everyone
from zhiheng.records import Fields, Menu, RecordType, Section, Timeline, register

PRIORITY_RULE = register(
    RecordType(
        model=PriorityRule,
        scope=Everyone(),
        columns=["kind", "impact", "urgency", "priority"],
        filters=["kind", "impact", "urgency", "priority"],
        order="impact",
        form=[Section(_("Cell of the matrix"), ["kind", "impact", "urgency", "priority"])],
        panels=[Fields("kind", "impact", "urgency", "priority"), Timeline()],
        import_key=["kind", "impact", "urgency"],
        menu=Menu("settings", _("Priority matrix"), order=40, icon="flag"),
        icon="flag",
        about=_(
            "Which priority follows from impact and urgency. A cell of a kind goes before the same cell of all."
        ),
        small=True,
    )
)
