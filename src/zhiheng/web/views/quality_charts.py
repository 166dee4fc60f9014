"""The charts of the quality pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from zhiheng.indicators.queries import Measured
from zhiheng.ui.components import Chart, ChartKind, Series
from zhiheng.ui.formatting import UNITS
from zhiheng.web.queries.quality import Look
from zhiheng.web.queries.quality_figures import name_of, period_labels, target_of

HOURS_A_DAY = 24


def volume_chart(volume: dict[str, Any], look: Look) -> Chart:
    """Received, resolved and open tickets by week or month."""
    zone = ZoneInfo(look.lens.zone)
    periods = [item for item in volume["periods"] if item["whole"]] or volume["periods"]
    return Chart(
        id="volume",
        title=_("Received, resolved and still open by week")
        if volume["by"] == "week"
        else _("Received, resolved and still open by month"),
        kind=ChartKind.LINE,
        categories=tuple(datetime.fromtimestamp(item["from_s"], zone).strftime("%m-%d") for item in periods),
        series=(
            Series(_("Received"), tuple(item["received"] for item in periods)),
            Series(_("Resolved"), tuple(item["resolved"] for item in periods)),
            Series(_("Open at the end"), tuple(item["open"] for item in periods)),
        ),
        x_label=_("Period from"),
        note=_("Tickets received in the chosen period only; what had been open before is not counted."),
    )


def resolution_chart(resolution: dict[str, Any]) -> Chart:
    """The share of tickets still open by age (Kaplan–Meier), with its band."""
    points = resolution["curve"]
    return Chart(
        id="resolution",
        title=_("Share still open by age"),
        kind=ChartKind.STEP,
        categories=tuple(f"{point['hours'] / HOURS_A_DAY:.1f}" for point in points),
        series=(
            Series(
                _("Still open"),
                tuple(100 * point["open"] for point in points),
                low=tuple(100 * point["low"] for point in points),
                high=tuple(100 * point["high"] for point in points),
            ),
        ),
        unit="%",
        x_label=_("Days since receipt"),
        decimals=1,
        note=_("Kaplan–Meier with a 95 % band: open tickets count for as long as they have been open."),
    )


def trend_chart(item: Measured, look: Look, limits: tuple[float, float] | None) -> Chart | None:
    """An indicator by week or month with its interval, target and natural limits."""
    if len(item.trend) < 2:
        return None
    unit = UNITS.get(item.indicator.formula.unit)
    factor, decimals = (unit.factor, unit.decimals) if unit else (1.0, 2)
    minimum = item.indicator.formula.minimum_n

    def scaled(value: float | None, n: int) -> float | None:
        return None if value is None or n < minimum else value * factor

    target = target_of(item).aim
    points = [point.measurement for point in item.trend]
    aims = [(point.target or item.indicator.target).aim for point in item.trend]
    # One line while the target that judges now was in force throughout; else a course of its own.
    steady = set(aims) == {target}
    beside: tuple[Series, ...] = ()
    if not steady:
        in_force = tuple(None if aim is None else aim * factor for aim in aims)
        beside = (Series(_("Target in force"), in_force),)
    chance = [point.details.get("chance") for point in item.trend]
    if any(part is not None for part in chance):
        pairs = zip(chance, points, strict=True)
        beside += (Series(_("By chance alone"), tuple(scaled(part, point.n) for part, point in pairs)),)
    return Chart(
        id="trend",
        title=_("%(name)s by week") % {"name": name_of(item.indicator)}
        if item.by == "week"
        else _("%(name)s by month") % {"name": name_of(item.indicator)},
        kind=ChartKind.LINE,
        categories=period_labels(look, item.edges),
        series=(
            Series(
                name_of(item.indicator),
                tuple(scaled(point.value, point.n) for point in points),
                low=tuple(scaled(point.low, point.n) for point in points),
                high=tuple(scaled(point.high, point.n) for point in points),
            ),
            *beside,
        ),
        unit=str(unit.word) if unit else item.indicator.formula.unit,
        x_label=_("Period from"),
        decimals=decimals,
        target=None if target is None or not steady else target * factor,
        limits=None if limits is None else (limits[0] * factor, limits[1] * factor),
        note=_("Periods with too few cases are left out. Limits: mean ± 2.66 × mean moving range (XmR)."),
    )
