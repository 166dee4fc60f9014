"""Charts as inline SVG: whisker, sparkline, volume and backlog, survival curve. Axes from zero, with units."""

import math
from collections.abc import Sequence
from html import escape
from typing import Any

from zhiheng.analyze.texts import Texts

VERDICT_STYLE = {"met": "ok", "not_met": "miss"}


def whisker(item: dict[str, Any]) -> str:
    """Value, interval and target of an indicator on one line."""
    value, target = item["value"], item["target"]
    if value is None:
        return ""
    marks = [x for x in (value, item["low"], item["high"], target) if x is not None]
    low, high = min(marks), max(marks)
    margin = (high - low) * 0.15 or max(abs(high), 1) * 0.1
    low, high = low - margin, high + margin
    place = [6 + 188 * (x - low) / (high - low) for x in (value, item["low"] or value, item["high"] or value)]
    style = "risk" if item["uncertain"] else VERDICT_STYLE.get(item["verdict"], "none")
    tick = ""
    if target is not None:
        at = 6 + 188 * (target - low) / (high - low)
        tick = f'<line class="tick" x1="{at:.1f}" y1="2" x2="{at:.1f}" y2="16"/>'
    return (
        f'<svg viewBox="0 0 200 18" class="{style}" role="img" aria-hidden="true">'
        f'<line class="axis" x1="2" y1="9" x2="198" y2="9"/>'
        f'<line class="range" x1="{place[1]:.1f}" y1="9" x2="{place[2]:.1f}" y2="9"/>{tick}'
        f'<circle class="dot" cx="{place[0]:.1f}" cy="9" r="4"/></svg>'
    )


def sparkline(points: Sequence[dict[str, Any]], target: float | None) -> str:
    """The trend by month; months without enough data are left out of the line."""
    known = [
        (place, point["value"])
        for place, point in enumerate(points)
        if point["value"] is not None and point["verdict"] != "not_enough_data"
    ]
    if len(known) < 2:
        return ""
    values = [value for _, value in known] + ([target] if target is not None else [])
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    width = max(len(points) - 1, 1)

    def at(place: int, value: float) -> str:
        return f"{4 + 112 * place / width:.1f},{24 - 20 * (value - low) / span:.1f}"

    line = " ".join(at(place, value) for place, value in known)
    last_x, last_y = at(*known[-1]).split(",")
    goal = ""
    if target is not None:
        height = 24 - 20 * (target - low) / span
        goal = (
            f'<line x1="4" x2="116" y1="{height:.1f}" y2="{height:.1f}" class="axis" stroke-dasharray="3 2"/>'
        )
    return (
        f'<svg viewBox="0 0 120 28" aria-hidden="true">{goal}<polyline class="line" points="{line}"/>'
        f'<circle cx="{last_x}" cy="{last_y}" r="2.6" fill="var(--accent)"/></svg>'
    )


def volume_chart(volume: dict[str, Any], zone: str, texts: Texts) -> str:
    """Received and resolved per period, and the backlog at its end, on axes from zero."""
    periods = volume["periods"]
    top = _nice(max(max(p["received"], p["resolved"] or 0) for p in periods))
    top_open = _nice(max((p["open"] or 0) for p in periods))
    left, width, height, foot = 56, 960, 110, 18
    step = (width - left) / len(periods)
    bars, dots, backlog = [], [], []
    days = [texts.day(period["from_s"], zone) for period in periods]
    for place, period in enumerate(periods):
        x = left + place * step
        size = height * period["received"] / top
        bars.append(
            f'<rect class="bar" x="{x + step * 0.12:.1f}" y="{height - size:.1f}" width="{step * 0.76:.1f}" '
            f'height="{size:.1f}"><title>{days[place]}: {period["received"]:,}</title></rect>'
        )
        if period["resolved"] is not None:
            dots.append(f"{x + step / 2:.1f},{height - height * period['resolved'] / top:.1f}")
            backlog.append(f"{x + step / 2:.1f},{height - height * period['open'] / top_open:.1f}")
    chart = (
        _axis(left, width, height, top)
        + "".join(bars)
        + f'<polyline class="line2" points="{" ".join(dots)}"/>'
    )
    below = _axis(left, width, height, top_open) + f'<polyline class="line3" points="{" ".join(backlog)}"/>'
    labels = _labels(days, left=left, step=step, y=height + 14)
    legend = _legend(
        ("--accent", "solid", texts("chart_received")), ("--second", "dashed", texts("chart_resolved"))
    )
    first = f'<svg viewBox="0 -8 {width} {height + foot + 8}" role="img">{chart}{labels}</svg>'
    if not backlog:
        return legend + first
    second = (
        _legend(("--risk", "solid", texts("chart_open")))
        + f'<svg viewBox="0 -8 {width} {height + foot + 8}" role="img">{below}{labels}</svg>'
    )
    return legend + first + second


def survival_chart(curve: Sequence[dict[str, float]], texts: Texts) -> str:
    """The share of tickets still open by time since receipt, with its band, up to 60 days."""
    limit = min(max(point["hours"] for point in curve), 60 * 24) or 1.0
    shown = [point for point in curve if point["hours"] <= limit]
    left, width, height = 48, 520, 210

    def at(hours: float, share: float) -> str:
        return f"{left + (width - left) * hours / limit:.1f},{height - height * share:.1f}"

    steps, low, high = [at(0, 1)], [at(0, 1)], [at(0, 1)]
    previous = {"open": 1.0, "low": 1.0, "high": 1.0}
    for point in shown:
        for name, path in (("open", steps), ("low", low), ("high", high)):
            path += [at(point["hours"], previous[name]), at(point["hours"], point[name])]
        previous = point
    grid = "".join(
        f'<line class="axis" x1="{left}" x2="{width}" y1="{y:.0f}" y2="{y:.0f}"/>'
        f'<text x="{left - 6}" y="{y + 4:.0f}" text-anchor="end">{share * 100:.0f} %</text>'
        for share, y in ((share, height - height * share) for share in (0, 0.25, 0.5, 0.75, 1))
    )
    days = _nice_step(limit / 24)
    ticks = "".join(
        f'<text x="{left + (width - left) * d * 24 / limit:.0f}" y="{height + 16}" text-anchor="middle">'
        f"{escape(texts('days', n=f'{d:g}'))}</text>"
        for d in [days * i for i in range(int(limit / 24 / days) + 1)]
    )
    return (
        f'<svg viewBox="0 -10 {width + 14} {height + 34}" role="img" aria-label="{escape(texts("chart_still_open"))}">'
        f'{grid}<polygon class="band" points="{" ".join(high + low[::-1])}"/>'
        f'<polyline class="line" points="{" ".join(steps)}"/>{ticks}</svg>'
        f'<p class="small muted">{escape(texts("chart_still_open"))} · {escape(texts("chart_hours"))}</p>'
    )


def _axis(left: float, width: float, height: float, top: float) -> str:
    return "".join(
        f'<line class="axis" x1="{left}" x2="{width}" y1="{y:.0f}" y2="{y:.0f}"/>'
        f'<text x="{left - 6}" y="{y + 4:.0f}" text-anchor="end">{top * part:,.0f}</text>'
        for part, y in ((part, height - height * part) for part in (0, 0.5, 1))
    )


def _legend(*keys: tuple[str, str, str]) -> str:
    marks = "".join(
        f'<span><i class="key" style="color:var({colour});border-top-style:{style}"></i>{escape(words)}</span>'
        for colour, style, words in keys
    )
    return f'<div class="legend">{marks}</div>'


def _labels(days: Sequence[str], *, left: float, step: float, y: float) -> str:
    every = max(1, math.ceil(len(days) / 9))
    places = ((left + place * step + step / 2, day) for place, day in enumerate(days) if place % every == 0)
    return "".join(
        f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="middle">{day}</text>' for x, day in places if x < 930
    )


def _nice(top: float) -> float:
    if top <= 0:
        return 1.0
    size = 10 ** math.floor(math.log10(top))
    return float(next(size * factor for factor in (1, 2, 4, 5, 6, 8, 10) if size * factor >= top))


def _nice_step(days: float) -> float:
    return float(next((step for step in (0.25, 0.5, 1, 2, 5, 10, 20) if days / step <= 7), 30))
