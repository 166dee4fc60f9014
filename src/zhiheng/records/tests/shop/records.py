"""The declarations of the shop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import forms
from django.db.models import Count, Q

from zhiheng.kernel.actor import Actor
from zhiheng.kernel.errors import Conflict
from zhiheng.platform.grants import Everyone, Own
from zhiheng.platform.journal import act, register_act
from zhiheng.records import (
    Act,
    Column,
    Due,
    Fields,
    Layout,
    Menu,
    Number,
    RecordType,
    Related,
    Section,
    Slot,
    State,
    Timeline,
    View,
    register,
)
from zhiheng.records.tests.shop.models import Category, Line, Order, Stage

register_act("shop.order.sent", label="sent")


def send_order(*, order: Order, carrier: str) -> Order:
    """Send it. Raises Conflict when it was sent before."""
    if order.stage == Stage.SENT:
        raise Conflict("It was sent before.", field="carrier")
    with act("shop.order.sent", record=order, data={"carrier": carrier}):
        order.stage = Stage.SENT
        order.save()
    return order


class SendForm(forms.Form):
    """Who carries it."""

    carrier = forms.CharField(max_length=20)


def line_counts(orders: Sequence[Order]) -> Mapping[int, int]:
    """Lines per order."""
    rows = Line.objects.filter(purchase__in=[order.pk for order in orders]).values("purchase")
    return {row["purchase"]: row["lines"] for row in rows.annotate(lines=Count("id"))}


def urgent(_actor: Actor) -> Q:
    """What cannot wait."""
    return Q(urgent=True)


def unsent(order: Order, _actor: Actor) -> bool:
    """Whether it can still be sent."""
    return order.stage != Stage.SENT


CATEGORY = register(
    RecordType(
        model=Category,
        scope=Everyone(),
        columns=["code", "name", "parent"],
        filters=["parent", "retired", "tags"],
        search={"code": 3, "name": 2},
        panels=[Fields("code", "name", "parent", "retired"), Related("orders"), Timeline()],
        import_key=["code"],
        menu=Menu("settings", "Categories"),
        small=True,
    )
)

ORDER = register(
    RecordType(
        model=Order,
        scope=[Own("owner")],
        confidential="confidential",
        columns=[
            Number(),
            Column("title", grow=True),
            State("stage"),
            "category",
            "owner",
            Due("due_at"),
            Column("lines", value=line_counts),
            Column("pieces", shown=False),
        ],
        filters=["stage", "category", "owner", "due_at", "placed_at", "pieces"],
        views=[View("urgent", "Urgent", where=urgent, order="due_at")],
        order="-placed_at",
        search={"number": 5, "title": 3},
        search_private=["note"],
        form=[
            Section("Order", ["number", "title", "note", "secret", "category", "owner"]),
            Section("Rest", ["stage", "pieces", "weight", "urgent", "ordered_on", "due_at", "placed_at"]),
        ],
        acts=[
            Act(
                "send", send_order, title="Send", form=SendForm, key="s", bulk=True, allowed=unsent, lead=True
            )
        ],
        detail=Layout(
            main=[Timeline(), Related("lines")],
            side=[Fields("stage", "category", "owner", "note"), Slot("order.side")],
        ),
        import_key=["number"],
        redact=["secret"],
    )
)

LINE = register(
    RecordType(
        model=Line, columns=["text", "purchase"], filters=["purchase"], import_key=["purchase", "text"]
    )
)
