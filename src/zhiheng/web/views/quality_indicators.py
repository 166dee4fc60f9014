"""The indicators: the catalogue with today's figures, one indicator in full, and the tickets behind a figure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhiheng.definitions.definition import Indicator, Target
from zhiheng.indicators.queries import (
    Exempt,
    Measured,
    indicators,
    judged_figures,
    judged_groups,
    judged_with_exempt,
    own_targets,
    tickets_behind,
)
from zhiheng.indicators.rules import natural_limits
from zhiheng.indicators.showing import aim_text
from zhiheng.kernel.actor import current
from zhiheng.kernel.text import localized
from zhiheng.platform.grants import may
from zhiheng.records import registry
from zhiheng.records.routes import record_url
from zhiheng.ui.components import Cell, Column, Empty, Properties, Property, Table, TableRow
from zhiheng.ui.formatting import number, quantity
from zhiheng.web.queries.quality import Look, tickets_by_id
from zhiheng.web.queries.quality_desk import overdue_url
from zhiheng.web.queries.quality_figures import (
    name_of,
    shown,
    source_text,
    target_of,
    with_exempt_text,
)
from zhiheng.web.queries.quality_texts import SCOPES, flag_text, listed
from zhiheng.web.queries.quality_words import answer
from zhiheng.web.views.quality_charts import trend_chart
from zhiheng.web.views.quality_page import page, quality_page
from zhiheng.web.views.quality_tables import groups_table, thin_groups

PAGE = 50
GROUPED = ("team", "service", "priority")


@quality_page
def listing(request: HttpRequest, look: Look) -> HttpResponse:
    """The whole catalogue: what can be computed first, then what is missing for the rest."""
    found, exempt = judged_figures(look.lens), judged_with_exempt(look.lens)
    computed = [item for item in found.values() if item.figure.verdict.state != "not_computable"]
    rest = [item for item in found.values() if item.figure.verdict.state == "not_computable"]
    context = {
        "computed": [shown(look, item, exempt) for item in computed],
        "rest": [replace(shown(look, item), rows_url="") for item in rest],
    }
    return page(request, "indicators", look, context)


@quality_page
def detail(request: HttpRequest, look: Look, indicator_id: str) -> HttpResponse:
    """One indicator: figure, trend, groups, and its definition to the last word."""
    indicator = _indicator(indicator_id)
    item, exempt = judged_figures(look.lens)[indicator.id], judged_with_exempt(look.lens)
    minimum = indicator.formula.minimum_n
    values = [point.measurement.value if point.measurement.n >= minimum else None for point in item.trend]
    groups = []
    if item.figure.verdict.state != "not_computable" and "matchers" not in indicator.formula.parameters:
        groups = [
            (SCOPES[scope], groups_table(found, indicator, scope, look), thin_groups(found, scope, look))
            for scope in GROUPED
            if scope not in look.lens.chosen and (found := judged_groups(look.lens, indicator.id, scope))
        ]
    context = {
        "indicator": indicator,
        "name": name_of(indicator),
        "answer": answer([item]),
        "figure": shown(look, item),
        "exemptions": _exemptions(item, exempt),
        "targets": _targets(indicator),
        "add_target": _add_target_url(),
        "chart": trend_chart(item, look, natural_limits(values)),
        "groups": groups,
        "definition": _definition(item),
        "beside": _beside(item.figure.details, indicator),
        "flags": [text for flag in item.figure.measurement.flags if (text := flag_text(flag))],
        "pairs": [
            (name_of(indicators()[name]), name) for name in indicator.shown_with if name in indicators()
        ],
    }
    return page(request, "indicator", look, context)


@quality_page
def rows(request: HttpRequest, look: Look, indicator_id: str) -> HttpResponse:
    """The tickets that speak against a figure, latest first, each a link to the ticket."""
    indicator = _indicator(indicator_id)
    behind = tickets_behind(look.lens, indicator.id)
    first = _first(request, len(behind))
    shown_ids = behind[first : first + PAGE]
    tickets = tickets_by_id(current().actor, shown_ids)
    table = Table(
        id="behind",
        cards=True,
        label=_("Tickets behind the figure"),
        columns=(
            Column(name="number", label=_("Number")),
            Column(name="title", label=_("Title"), fill=True),
            Column(name="priority", label=_("Priority")),
            Column(name="state", label=_("State")),
            Column(name="team", label=_("Team")),
            Column(name="received", label=_("Received")),
        ),
        rows=tuple(
            TableRow(
                id=str(ticket.pk),
                url=record_url(ticket),
                label=ticket.number,
                cells=(
                    Cell(ticket.number, url=record_url(ticket)),
                    Cell(ticket.title),
                    Cell(ticket.get_priority_display()),
                    Cell(ticket.get_state_category_display(), tone="state"),
                    Cell(ticket.team.name if ticket.team else None),
                    Cell(ticket.received_at),
                ),
            )
            for ticket in tickets
        ),
        empty=Empty(title=_("No ticket speaks against this figure"), icon="circle-check"),
    )
    context = {
        "indicator": indicator,
        "name": name_of(indicator),
        "table": table,
        "total": len(behind),
        "first": first + 1,
        "last": first + len(shown_ids),
        "newer": look.query(first=str(first - PAGE)) if first > PAGE else look.query() or "?",
        "has_newer": first > 0,
        "older": look.query(first=str(first + PAGE)),
        "overdue_url": overdue_url(look),
        "has_older": first + PAGE < len(behind),
        "narrowed": [
            f"{SCOPES[scope]}{_(': ')}{look.names.of(scope, key)}" for scope, key in look.lens.filters
        ],
    }
    return page(request, "rows", look, context)


def _indicator(indicator_id: str) -> Indicator:
    if indicator_id not in indicators():
        raise Http404
    return indicators()[indicator_id]


def _first(request: HttpRequest, total: int) -> int:
    asked = request.GET.get("first", "0")
    return min(int(asked), max(total - 1, 0)) // PAGE * PAGE if asked.isdigit() else 0


def _exemptions(item: Measured, exempt: Exempt) -> tuple[str, ...]:
    """What approved exemptions change: the figure without them and with them, or that there are none."""
    if not exempt.recorded:
        return (_("No exemptions recorded."),)
    if not exempt.tickets:
        return (_("No ticket has an approved exemption."),)
    without = _("Without %(tickets)s exempt tickets: %(value)s (n %(n)s).") % {
        "tickets": number(exempt.tickets),
        "value": quantity(item.figure.measurement.value, item.indicator.formula.unit),
        "n": number(item.figure.measurement.n),
    }
    return tuple(filter(None, (without, with_exempt_text(item, exempt))))


def _targets(indicator: Indicator) -> Table | None:
    """The history of the organisation's own targets, the latest first; None where it has none."""
    own = sorted(
        own_targets().get(indicator.id, ()), key=lambda target: target.since or date.min, reverse=True
    )
    if not own:
        return None
    shipped = TableRow(
        id="shipped",
        cells=(
            Cell("—"),
            Cell(aim_text(indicator.target, indicator.formula.unit) or None),
            Cell(pgettext("of a target", "All tickets")),
            Cell(source_text(indicator.target), muted=True),
        ),
    )
    rows = (
        TableRow(
            id=f"target-{place}",
            cells=(
                Cell(target.since),
                Cell(aim_text(target, indicator.formula.unit)),
                Cell(
                    pgettext("of a target", "All tickets")
                    if target.scope == "all"
                    else f"{SCOPES[target.scope]}{_(': ')}{target.group}"
                ),
                Cell(_("ours")),
            ),
        )
        for place, target in enumerate(own)
    )
    return Table(
        id="targets",
        label=_("Targets"),
        columns=(
            Column(name="since", label=_("In force from")),
            Column(name="aim", label=_("Target")),
            Column(name="scope", label=_("Applies to"), fill=True),
            Column(name="source", label=_("Source")),
        ),
        rows=(*rows, shipped),
    )


def _add_target_url() -> str:
    """Where an own target is set; "" for those who may not."""
    record_type = registry["indicators.target"]
    if not may(current().actor, "add", record_type.model):
        return ""
    return record_url(record_type, "add")


def _definition(item: Measured) -> Properties:
    indicator, line, target = item.indicator, item.line, target_of(item)
    formula = indicator.formula
    limit = aim_text(target, formula.unit) or _("none")
    kinds = indicator.second_kinds if line == "second" else formula.kinds
    items = [
        Property(label=_("Formula"), value=localized(indicator.words)),
        Property(
            label=_("Left out"),
            value=localized(indicator.exclusions) or _("nothing but tests, merged and withdrawn ones"),
        ),
        Property(
            label=_("Target"),
            value=limit,
            note=_source_note(target),
        ),
        Property(label=_("At least"), value=_("%(n)s cases") % {"n": formula.minimum_n}),
        Property(label=_("Kinds of ticket"), value=listed(kinds) or _("all")),
        Property(label=_("Estimator"), value=formula.estimator),
        Property(label=_("Crosswalk"), value=" · ".join(indicator.crosswalk.values())),
        Property(label=_("Version"), value=indicator.hash[:16]),
    ]
    if indicator.matured_s:
        days = _("%(days)s days after the beginning") % {"days": number(indicator.matured_s / 86400, 0)}
        items.insert(2, Property(label=_("Counted from"), value=days))
    return Properties(items=tuple(items), across=True)


def _source_note(target: Target) -> str:
    if target.tag == "own":
        return source_text(target)
    return _("as the sources state it") if target.tag == "S" else _("our default, a planning value")


def _beside(details: dict[str, object], indicator: Indicator) -> list[tuple[str, str]]:
    """What must be read beside the figure: median, P90, share above the horizon, open cases, chance."""
    words = {
        "median": _("Median"),
        "p90": _("90th percentile"),
        "share_above": _("Still open beyond the horizon"),
        "open": _("Without an end so far"),
        "chance": _("By chance alone"),
        "excess": _("Excess over chance"),
    }
    units = {"share_above": "share", "open": "count", "chance": "share", "excess": "share"}
    return [
        (label, str(quantity(value, units.get(key, indicator.formula.unit))))
        for key, label in words.items()
        if isinstance(value := details.get(key), int | float)
    ]
