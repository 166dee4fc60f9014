"""The tables of the quality pages: groups by how late they are, common defects with evidence and causes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext as _

from zhiheng.definitions.definition import Indicator, Target
from zhiheng.definitions.diagnosis import Diagnosis, SignalResult
from zhiheng.definitions.engine import Figure as Found
from zhiheng.definitions.scan import benjamini_hochberg, one_sided_p
from zhiheng.indicators.queries import LATE, indicators
from zhiheng.indicators.showing import aim_text
from zhiheng.kernel.text import localized
from zhiheng.ui.components import Cell, Column, Empty, Table, TableRow
from zhiheng.ui.formatting import NBSP, number, quantity
from zhiheng.web.queries.quality import Look
from zhiheng.web.queries.quality_desk import overdue_url
from zhiheng.web.queries.quality_figures import capital, rows_url, shown_compact, source_text
from zhiheng.web.queries.quality_texts import CAUSE_STATES, DEFECT_STATES, SCOPES, listed

TOP = 8
JUDGED = ("met", "not_met", "no_target")
FALSE_DISCOVERIES = 0.10


def teams_table(found: dict[str, Found], look: Look) -> Table:
    """The teams whose tickets were late most often, worst first; only what a test bears out is marked."""
    table = groups_table(found, indicators()[LATE], "team", look, top=TOP)
    rows = tuple(
        replace(
            row,
            cells=(
                *row.cells,
                Cell(_("Open and overdue →"), url=overdue_url(look, team=name)) if name else Cell(""),
            ),
        )
        for row in table.rows
        for name in (row.id.removeprefix("team-"),)
    )
    return replace(table, rows=rows, columns=(*table.columns, Column(name="work", label=_("To do"))))


def groups_table(
    found: dict[str, Found], indicator: Indicator, scope: str, look: Look, *, top: int = 0
) -> Table:
    """An indicator by group, worst first; groups with too few cases are left to `thin_groups`."""
    ordered = _worst_first(found, indicator)
    marked = significantly_bad(found, indicator)
    ordered = [name for name in ordered if found[name].verdict.state in JUDGED][: top or None]
    aims = {name: found[name].target or indicator.target for name in ordered}
    # Whose target it is concerns a reader where groups have targets of their own.
    told = len(set(aims.values())) > 1
    rows = []
    for name in ordered:
        item = found[name]
        counted = item.measurement.numerator is not None and item.measurement.denominator is not None
        missed = (item.measurement.denominator or 0) - (item.measurement.numerator or 0) if counted else None
        if counted and indicator.target.direction == "down":
            missed = item.measurement.numerator
        behind = rows_url(look, indicator, **{scope: name}) if name and missed else ""
        rows.append(
            TableRow(
                id=f"{scope}-{name}",
                url=behind,
                cells=(
                    Cell(look.names.of(scope, name), url=_narrowed(look, indicator, scope, name)),
                    Cell(shown_compact(indicator, item)),
                    *(Cell(_aim(aims[name], indicator), muted=True),)[:told],
                    Cell(number(item.measurement.n)),
                    Cell(number(missed) if missed is not None else None, url=behind),
                    Cell(_("Worse than the target, tested"), tone="miss", icon="alert-circle")
                    if name in marked
                    else Cell(""),
                ),
            )
        )
    return Table(
        id=f"by-{scope}",
        cards=True,
        label=str(SCOPES.get(scope, scope)),
        columns=(
            Column(name="group", label=SCOPES.get(scope, scope), fill=True),
            Column(name="figure", label=_("Figure")),
            *(Column(name="target", label=_("Target")),)[:told],
            Column(name="n", label=_("Tickets"), numeric=True),
            Column(name="missed", label=_("Against it"), numeric=True),
            Column(name="tested", label=_("Test")),
        ),
        rows=tuple(rows),
        empty=Empty(title=_("Not enough data in any group"), icon="circle-dashed"),
    )


def _aim(target: Target, indicator: Indicator) -> str:
    return f"{aim_text(target, indicator.formula.unit)} · {source_text(target)}"


def thin_groups(found: dict[str, Found], scope: str, look: Look) -> list[str]:
    """The groups with too few cases for a figure, by name."""
    return [look.names.of(scope, name) for name in sorted(found) if found[name].verdict.state not in JUDGED]


def significantly_bad(found: dict[str, Found], indicator: Indicator) -> frozenset[str]:
    """The groups worse than their target at a false discovery rate of 10 % over all groups."""
    if indicator.target.direction == "band":
        return frozenset()
    bad = "up" if indicator.target.direction == "down" else "down"
    judged = [name for name, item in found.items() if item.verdict.state in ("met", "not_met")]
    p_values = [_chance_of(found[name], indicator, bad) for name in judged]
    kept = benjamini_hochberg(p_values, level=FALSE_DISCOVERIES)
    return frozenset(
        name
        for name, passes in zip(judged, kept, strict=True)
        if passes and found[name].verdict.state == "not_met"
    )


def _chance_of(item: Found, indicator: Indicator, bad: str) -> float:
    """The chance of a figure at least this bad, were the group at the target that judges it."""
    limit = (item.target or indicator.target).aim
    return 1.0 if limit is None else one_sided_p(item.measurement, watch=limit, direction=bad)


def defects_table(found: Sequence[Diagnosis], look: Look) -> Table:
    """Common defects: state, evidence, causes that the data support, what customers bear, what to do next."""
    return Table(
        id="defects",
        cards=True,
        label=_("Common defects"),
        columns=(
            Column(name="state", label=_("State")),
            Column(name="defect", label=_("Defect"), fill=True),
            Column(name="evidence", label=_("Evidence")),
            Column(name="causes", label=_("Causes, tested")),
            Column(name="burden", label=_("Customers wait longer"), numeric=True),
            Column(name="next", label=_("Next step")),
        ),
        rows=tuple(_defect_row(item, look) for item in found),
        empty=Empty(title=_("No defect is confirmed or on watch"), icon="circle-check"),
    )


def evidence(result: SignalResult) -> str:
    """A signal's figure with its name."""
    measurement = result.measurement
    if measurement.value is None:
        return localized(result.signal.name)
    if measurement.unit == "relative":
        shown = f"{100 * measurement.value:+.0f}{NBSP}%"
    else:
        shown = str(quantity(measurement.value, measurement.unit))
    return f"{shown} · {localized(result.signal.name)}"


def burden_text(item: Diagnosis) -> str:
    """What customers bore: hours of waiting beyond the target, or tickets."""
    if item.burden is None:
        return ""
    if item.burden.unit == "waiting_s":
        return str(quantity(item.burden.total / 3600, "h", 0))
    return _("%(count)s tickets") % {"count": number(item.burden.total)}


def _defect_row(item: Diagnosis, look: Look) -> TableRow:
    label, tone, icon = DEFECT_STATES[item.state]
    url = reverse("quality:defect", args=[item.defect.id.lower()]) + look.query()
    supported = [localized(result.cause.name) for result in item.causes if result.state == "supported"]
    if supported:
        causes = _("Supported: %(causes)s") % {"causes": listed(supported, apart=True)}
    elif any(result.state == "not_supported" for result in item.causes):
        causes = _("None that was tested is supported")
    else:
        causes = str(CAUSE_STATES["no_data"][0])
    signs = [result for result in item.signals if result.state == item.state]
    return TableRow(
        id=item.defect.id,
        url=url,
        cells=(
            Cell(label, tone=tone, icon=icon),
            Cell(capital(localized(item.defect.name)), url=url),
            Cell(evidence(signs[0]) if signs else ""),
            Cell(causes, muted=not supported),
            Cell(burden_text(item) or None),
            Cell(_("Measures →"), url=url),
        ),
    )


def _worst_first(found: dict[str, Found], indicator: Indicator) -> list[str]:
    direction = -1 if indicator.target.direction == "down" else 1

    def place(name: str) -> tuple[bool, float, str]:
        item = found[name]
        thin = item.verdict.state in ("not_enough_data", "not_computable") or item.measurement.value is None
        return thin, direction * (item.measurement.value or 0.0), name

    return sorted(found, key=place)


def _narrowed(look: Look, indicator: Indicator, scope: str, name: str) -> str:
    if not name or scope not in ("team", "service", "priority"):
        return ""
    return reverse("quality:indicator", args=[indicator.id]) + look.query(**{scope: name})
