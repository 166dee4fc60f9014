"""One declaration per model: pages, forms, REST, import, export, search and tests are derived from it.

A domain writes `<app>/records.py`; it is found at start-up. The whole of it for a plain look-up:

    from zhiheng.platform.grants import Everyone
    from zhiheng.records import Column, Fields, Menu, RecordType, Related, Section, Timeline, register

    ITEM_CLASS = register(
        RecordType(
            model=ItemClass,                                    # a JournaledModel
            scope=Everyone(),                                   # who may hold a grant on which rows
            columns=["name", "parent", Column("items", value=queries.item_counts)],
            filters=["parent", "retired"],
            search={"name": 3, "description": 1},
            form=[Section(_("Basics"), ["name", "parent", "icon"]), Section(_("Attributes"), ["attributes"])],
            panels=[Fields("name", "parent", "description"), Related("items"), Timeline()],
            import_key=["name"],
            menu=Menu("run", _("Classes"), order=40),
            small=True,                                         # a look-up: filters need no index
        )
    )

and what a rich one adds:

    TICKET = register(
        RecordType(
            model=Ticket,
            scope=[Own("requester"), Team("team"), Organisation("organisation")],
            confidential="confidential",
            kind_field="kind__slug",
            columns=[Number(), Column("title", grow=True), "priority", State(), Due("next_due_at"), "assignee"],
            views=[View("mine", _("My work"), where=queries.mine, order="next_due_at")],   # where(actor) -> Q
            filters=["state", "priority", "team", "assignee", "received_at", "tags"],
            acts=[Act("assign", services.assign_ticket, title=_("Assign"), form=AssignForm, key="a", bulk=True)],
            detail=Layout(main=[ProcessStrip(), Timeline()], side=[Fields("organisation"), Slot("ticket.side")]),
            create=services.open_ticket,                        # called with the form's values, actor and cause
            import_key=["external_ref"],
        )
    )

- `Column(name, title="", value=None, grow=False, shown=True)`: `value(records) -> {pk: value}`, once per page.
- `Filter(name, title="", where=None, options=None)`: `where(values, actor) -> Q` replaces the field.
- `Act(name, service, title=, form=, key=, bulk=, permission=, allowed=, lead=, confirm=, opens=)`: the service gets the
  record under its model's name (or `record`), the form's values, and `actor` and `cause` if it takes them. A form
  class whose `__init__` takes `record` or `actor` gets them. `opens="edit"` leads to the record that it makes.
- `fixed=Fixed(why, act="revise")`: `why(record)` says why this one cannot be changed; its form is then only read.
- Panels: `Fields(*names)`, `Related(name)`, `Timeline()`, `Tags()`, `Attachments()`, `Watchers()`, `Slot(name)`.
- A panel of one's own: a frozen dataclass with `template` and `context(page)`; `page` is a `panels.RecordPage`
  (`record`, `actor`, `request`, `may(action)`, `properties(names)`, `related(name, limit=)`, `entries(limit=)`).
- From above: `TICKET.slot("ticket.side").add(ProbableCauses(), order=20)` in `<app>/panels.py`.
- `search_related=[RelatedText(Message, "ticket", "body", private=Q(visibility="private"))]`: found by its messages too.
- `create`, `change`, `delete` name a service of the domain, or False where it is not offered.

Elsewhere: `registry["desk.ticket"]`, `registry.of(record)`; `routes.record_url(record_or_type, page)` and the tag
`{% record_url record "edit" %}`; writes by `services.create_record`, `change_record`, `delete_record`, `bulk_change`.
"""

from zhiheng.records.columns import Column, Due, Number, State
from zhiheng.records.declaration import (
    Act,
    Filter,
    Fixed,
    Layout,
    Menu,
    RecordType,
    RelatedText,
    Section,
    View,
)
from zhiheng.records.panels import Attachments, Fields, Panel, Related, Slot, Tags, Timeline, Watchers
from zhiheng.records.registry import register, registry

__all__ = [
    "Act",
    "Attachments",
    "Column",
    "Due",
    "Fields",
    "Filter",
    "Fixed",
    "Layout",
    "Menu",
    "Number",
    "Panel",
    "RecordType",
    "Related",
    "RelatedText",
    "Section",
    "Slot",
    "State",
    "Tags",
    "Timeline",
    "View",
    "Watchers",
    "register",
    "registry",
]
