"""The process map as inline SVG: activities in a column by their usual place, arcs right onward, left back."""

from html import escape
from typing import Any

from zhiheng.analyze.texts import Texts

BUSIEST = 18
ROW = 58
BOX_W, BOX_H = 168, 32
CENTRE, WIDTH = 480, 960


def process_map(flow: dict[str, Any], texts: Texts) -> str:
    """Draw the busiest arcs; a loop onto itself is told in the box."""
    arcs = flow["arcs"]
    moving = [arc for arc in arcs if arc["from"] != arc["to"]][:BUSIEST]
    loops = {arc["from"]: arc for arc in arcs if arc["from"] == arc["to"]}
    names = _ordered(moving, flow)
    if not names:
        return ""
    place = {name: index for index, name in enumerate(names)}
    most = max((arc["count"] for arc in moving), default=1)
    taken: list[tuple[float, float]] = []
    lines = "".join(_arc(arc, place, most, texts, taken) for arc in moving)
    boxes = "".join(_box(name, place[name], loops.get(name)) for name in names)
    height = ROW * len(names) + 10
    note = texts("map_note", n=len(moving))
    drawing = f'<svg viewBox="0 0 {WIDTH} {height}" role="img">{lines}{boxes}</svg>'
    return f'{drawing}<p class="small muted">{escape(note)}</p>'


def _ordered(arcs: list[dict[str, Any]], flow: dict[str, Any]) -> list[str]:
    """Activities by how much more often they are left than entered: starts above, ends below."""
    weight: dict[str, list[int]] = {}
    for arc in arcs:
        weight.setdefault(arc["from"], [0, 0])[0] += arc["count"]
        weight.setdefault(arc["to"], [0, 0])[1] += arc["count"]
    for name in (*flow["starts"], *flow["ends"]):
        weight.setdefault(name, [0, 0])

    def position(name: str) -> float:
        out, into = weight[name]
        total = out + into + flow["starts"].get(name, 0) + flow["ends"].get(name, 0)
        place: float = (into + flow["ends"].get(name, 0) * 2 - out - flow["starts"].get(name, 0) * 2) / max(
            total, 1
        )
        return place

    return sorted(weight, key=lambda name: (position(name), name))[:16]


def _arc(
    arc: dict[str, Any], place: dict[str, int], most: int, texts: Texts, taken: list[tuple[float, float]]
) -> str:
    if arc["from"] not in place or arc["to"] not in place:
        return ""
    start, end = place[arc["from"]], place[arc["to"]]
    onward = end > start
    y1, y2 = (ROW * index + 8 + BOX_H / 2 for index in (start, end))
    side = 1 if onward else -1
    x = CENTRE + side * BOX_W / 2
    reach = min(30 + 52 * abs(end - start), 300)
    width = 1 + 9 * (arc["count"] / most) ** 0.5
    bend = x + side * reach * 1.33
    middle = x + side * reach + side * 4
    anchor = "start" if onward else "end"
    label = f"{arc['count']:,} · {texts.hours(arc['median_seconds'] / 3600)}"
    shown = (
        f'<text x="{middle:.0f}" y="{_free(middle, (y1 + y2) / 2 + 4, taken):.0f}" text-anchor="{anchor}">'
        f"{escape(label)}</text>"
        if arc["count"] > most * 0.04
        else ""
    )
    return (
        f'<path class="arc{"" if onward else " back"}" stroke-width="{width:.1f}" '
        f'd="M{x:.0f},{y1 + side * 5:.0f} C{bend:.0f},{y1:.0f} {bend:.0f},{y2:.0f} {x:.0f},{y2 - side * 5:.0f}">'
        f"<title>{escape(arc['from'])} → {escape(arc['to'])}: {escape(label)}</title></path>{shown}"
    )


def _free(x: float, y: float, taken: list[tuple[float, float]]) -> float:
    """A height near y where a label does not cover another one."""
    while any(abs(x - other_x) < 96 and abs(y - other_y) < 12 for other_x, other_y in taken):
        y += 12
    taken.append((x, y))
    return y


def _box(name: str, index: int, loop: dict[str, Any] | None) -> str:
    y = ROW * index + 8
    shown = name if len(name) <= 24 else name[:23] + "…"
    again = f'<tspan fill-opacity=".75"> ↻ {loop["count"]:,}</tspan>' if loop else ""
    return (
        f'<rect class="node" x="{CENTRE - BOX_W / 2}" y="{y}" width="{BOX_W}" height="{BOX_H}" rx="6"/>'
        f'<text class="strong" x="{CENTRE}" y="{y + BOX_H / 2 + 4}" text-anchor="middle">{escape(shown)}{again}</text>'
    )
