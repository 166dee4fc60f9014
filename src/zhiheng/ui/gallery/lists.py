"""Invented lists, jobs, charts, forms and the smaller components."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from zhiheng.ui.components import (
    ActButton,
    Avatar,
    Cell,
    Chart,
    ChartKind,
    Chips,
    Choice,
    Column,
    Empty,
    JobCard,
    JobState,
    Link,
    MapArc,
    MapNode,
    Menu,
    MenuEntry,
    Notice,
    ProcessMap,
    Properties,
    Property,
    Series,
    Tab,
    Table,
    TableRow,
    Tabs,
)
from zhiheng.ui.gallery.samples import clocks
from zhiheng.ui.inputs import DayInput

TITLES = (
    "华东区核心交换机端口告警，OA 与邮件无法访问",
    "New starter: account, mailbox and VPN",
    "报表库备份失败，连续第 3 天",
    "上次上门未提前联系，要求说明",
    "Projector for the meeting room",
    "打印服务间歇性不可用",
    "Upgrade the VPN gateway to 8.4",
)


def table() -> Table:
    """A queue with every kind of cell."""
    states = (_("In progress"), _("Waiting for the customer"), _("New"))
    tones = ("state", "pause", "state")
    shown = clocks()
    rows = tuple(
        TableRow(
            id=str(index),
            url=f"#ticket-{index}",
            peek_url="?peek=1",
            label=title,
            cells=(
                Cell(f"INC-{204871 - 7 * index}", muted=True),
                Cell(title, url=f"#ticket-{index}"),
                Cell(("客户甲", "客户乙", "客户丙")[index % 3], muted=True),
                Cell(f"P{index % 4 + 1}"),
                Cell(states[index % 3], tone=tones[index % 3]),
                Cell(shown[1 + index % 6]),
                Cell(Avatar("网络工程师") if index % 3 else None),
            ),
        )
        for index, title in enumerate(TITLES)
    )
    columns = (
        Column(name="number", label=_("Number"), sort_url="?sort=number"),
        Column(name="title", label=_("Title"), fill=True),
        Column(name="customer", label=_("Customer")),
        Column(name="priority", label=_("Priority")),
        Column(name="state", label=_("State")),
        Column(name="due", label=_("Commitment"), sort_url="?sort=due", sorted="ascending"),
        Column(name="assignee", label=_("Assignee")),
    )
    acts = (
        ActButton(label=_("Assign"), name="act", value="assign", key="a", icon="user-check"),
        ActButton(label=_("Export"), name="act", value="export", icon="download"),
    )
    return Table(columns=columns, rows=rows, label=_("Queue"), selectable=True, cards=True, acts=acts)


def chips() -> Chips:
    """Filters, two on."""
    return Chips(
        (
            Choice(pgettext("state of a ticket", "Open"), "#", on=True, count=87),
            Choice(_("Due soon"), "#", count=6),
            Choice(_("Without assignee"), "#", count=1000, count_capped=True),
            Choice(_("Priority: P1"), "#", on=True, remove=True),
            Choice(_("Customer"), "#", icon="plus"),
        ),
        _("Filters"),
    )


def tabs() -> Tabs:
    """Saved views."""
    return Tabs(
        (Tab(_("All"), "#", current=True, count=87), Tab(_("Mine"), "#", count=12), Tab(_("Overdue"), "#"))
    )


def jobs() -> list[JobCard]:
    """A job in each state."""
    return [
        JobCard(
            name=_("Import tickets"),
            state=JobState.RUNNING,
            done=15948,
            total=24918,
            doing=_("Writing entries"),
            remaining_s=38,
            url="#",
            cancel_url="#",
        ),
        JobCard(
            name=_("Export to XLSX"),
            state=JobState.WAITING,
            doing=_("Waiting for a free worker"),
            cancel_url="#",
        ),
        JobCard(
            name=_("Monthly report"), state=JobState.DONE, result=Link(_("Open"), "#"), doing=_("48 figures")
        ),
        JobCard(
            name=_("Import people"),
            state=JobState.DEAD,
            done=120,
            total=400,
            retry_url="#",
            error=_("Line 121: the team “网络三线” does not exist."),
        ),
    ]


def properties() -> Properties:
    """Properties of a ticket."""
    return Properties(
        (
            Property(_("Customer"), "客户甲", url="#", note=_("tier A")),
            Property(_("Service"), "办公协同、企业邮箱", edit_url="#"),
            Property(_("Priority"), "P1", tone="miss"),
            Property(_("Assignee"), "网络工程师", edit_url="#"),
            Property(_("Cause"), ""),
        )
    )


def chart(kind: ChartKind, chart_id: str) -> Chart:
    """A chart of weekly figures."""
    weeks = tuple(f"W{week}" for week in range(34, 47))
    first = (1.8, 1.9, 2.1, 1.9, 2.2, 2.0, 2.3, 2.2, 2.4, 2.3, 2.6, 2.4, 2.4)
    second = (1.2, 1.3, 1.1, 1.2, None, 1.3, 1.4, 1.2, 1.2, 1.1, 1.3, 1.2, 1.2)
    band = kind is ChartKind.LINE
    return Chart(
        id=chart_id,
        title=_("Do we answer in time?"),
        kind=kind,
        categories=weeks,
        unit=_("h"),
        decimals=1,
        target=2.0,
        x_label=_("Week"),
        series=(
            Series(
                _("Network, second line"),
                first,
                urls=tuple("#" for _week in weeks),
                low=tuple(value - 0.2 for value in first) if band else (),
                high=tuple(value + 0.2 for value in first) if band else (),
            ),
            Series(_("Service desk"), second),
        ),
    )


def process_map() -> ProcessMap:
    """A small process with rework."""
    nodes = (
        MapNode("new", _("New"), 24918, kind="start"),
        MapNode("active", _("In progress"), 24102, url="#"),
        MapNode("waiting", _("Waiting for the customer"), 5310),
        MapNode("resolved", _("Resolved"), 24918),
        MapNode("closed", _("Closed"), 24918, kind="end"),
    )
    arcs = (
        MapArc("new", "active", 22140, _("12 min"), "#"),
        MapArc("active", "active", 31050, _("1 h")),
        MapArc("active", "waiting", 9120, _("2 h")),
        MapArc("waiting", "active", 8740, _("31 h"), "#", "risk"),
        MapArc("active", "resolved", 23010, _("4 h")),
        MapArc("resolved", "closed", 24918, _("5 d")),
        MapArc("resolved", "active", 1104, _("9 h"), "#", "miss"),
    )
    return ProcessMap(id="map", title=_("How tickets really went"), nodes=nodes, arcs=arcs)


class SampleForm(forms.Form):
    """Every kind of field."""

    title = forms.CharField(
        label=gettext_lazy("Title"), help_text=gettext_lazy("What happened, in one sentence.")
    )
    service = forms.ChoiceField(
        label=gettext_lazy("Service"), choices=[("", "—"), *((str(i), f"服务 {i:02d}") for i in range(1, 31))]
    )
    due = forms.DateField(label=gettext_lazy("Due"), required=False, widget=DayInput())
    impact = forms.ChoiceField(
        label=gettext_lazy("Impact"),
        widget=forms.RadioSelect,
        choices=[
            ("1", gettext_lazy("One person")),
            ("2", gettext_lazy("A team")),
            ("3", gettext_lazy("Everybody")),
        ],
    )
    text = forms.CharField(label=gettext_lazy("Description"), widget=forms.Textarea, required=False)
    notify = forms.BooleanField(
        label=gettext_lazy("Tell the requester"), required=False, help_text=gettext_lazy("By mail, at once.")
    )


def form() -> SampleForm:
    """The form as it comes back with mistakes."""
    return SampleForm({"title": "", "service": "7", "due": date(2026, 11, 20), "impact": "2", "notify": "on"})


def small() -> dict[str, object]:
    """Buttons, notices, a menu, an empty state."""
    return {
        "acts": [
            ActButton(label=_("On hold"), url="#", key="p"),
            ActButton(label=_("Transfer"), url="#", key="t", icon="switch-horizontal"),
            ActButton(label=_("Resolve"), url="#", key="s", primary=True, icon="check"),
            ActButton(label=_("Delete"), post_url="#", danger=True, confirm=_("Delete this draft?")),
            ActButton(label=_("Close"), url="#", disabled_reason=_("The review is missing.")),
        ],
        "notices": [
            Notice(_("The export of last night is ready."), link=Link(_("Open"), "#")),
            Notice(_("All rows were imported."), "ok"),
            Notice(_("The calendar of 2027 has not been announced yet."), "risk"),
            Notice(_("Nothing was saved."), "miss", _("The row was changed by someone else")),
        ],
        "menu": Menu(
            id="sample-menu",
            label=_("More"),
            entries=(
                MenuEntry(label=_("Copy the link"), url="#", icon="link"),
                MenuEntry(label=_("Merge"), url="#", icon="arrow-merge", key="m"),
                MenuEntry(label=_("Cancel the ticket"), post_url="#", icon="circle-x", danger=True),
            ),
        ),
        "empty": Empty(
            _("No findings yet"),
            _("A finding says where a figure misses its target and why. It leads to an initiative."),
            ActButton(label=_("Look at the overview"), url="#", primary=True),
            "target",
        ),
    }
