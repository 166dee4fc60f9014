"""Measured indicators as the Figure components of the pages, and what is said when there is no value."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from zhiheng.definitions import verdict as verdicts
from zhiheng.definitions.definition import Indicator, Target
from zhiheng.definitions.engine import Figure as Found
from zhiheng.indicators.queries import Exempt, Measured
from zhiheng.indicators.rules import natural_limits
from zhiheng.indicators.showing import aim_text
from zhiheng.kernel.text import localized
from zhiheng.ui.components import Figure, Trend, Verdict
from zhiheng.ui.formatting import number, quantity
from zhiheng.web.queries.quality import Look
from zhiheng.web.queries.quality_texts import MATCHERS, flag_text, gap, listed, need_text

STATES = {
    "met": (Verdict.MET, Verdict.MET_UNCERTAIN),
    "not_met": (Verdict.NOT_MET, Verdict.NOT_MET_UNCERTAIN),
    "no_target": (Verdict.NO_TARGET, Verdict.NO_TARGET),
    "not_enough_data": (Verdict.NOT_ENOUGH_DATA, Verdict.NOT_ENOUGH_DATA),
    "not_computable": (Verdict.NOT_COMPUTABLE, Verdict.NOT_COMPUTABLE),
}


def shown(look: Look, item: Measured, exempt: Exempt | None = None) -> Figure:
    """The Figure of an indicator: value, verdict, trend, links to its definition and its tickets.

    Where tickets are exempt, the figure with them stands beside it.
    """
    indicator, found = item.indicator, item.figure
    return Figure(
        name=name_of(indicator),
        definition_url=reverse("quality:indicator", args=[indicator.id]) + look.query(),
        rows_url=rows_url(look, indicator) if found.measurement.value is not None else "",
        trend=_trend(look, item),
        note=_note(item, exempt),
        **_fields(indicator, found),
    )


def shown_compact(indicator: Indicator, found: Found) -> Figure:
    """A figure of one group for a table, which has a column of its own for the number of cases."""
    return Figure(name=name_of(indicator), **{**_fields(indicator, found), "n": None})


def verdict_of(found: verdicts.Verdict) -> Verdict:
    """The verdict as the component shows it."""
    return STATES[found.state][found.uncertain]


def name_of(indicator: Indicator) -> str:
    """The name of an indicator in the language of the page, begun with a capital."""
    return capital(localized(indicator.name))


def capital(name: str) -> str:
    """A name of a definition as a heading begins with a capital."""
    return name[:1].upper() + name[1:]


def target_of(item: Measured) -> Target:
    """The target that judged a figure."""
    return item.figure.target or item.indicator.target


def target_text(item: Measured) -> str:
    """`≤ 2 h`, as the Figure writes it."""
    return aim_text(target_of(item), item.indicator.formula.unit)


def source_text(target: Target) -> str:
    """Where a target comes from, in a word or two."""
    if target.tag == "own":
        if target.since is None:
            return _("ours")
        return _("ours since %(day)s") % {"day": target.since.isoformat()}
    return _("default [S]") if target.tag == "S" else _("default [O]")


def rows_url(look: Look, indicator: Indicator, **narrowed: str) -> str:
    """The page of the tickets that speak against a figure."""
    if not indicator.formula.rows:
        return ""
    return reverse("quality:rows", args=[indicator.id]) + look.query(**narrowed)


def missing_text(indicator: Indicator, found: Found) -> str:
    """Why there is no value, and what would give one."""
    measurement, verdict = found.measurement, found.verdict
    if "suppressed" in measurement.flags:
        return _("Held back: it would tell about fewer than three people outside your teams.")
    if verdict.state == "not_computable":
        fields = dict.fromkeys(need_text(name) for name in verdict.missing)
        return _("Missing: %(fields)s.") % {"fields": listed(fields)}
    if "too_many_without_key" in measurement.flags:
        return _("Too many faults lack what would tell that they are the same.")
    return _("%(n)s cases so far; at least %(minimum)s are needed.") % {
        "n": measurement.n,
        "minimum": indicator.formula.minimum_n,
    }


def period_labels(look: Look, edges: tuple[int, ...]) -> tuple[str, ...]:
    """The first day of each period."""
    zone = ZoneInfo(look.lens.zone)
    return tuple(datetime.fromtimestamp(edge, zone).strftime("%Y-%m-%d") for edge in edges[:-1])


def _fields(indicator: Indicator, found: Found) -> dict[str, Any]:
    target = found.target or indicator.target
    measurement, lacking = found.measurement, found.verdict.state in ("not_enough_data", "not_computable")
    return {
        "unit": indicator.formula.unit,
        "value": None if lacking else measurement.value,
        "verdict": verdict_of(found.verdict),
        "n": measurement.n
        if found.verdict.state != "not_computable" and "suppressed" not in measurement.flags
        else None,
        "low": measurement.low,
        "high": measurement.high,
        "target": target.aim,
        "higher_is_better": target.direction == "up",
        "target_source": source_text(target) if target.aim is not None else "",
        "missing": missing_text(indicator, found) if lacking else "",
    }


def _trend(look: Look, item: Measured) -> Trend | None:
    if not item.trend:
        return None
    minimum = item.indicator.formula.minimum_n
    values = tuple(
        point.measurement.value if point.measurement.n >= minimum else None for point in item.trend
    )
    limits = natural_limits(values)
    lower, upper = limits or (None, None)
    if lower is not None and upper is not None:
        lower = max(lower, 0.0)
        upper = min(upper, 1.0) if item.indicator.formula.unit == "share" else upper
    return Trend(values=values, lower=lower, upper=upper, labels=period_labels(look, item.edges))


def with_exempt_text(item: Measured, exempt: Exempt) -> str:
    """The figure with exempt tickets taken into account again; "" where there is none."""
    beside = exempt.figures.get(item.indicator.id)
    if beside is None or item.suppressed or beside.measurement.value is None:
        return ""
    return _("With exempt tickets: %(value)s (n %(n)s), %(verdict)s.") % {
        "value": quantity(beside.measurement.value, item.indicator.formula.unit),
        "n": number(beside.measurement.n),
        "verdict": str(verdict_of(beside.verdict).label).lower(),
    }


def recurrence_text(item: Measured) -> str:
    """By what faults are taken to be the same, and how far the figure exceeds chance; "" for any other figure."""
    details = item.figure.details
    if details.get("excess") is None:
        return ""
    return _("Same %(matcher)s; by chance alone %(chance)s, excess %(excess)s.") % {
        "matcher": MATCHERS.get(str(details.get("matcher")), details.get("matcher")),
        "chance": quantity(details["chance"], "share"),
        "excess": quantity(details["excess"], "share"),
    }


def _note(item: Measured, exempt: Exempt | None) -> str:
    notes = [flag_text(flag) for flag in item.figure.measurement.flags if flag.startswith("proxy:")]
    if item.line == "second":
        notes.insert(0, _("Measured on incidents: there are no requests here."))
    notes.insert(0, recurrence_text(item))
    if exempt is not None:
        notes.insert(0, with_exempt_text(item, exempt))
    return gap().join(dict.fromkeys(note for note in notes if note))
