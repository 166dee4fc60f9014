"""The process map: how tickets really ran, where they wait, what is done again, who passes work to whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from zhiheng.indicators.queries import flow_of
from zhiheng.ui.components import Cell, Column, Empty, MapArc, MapNode, ProcessMap, Table, TableRow
from zhiheng.ui.formatting import NBSP, coarse_duration, number, quantity
from zhiheng.web.queries.quality import Look
from zhiheng.web.queries.quality_flow import Kept, conformity_of, state_names
from zhiheng.web.queries.quality_words import flow_answer
from zhiheng.web.views.quality_page import page, quality_page

SHARES = {"80": 0.80, "90": 0.90, "97": 0.97, "100": 1.0}
SHARE = "80"
TOP = 10


@quality_page
def show(request: HttpRequest, look: Look) -> HttpResponse:
    """The map of the tickets received in the period, its arcs until they carry the chosen share of all moves."""
    found = flow_of(look.lens)
    if found is None:
        return page(
            request, "map", look, {"nothing": Empty(title=_("No tickets in this period"), icon="route")}
        )
    asked = request.GET.get("arcs", SHARE)
    share = asked if asked in SHARES else SHARE
    names = state_names()
    conformity = conformity_of(look.lens, names)
    moves = found["flow"]["arcs"]
    kept = kept_arcs(found["flow"], SHARES[share])
    context = {
        "map": process_map(found["flow"], names, conformity, kept),
        "kept": len(kept),
        "moves": len(moves),
        "carried": quantity(sum(arc["count"] for arc in kept) / sum(arc["count"] for arc in moves), "share")
        if moves
        else "",
        "answer": flow_answer(found, names),
        "conformity": conformity,
        "shares": [
            (key, f"{float(value) * 100:.0f}{NBSP}%", key == share, look.query(arcs=key))
            for key, value in SHARES.items()
        ],
        "bottlenecks": _bottlenecks(found["flow"], names),
        "rework": _rework(found, names),
        "hand_overs": _hand_overs(found["flow"]),
        "variants": _variants(found["flow"], names),
        "log": found["log"],
    }
    return page(request, "map", look, context)


def kept_arcs(flow: dict[str, Any], share: float) -> list[dict[str, Any]]:
    """The most frequent moves until they carry the share; and for each state among them the commonest way in and out,
    so that only the start has no way in and only the end none out."""
    arcs = sorted(flow["arcs"], key=lambda arc: -arc["count"])
    total = sum(arc["count"] for arc in arcs)
    kept: list[dict[str, Any]] = []
    carried = 0
    for arc in arcs:
        if kept and carried >= share * total:
            break
        kept.append(arc)
        carried += arc["count"]
    for end, free in (("to", "start"), ("from", "end")):
        for state in dict.fromkeys(arc[side] for arc in kept for side in ("from", "to")):
            ways = [arc for arc in arcs if arc[end] == state and arc["from"] != arc["to"]]
            if ways and _kind(state, flow) != free and not any(arc in kept for arc in ways):
                kept.append(ways[0])
    return kept


def process_map(
    flow: dict[str, Any], names: dict[str, str], kept_to: Kept | None, kept: Sequence[dict[str, Any]]
) -> ProcessMap:
    """Nodes and arcs; slow ones and undesigned ones are marked."""
    slow = sorted((arc for arc in kept if arc["from"] != arc["to"]), key=lambda arc: -arc["total_seconds"])[
        :3
    ]
    undesigned = kept_to.undesigned if kept_to else frozenset()
    counts: dict[str, int] = dict(flow["starts"])
    for arc in flow["arcs"]:
        counts[arc["to"]] = counts.get(arc["to"], 0) + arc["count"]
    shown = {arc[end] for arc in kept for end in ("from", "to")} or set(flow["starts"])
    return ProcessMap(
        id="map",
        title=_("How tickets really ran"),
        nodes=tuple(
            MapNode(
                id=state, label=names.get(state, state), count=counts.get(state, 0), kind=_kind(state, flow)
            )
            for state in sorted(shown, key=lambda state: -counts.get(state, 0))
        ),
        arcs=tuple(
            MapArc(
                source=arc["from"],
                target=arc["to"],
                count=arc["count"],
                label=coarse_duration(arc["median_seconds"]),
                tone="miss" if (arc["from"], arc["to"]) in undesigned else "risk" if arc in slow else "",
            )
            for arc in kept
        ),
    )


def _kind(state: str, flow: dict[str, Any]) -> str:
    starts, ends = flow["starts"], flow["ends"]
    if starts and state == max(starts, key=starts.__getitem__):
        return "start"
    return "end" if ends and state == max(ends, key=ends.__getitem__) else ""


def _bottlenecks(flow: dict[str, Any], names: dict[str, str]) -> Table:
    return Table(
        id="bottlenecks",
        cards=True,
        label=_("Where tickets wait"),
        columns=(
            Column(name="state", label=_("State"), fill=True),
            Column(name="share", label=_("Share of all time"), numeric=True),
            Column(name="median", label=_("Median"), numeric=True),
            Column(name="p90", label=_("90th percentile"), numeric=True),
            Column(name="count", label=_("Times"), numeric=True),
        ),
        rows=tuple(
            TableRow(
                id=f"wait-{item['activity']}",
                cells=(
                    Cell(names.get(item["activity"], item["activity"])),
                    Cell(quantity(item["share"], "share")),
                    Cell(coarse_duration(item["median_seconds"])),
                    Cell(coarse_duration(item["p90_seconds"])),
                    Cell(number(item["count"])),
                ),
            )
            for item in flow["bottlenecks"][:TOP]
        ),
    )


def _rework(found: dict[str, Any], names: dict[str, str]) -> Table:
    cases = found["log"]["cases"]
    ordered = sorted(found["flow"]["rework"].items(), key=lambda item: -item[1])[:TOP]
    return Table(
        id="rework",
        label=_("What happens again"),
        columns=(
            Column(name="state", label=_("State"), fill=True),
            Column(name="cases", label=_("Tickets"), numeric=True),
            Column(name="share", label=_("Share"), numeric=True),
        ),
        rows=tuple(
            TableRow(
                id=f"again-{state}",
                cells=(
                    Cell(names.get(state, state)),
                    Cell(number(count)),
                    Cell(quantity(count / cases, "share")),
                ),
            )
            for state, count in ordered
        ),
    )


def _hand_overs(flow: dict[str, Any]) -> Table:
    passed = {(arc["from"], arc["to"]): arc["count"] for arc in flow["hand_overs"]}
    return Table(
        id="hand-overs",
        label=_("Who passes work to whom"),
        columns=(
            Column(name="from", label=_("From"), fill=True),
            Column(name="to", label=_("To")),
            Column(name="count", label=_("Times"), numeric=True),
            Column(name="back", label=_("And back"), numeric=True),
        ),
        rows=tuple(
            TableRow(
                id=f"{source}-{target}",
                cells=(
                    Cell(source),
                    Cell(target),
                    Cell(number(count)),
                    Cell(number(passed[target, source]) if (target, source) in passed else None),
                ),
            )
            for (source, target), count in list(passed.items())[:TOP]
        ),
        empty=Empty(title=_("No ticket changed its team")),
    )


def _variants(flow: dict[str, Any], names: dict[str, str]) -> Table:
    return Table(
        id="variants",
        label=_("The commonest courses"),
        columns=(
            Column(name="course", label=_("Course"), fill=True),
            Column(name="cases", label=_("Tickets"), numeric=True),
            Column(name="share", label=_("Share"), numeric=True),
        ),
        rows=tuple(
            TableRow(
                id=f"variant-{place}",
                cells=(
                    Cell(" → ".join(names.get(state, state) for state in item["activities"])),
                    Cell(number(item["cases"])),
                    Cell(quantity(item["share"], "share")),
                ),
            )
            for place, item in enumerate(flow["top_variants"][:TOP])
        ),
    )
