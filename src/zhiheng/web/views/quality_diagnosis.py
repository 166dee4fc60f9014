"""The diagnosis: every common defect with its state, and one in full with evidence, causes and measures."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from zhiheng.definitions.diagnosis import CauseResult, Diagnosis, SignalResult
from zhiheng.definitions.scan import GroupFinding
from zhiheng.indicators.queries import diagnoses, indicators
from zhiheng.kernel.text import localized
from zhiheng.ui.components import Cell, Column, Empty, Table, TableRow
from zhiheng.ui.formatting import NBSP, number, quantity
from zhiheng.web.queries.quality import Look
from zhiheng.web.queries.quality_figures import capital, name_of
from zhiheng.web.queries.quality_texts import CAUSE_STATES, DEFECT_STATES, SCOPES, listed, need_text
from zhiheng.web.queries.quality_words import defects_answer
from zhiheng.web.views.quality_causes import causes_table
from zhiheng.web.views.quality_page import page, quality_page
from zhiheng.web.views.quality_tables import burden_text, defects_table

SEVERITY = ("confirmed", "watch", "absent", "not_enough_data", "not_computable")


@quality_page
def show(request: HttpRequest, look: Look) -> HttpResponse:
    """All common defects, confirmed ones first."""
    found = sorted(
        diagnoses(look.lens).values(), key=lambda item: (SEVERITY.index(item.state), item.defect.id)
    )
    judged = [item for item in found if item.state in SEVERITY[:3]]
    rest = [item for item in found if item.state not in SEVERITY[:3]]
    context = {
        "answer": defects_answer(found),
        "table": defects_table(judged, look),
        "rest": [
            (capital(localized(item.defect.name)), _address(item, look), _lacking(item)) for item in rest
        ],
        "matrix": causes_table(sorted(found, key=lambda item: item.defect.id), look),
    }
    return page(request, "diagnosis", look, context)


@quality_page
def detail(request: HttpRequest, look: Look, defect_id: str) -> HttpResponse:
    """One defect: what is seen, the groups it shows in, the causes tested, the measures that prevent it."""
    found = {name.lower(): item for name, item in diagnoses(look.lens).items()}
    if defect_id not in found:
        raise Http404
    item = found[defect_id]
    label, tone, icon = DEFECT_STATES[item.state]
    context = {
        "item": item,
        "name": capital(localized(item.defect.name)),
        "symptom": localized(item.defect.symptom),
        "state": Cell(label, tone=tone, icon=icon),
        "signals": _signals(item),
        "causes": _causes(item),
        "groups": _groups(item, look),
        "burden": burden_text(item),
        "avoidable": _avoidable(item),
        "measures": [localized(measure) for measure in item.defect.measures],
        "owner": localized(item.defect.owner),
        "effect": localized(item.defect.effect),
        "verified": [_link(name, item, look) for name in item.defect.verified_by],
        "guards": [_link(name, item, look) for name in item.defect.guards],
        "guard_note": localized(item.defect.guard_note),
    }
    return page(request, "defect", look, context)


def _signals(item: Diagnosis) -> Table:
    return Table(
        id="signals",
        cards=True,
        label=_("Evidence"),
        columns=(
            Column(name="state", label=_("State")),
            Column(name="signal", label=_("Signal"), fill=True),
            Column(name="value", label=_("Value"), numeric=True),
            Column(name="interval", label=_("95 % interval"), numeric=True),
            Column(name="limits", label=_("Watch / confirmed"), numeric=True),
            Column(name="n", label=_("n"), numeric=True),
        ),
        rows=tuple(signal_row(result) for result in item.signals),
    )


def signal_row(result: SignalResult) -> TableRow:
    """One signal with its figure against the thresholds that it has."""
    label, tone, icon = DEFECT_STATES[result.state]
    signal, measurement = result.signal, result.measurement
    interval = ""
    if measurement.low is not None and measurement.high is not None and measurement.value is not None:
        interval = (
            f"{_amount(measurement.low, measurement.unit)} – {_amount(measurement.high, measurement.unit)}"
        )
    limits = [
        "—" if limit is None else _amount(limit, measurement.unit)
        for limit in (signal.watch, signal.confirmed)
    ]
    name = localized(signal.name)
    if result.missing:
        name = _("%(signal)s (missing: %(fields)s)") % {
            "signal": name,
            "fields": listed(dict.fromkeys(need_text(need) for need in result.missing)),
        }
    return TableRow(
        id=signal.id,
        cells=(
            Cell(label, tone=tone, icon=icon),
            Cell(name),
            Cell(None if measurement.value is None else _amount(measurement.value, measurement.unit)),
            Cell(interval or None),
            Cell(None if signal.limit is None else " / ".join(limits)),
            Cell(number(measurement.n)),
        ),
    )


def _causes(item: Diagnosis) -> Table:
    return Table(
        id="causes",
        cards=True,
        label=_("Causes"),
        columns=(
            Column(name="state", label=_("State")),
            Column(name="cause", label=_("Cause")),
            Column(name="test", label=_("Test that separates it"), fill=True),
            Column(name="value", label=_("Value"), numeric=True),
        ),
        rows=tuple(_cause(result) for result in item.causes),
    )


def _cause(result: CauseResult) -> TableRow:
    label, tone = CAUSE_STATES[result.state]
    measured = result.measurement
    test = localized(result.cause.test)
    if result.state == "no_data":
        fields = listed(dict.fromkeys(need_text(need) for need in result.missing)) or _("too few cases")
        test = _("%(signal)s (missing: %(fields)s)") % {"signal": test, "fields": fields}
    return TableRow(
        id=result.cause.id,
        cells=(
            Cell(label, tone=tone),
            Cell(localized(result.cause.name)),
            Cell(test, muted=True),
            Cell(
                None if measured is None or measured.value is None else _amount(measured.value, measured.unit)
            ),
        ),
    )


def _groups(item: Diagnosis, look: Look) -> Table | None:
    if not item.groups:
        return None
    return Table(
        id="groups",
        cards=True,
        label=_("Worst groups"),
        columns=(
            Column(name="scope", label=_("Group")),
            Column(name="name", label=_("Name"), fill=True),
            Column(name="value", label=_("Value"), numeric=True),
            Column(name="n", label=_("n"), numeric=True),
            Column(name="tested", label=_("Test")),
        ),
        rows=tuple(_group(group, look) for group in item.groups),
        empty=Empty(title=_("No group stands out")),
    )


def _group(group: GroupFinding, look: Look) -> TableRow:
    link = ""
    if group.scope in ("team", "service", "priority"):
        link = reverse("quality:overview") + look.query(**{group.scope: group.name})
    return TableRow(
        id=f"{group.scope}-{group.name}",
        cells=(
            Cell(SCOPES.get(group.scope, group.scope)),
            Cell(look.names.of(group.scope, group.name), url=link),
            Cell(_amount(group.measurement.value or 0.0, group.measurement.unit)),
            Cell(number(group.measurement.n)),
            Cell(_("Significant"), tone="miss")
            if group.significant
            else Cell(_("Not significant"), muted=True),
        ),
    )


def _avoidable(item: Diagnosis) -> str:
    burden = item.burden
    if burden is None or burden.avoidable is None or not burden.avoidable:
        return ""
    scale, unit = (3600, "h") if burden.unit == "waiting_s" else (1, "count")
    low, high = (None if end is None else number(end / scale) for end in (burden.low, burden.high))
    shown = quantity(burden.avoidable / scale, unit, 0)
    return f"{shown} ({low}–{high})" if low is not None and high is not None else str(shown)


def _lacking(item: Diagnosis) -> str:
    if item.state == "not_enough_data" and any(
        "suppressed" in result.measurement.flags for result in item.signals
    ):
        return _("Held back: it would tell about fewer than three people outside your teams.")
    names = dict.fromkeys(name for result in item.signals for name in result.missing)
    if not names:
        return _("too few cases")
    return listed(dict.fromkeys(need_text(name) for name in names))


def _link(name: str, item: Diagnosis, look: Look) -> tuple[str, str]:
    """A figure that verifies or guards: an indicator with its page, else a signal or a name of the defect."""
    if name in indicators():
        return name_of(indicators()[name]), reverse("quality:indicator", args=[name]) + look.query()
    names = {result.signal.id: result.signal.name for result in item.signals} | item.defect.figures
    return capital(localized(names[name])), ""


def _address(item: Diagnosis, look: Look) -> str:
    return reverse("quality:defect", args=[item.defect.id.lower()]) + look.query()


def _amount(value: float, unit: str) -> str:
    return f"{100 * value:+.0f}{NBSP}%" if unit == "relative" else str(quantity(value, unit))
