"""How the work flows: volume and backlog, time to resolve, process map with waits and paths, recurring faults."""

from collections.abc import Sequence
from html import escape
from typing import Any

from zhiheng.analyze.html.charts import survival_chart, volume_chart
from zhiheng.analyze.html.markup import card, section, table
from zhiheng.analyze.html.process_map import process_map
from zhiheng.analyze.narrative import flow_answer, recurrence_answer, resolved_answer, volume_answer
from zhiheng.analyze.texts import Texts

TOP = 8


def volume_section(report: dict[str, Any], texts: Texts) -> str:
    """Received, resolved and open by period."""
    chart = volume_chart(report["volume"], report["window"]["timezone"], texts)
    return section("volume", texts("section_volume"), volume_answer(report, texts), card(chart))


def resolution_section(report: dict[str, Any], texts: Texts) -> str:
    """The Kaplan–Meier curve, the shares resolved within a limit, and the slowest groups."""
    found = report["resolution"]
    if found is None or not found["curve"]:
        return section("resolution", texts("section_resolution"), texts("verdict_not_computable"), "")
    within = table(
        [texts("sub_within"), texts("col_value"), texts("col_interval"), texts("col_n")],
        [
            (
                escape(texts("days", n=item["days"])),
                texts.value(item["value"], "share"),
                f"{texts.value(item['low'], 'share')} – {texts.value(item['high'], 'share')}",
                f"{item['n']:,}",
            )
            for item in report["resolved_within"]
        ],
        numbers=(1, 2, 3),
    )
    groups = found["by"]
    tables = "".join(
        card(_groups(groups[name], texts), title=texts(f"by_{name}"), flush=True) for name in groups
    )
    first = f'<div class="two">{card(survival_chart(found["curve"], texts))}{card(within, flush=True)}</div>'
    rest = f'<div class="three">{tables}</div>'
    return section("resolution", texts("section_resolution"), resolved_answer(report, texts), first + rest)


def flow_section(report: dict[str, Any], texts: Texts) -> str:
    """The map, then bottlenecks, paths, repeated activities and hand-overs."""
    flow, cases = report["flow"], report["cases"]
    bottlenecks = table(
        [
            texts("col_activity"),
            texts("col_share"),
            texts("col_median"),
            texts("col_p90"),
            texts("col_count"),
        ],
        [
            (
                escape(item["activity"]),
                texts.value(item["share"], "share"),
                texts.hours(item["median_seconds"] / 3600),
                texts.hours(item["p90_seconds"] / 3600),
                f"{item['count']:,}",
            )
            for item in flow["bottlenecks"][:TOP]
        ],
        numbers=(1, 2, 3, 4),
    )
    variants = table(
        [texts("col_path"), texts("col_cases")],
        [
            (escape(" → ".join(item["activities"])), f"{item['cases']:,}")
            for item in flow["top_variants"][:TOP]
        ],
        numbers=(1,),
    )
    again = sorted(flow["rework"].items(), key=lambda pair: -pair[1])[:TOP]
    rework = table(
        [texts("col_activity"), texts("col_cases")],
        [(escape(name), f"{n:,}") for name, n in again],
        numbers=(1,),
    )
    side = card(bottlenecks, title=texts("sub_bottlenecks"), flush=True) + card(
        rework, title=texts("sub_rework"), flush=True
    )
    drawn = card(process_map(flow, texts), title=texts("sub_map"))
    content = f'{drawn}<div class="two">{side}</div>'
    content += card(variants, title=texts("sub_variants"), flush=True) + _hand_overs(flow, cases, texts)
    return section("flow", texts("section_flow"), flow_answer(report, texts), content)


def recurrence_section(report: dict[str, Any], texts: Texts) -> str:
    """Recurrence by matcher, always with what chance alone gives."""
    rows = []
    for item in report["recurrence"]:
        notes = [texts.flag(flag) for flag in item["flags"] if flag in ("no_key", "too_many_without_key")]
        excess = (
            texts("verdict_not_computable") if item["value"] is None else texts.value(item["excess"], "share")
        )
        if item["excess"] is not None:
            low, high = texts.value(item["excess_low"], "share"), texts.value(item["excess_high"], "share")
            excess += f" ({low} – {high})"
        rows.append(
            (
                escape(texts.matcher(item["matcher"]))
                + (f'<br><span class="small muted">{escape(" · ".join(notes))}</span>' if notes else ""),
                texts.value(item["value"], "share"),
                texts.value(item["chance"], "share"),
                escape(excess),
                f"{item['n']:,}",
                texts.value(item["keyless"], "share"),
            )
        )
    names = ("col_matcher", "col_rate", "col_chance", "col_excess", "col_n", "col_keyless")
    content = (
        card(table([texts(name) for name in names], rows, numbers=(1, 2, 3, 4, 5)), flush=True)
        if rows
        else ""
    )
    content += _recurrence_by_month(report, texts)
    return section("recurrence", texts("section_recurrence"), recurrence_answer(report, texts), content)


def _recurrence_by_month(report: dict[str, Any], texts: Texts) -> str:
    """The trend of the matcher that stands for the figure, each month with what chance alone gives."""
    item = report["indicators"].get("recurrence_30d")
    points = [] if item is None else [point for point in item["trend"] if point["n"]]
    if item is None or not points:
        return ""
    rows = []
    for point in points:
        excess = texts.value(point["excess"], "share")
        if point["excess"] is not None:
            low, high = texts.value(point["excess_low"], "share"), texts.value(point["excess_high"], "share")
            excess += f" ({low} – {high})"
        few = "" if point["verdict"] != "not_enough_data" else f" · {texts('verdict_not_enough_data')}"
        rows.append(
            (
                texts.day(point["from_s"], report["window"]["timezone"])[:7] + escape(few),
                texts.value(point["value"], "share"),
                texts.value(point["chance"], "share"),
                escape(excess),
                f"{point['n']:,}",
            )
        )
    names = ("col_month", "col_rate", "col_chance", "col_excess", "col_n")
    title = texts("sub_recurrence_trend", matcher=texts.matcher(item["details"].get("matcher", "")))
    return card(table([texts(name) for name in names], rows, numbers=(1, 2, 3, 4)), title=title, flush=True)


def _groups(items: Sequence[dict[str, Any]], texts: Texts) -> str:
    slowest = sorted(items, key=lambda item: -(item["median_hours"] or 0))
    rows = [
        (
            escape(item["name"] or texts("not_stated")),
            texts.hours(item["median_hours"]),
            texts.hours(item["p90_hours"]) if item["enough"] else "–",
            f"{item['n']:,}",
        )
        for item in slowest
    ]
    heads = [texts("col_group"), texts("col_median"), texts("col_p90"), texts("col_n")]
    return table(heads, rows, numbers=(1, 2, 3))


def _hand_overs(flow: dict[str, Any], cases: dict[str, Any], texts: Texts) -> str:
    if not flow["hand_overs"]:
        return ""
    words = texts(
        "team_facts",
        two=f"{cases['team_changes_2']:,}",
        three=f"{cases['team_changes_3']:,}",
        pp=f"{cases['ping_pong']:,}",
    )
    rows = [
        (escape(item["from"]), escape(item["to"]), f"{item['count']:,}") for item in flow["hand_overs"][:TOP]
    ]
    found = table([texts("col_from"), texts("col_to"), texts("col_count")], rows, numbers=(2,))
    return card(f'<p class="head">{escape(words)}</p>{found}', title=texts("sub_hand_overs"), flush=True)
