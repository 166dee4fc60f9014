"""Chart and ProcessMap: data for the two drawing chunks of the bundle, with a table of the same data for
everyone else.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from zhiheng.ui.navigation import Text


class ChartKind(StrEnum):
    """The shapes a chart can take."""

    LINE = "line"
    BAR = "bar"
    STACK = "stack"
    STEP = "step"
    """A step line, for survival curves."""
    HEAT = "heat"


@dataclass(frozen=True, slots=True)
class Series:
    """One series over the categories. `low` and `high` draw a band around it; `urls` open the rows behind
    each point.
    """

    name: Text
    values: tuple[float | None, ...]
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()
    urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart with its title as a statement or question, units on the axes, and direct labels."""

    id: str
    title: Text
    kind: ChartKind
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: Text = ""
    x_label: Text = ""
    decimals: int = 0
    target: float | None = None
    limits: tuple[float, float] | None = None
    horizontal: bool = False
    size: str = ""
    """"", "tall" or "short"."""
    note: Text = ""

    @property
    def data(self) -> dict[str, object]:
        """What the bundle reads."""
        return {
            "kind": self.kind.value,
            "title": str(self.title),
            "categories": list(self.categories),
            "series": [
                {
                    "name": str(each.name),
                    "values": list(each.values),
                    "low": list(each.low),
                    "high": list(each.high),
                    "urls": list(each.urls),
                }
                for each in self.series
            ],
            "unit": str(self.unit),
            "xLabel": str(self.x_label),
            "decimals": self.decimals,
            "target": self.target,
            "limits": list(self.limits) if self.limits else None,
            "horizontal": self.horizontal,
        }

    @property
    def table(self) -> list[tuple[str, list[float | None]]]:
        """The same data as rows: category, then each series' value."""
        return [
            (category, [each.values[index] for each in self.series])
            for index, category in enumerate(self.categories)
        ]


@dataclass(frozen=True, slots=True)
class MapNode:
    """An activity of the process map: how many cases pass through it. `kind`: "", start, end, step."""

    id: str
    label: Text
    count: int
    url: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class MapArc:
    """A directly-follows arc, or with no count a designed one. `tone`: "", risk (bottleneck), miss (not designed)."""

    source: str
    target: str
    count: int | None
    label: Text = ""
    url: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessMap:
    """The process as it ran, or as it is designed."""

    id: str
    title: Text
    nodes: tuple[MapNode, ...]
    arcs: tuple[MapArc, ...]

    @property
    def data(self) -> dict[str, object]:
        """What the bundle reads."""
        return {
            "title": str(self.title),
            "nodes": [
                {"id": n.id, "label": str(n.label), "count": n.count, "url": n.url, "kind": n.kind}
                for n in self.nodes
            ],
            "arcs": [
                {
                    "source": a.source,
                    "target": a.target,
                    "count": a.count,
                    "label": str(a.label),
                    "url": a.url,
                    "tone": a.tone,
                }
                for a in self.arcs
            ],
        }

    @property
    def counted(self) -> bool:
        """Whether the arcs say how often; those of a design do not."""
        return any(arc.count is not None for arc in self.arcs)

    @property
    def arc_rows(self) -> list[tuple[str, str, MapArc]]:
        """The arcs with the names of their ends, most frequent first, for the table."""
        names = {node.id: str(node.label) for node in self.nodes}
        ordered = sorted(self.arcs, key=lambda arc: -(arc.count or 0))
        return [
            (names.get(arc.source, arc.source), names.get(arc.target, arc.target), arc) for arc in ordered
        ]
