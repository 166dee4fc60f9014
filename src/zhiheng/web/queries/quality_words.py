"""The answers in words that stand above the figures, computed from the figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from zhiheng.definitions.diagnosis import Diagnosis
from zhiheng.definitions.engine import Figure as Found
from zhiheng.indicators.queries import Measured
from zhiheng.kernel.text import localized
from zhiheng.ui.formatting import number, quantity
from zhiheng.web.queries.quality_figures import capital, name_of, target_text
from zhiheng.web.queries.quality_texts import gap, listed


@dataclass(frozen=True, slots=True)
class Question:
    """A question that a manager asks, and the indicators that answer it."""

    key: str
    asked: str | Promise
    ids: tuple[str, ...]


QUESTIONS = (
    Question(
        "time",
        _("Do we answer and restore in time?"),
        ("mean_response", "response_48h", "mean_restore", "critical_4h"),
    ),
    Question("promises", _("Do we keep what we agreed?"), ("response_committed", "resolution_committed")),
    Question(
        "end",
        _("Do tickets come to an end, and stay solved?"),
        ("closure_30d", "reopen_10d", "recurrence_30d"),
    ),
    Question("people", _("Are the people we serve satisfied?"), ("csat_rate", "complaint_rate")),
)


def answer(items: Sequence[Measured]) -> SafeString:
    """What the figures of a question say: what meets its target, what misses it and by how much."""
    judged = [item for item in items if item.figure.verdict.state in ("met", "not_met")]
    if not judged:
        return format_html("{}", gettext("This cannot be said yet: what it needs is not recorded."))
    missed = [item for item in judged if item.figure.verdict.state == "not_met"]
    met = [item for item in judged if item.figure.verdict.state == "met"]
    parts = []
    if met:
        text = gettext("In target: %(names)s.") % {"names": listed([name_of(item.indicator) for item in met])}
        parts.append(format_html("{}", text))
    parts += [
        format_html('<b class="miss">{}</b>{}{}', name_of(item.indicator), gap(), _missed(item))
        for item in missed
    ]
    return format_html_join(gap(), "{}", ((part,) for part in parts))


def lateness(groups: dict[str, Found]) -> tuple[str, int, float] | None:
    """The group that holds most of what was late: its name, how many tickets, its share of all late ones."""
    late = {
        name: found.measurement.denominator - found.measurement.numerator
        for name, found in groups.items()
        if found.measurement.numerator is not None and found.measurement.denominator is not None
    }
    total = sum(late.values())
    if not total:
        return None
    name = max(late, key=lambda key: (late[key], key))
    return name, late[name], late[name] / total


def defects_answer(found: Sequence[Diagnosis]) -> str:
    """How many common defects are confirmed, and how many cannot be judged."""
    states = [item.state for item in found]
    confirmed, watch = states.count("confirmed"), states.count("watch")
    rest = states.count("not_computable") + states.count("not_enough_data")
    names = listed(
        [capital(localized(item.defect.name)) for item in found if item.state == "confirmed"], apart=True
    )
    if confirmed:
        first = ngettext(
            "%(count)s is confirmed: %(names)s.", "%(count)s are confirmed: %(names)s.", confirmed
        ) % {
            "count": confirmed,
            "names": names,
        }
    else:
        first = gettext("None is confirmed.")
    second = gettext("%(watch)s on watch; %(rest)s of %(all)s cannot be judged from these data.") % {
        "watch": watch,
        "rest": rest,
        "all": len(states),
    }
    return gap().join((first, second))


def volume_answer(periods: Sequence[dict[str, int]]) -> str:
    """Whether more came in than was resolved over whole periods."""
    received, resolved = (sum(int(item[name]) for item in periods) for name in ("received", "resolved"))
    held = periods[-1]["open"]
    values = {"received": number(received), "resolved": number(resolved), "open": number(held)}
    if received > resolved:
        return (
            gettext("%(received)s came in and %(resolved)s of them were resolved; %(open)s are open.")
            % values
        )
    return gettext("All %(received)s that came in were resolved.") % values


def resolution_answer(quantiles: dict[str, float | None]) -> str:
    """How soon half of the tickets are resolved."""
    median = quantiles["median_hours"]
    if median is None:
        return gettext("Fewer than half of the tickets are resolved so far.")
    return gettext("Half of the tickets are resolved within %(median)s, open ones counted.") % {
        "median": str(quantity(median, "h")) if median < 72 else str(quantity(median / 24, "d"))
    }


def _missed(item: Measured) -> str:
    indicator, measurement = item.indicator, item.figure.measurement
    text = (
        gettext("is %(value)s, the target %(target)s (uncertain).")
        if item.figure.verdict.uncertain
        else gettext("is %(value)s, the target %(target)s.")
    )
    return text % {
        "value": quantity(measurement.value, indicator.formula.unit),
        "target": target_text(item),
    }


def flow_answer(found: dict[str, Any], names: dict[str, str]) -> str:
    """Where most time goes, and what is done again most often."""
    flow, cases = found["flow"], found["log"]["cases"]
    values = {"cases": number(cases), "variants": number(found["log"]["variants"])}
    parts = [gettext("%(cases)s tickets ran in %(variants)s different ways.") % values]
    if flow["bottlenecks"]:
        wait = flow["bottlenecks"][0]
        parts.append(
            gettext("%(share)s of all time passes in “%(state)s”.")
            % {
                "share": quantity(wait["share"], "share", 0),
                "state": names.get(wait["activity"], wait["activity"]),
            }
        )
    if flow["rework"]:
        state = max(flow["rework"], key=lambda name: flow["rework"][name])
        parts.append(
            gettext("“%(state)s” is entered again in %(count)s tickets.")
            % {"state": names.get(state, state), "count": number(flow["rework"][state])}
        )
    return gap().join(parts)
