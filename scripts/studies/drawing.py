"""Small charts as inline SVG: text and lines in the colour of the page, so that they read in print and in the dark.

What a colour says is said by a dash, a shape or a label too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

WIDTH = 760
INK, ACCENT, SECOND, FAINT = "currentColor", "#0a7d71", "#b4540a", "#8a8a8a"

Point = tuple[float, float]


@dataclass
class Chart:
    """A plot with linear axes; marks are added in the units of the data."""

    title: str
    x: tuple[float, float]
    y: tuple[float, float]
    height: int = 320
    left: int = 64
    right: int = 20
    top: int = 26
    bottom: int = 44
    marks: list[str] = field(default_factory=list)

    def at(self, x: float, y: float) -> Point:
        """Where a point lies on the paper."""
        across = (x - self.x[0]) / (self.x[1] - self.x[0]) * (WIDTH - self.left - self.right)
        up = (y - self.y[0]) / (self.y[1] - self.y[0]) * (self.height - self.top - self.bottom)
        return self.left + across, self.height - self.bottom - up

    def line(self, points: Iterable[Point], colour: str = INK, *, dash: str = "", width: float = 1.5) -> None:
        """A line through the points."""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (self.at(*point) for point in points))
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.marks.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}"{dashed}/>'
        )

    def steps(self, points: Sequence[Point], colour: str = INK, *, dash: str = "") -> None:
        """A curve that keeps its height until the next point."""
        corners = [points[0]]
        for x, y in points[1:]:
            corners += [(x, corners[-1][1]), (x, y)]
        self.line(corners, colour, dash=dash)

    def dot(self, point: Point, colour: str = INK, *, hollow: bool = False, radius: float = 3.5) -> None:
        """A round mark; a hollow one says "not sure" or "left out"."""
        x, y = self.at(*point)
        fill = "none" if hollow else colour
        self.marks.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="{fill}" stroke="{colour}"/>'
        )

    def text(
        self, point: Point, words: str, *, anchor: str = "start", colour: str = INK, dy: float = 4
    ) -> None:
        """Words beside a point of the plot."""
        x, y = self.at(*point)
        self._write(x, y + dy, words, anchor, colour)

    def x_axis(self, label: str, ticks: Sequence[tuple[float, str]]) -> None:
        """Ticks with their labels below the plot, and what the axis is."""
        floor = self.height - self.bottom
        self._rule(self.left, floor, WIDTH - self.right, floor)
        for value, words in ticks:
            x = self.at(value, self.y[0])[0]
            self._rule(x, floor, x, floor + 4)
            self._write(x, floor + 17, words, "middle", INK)
        self._write((self.left + WIDTH - self.right) / 2, self.height - 6, label, "middle", INK)

    def y_axis(self, label: str, ticks: Sequence[tuple[float, str]]) -> None:
        """Ticks with their labels left of the plot; what the axis is stands above it."""
        self._rule(self.left, self.top, self.left, self.height - self.bottom)
        for value, words in ticks:
            y = self.at(self.x[0], value)[1]
            self._rule(self.left - 4, y, self.left, y)
            self._write(self.left - 7, y + 4, words, "end", INK)
        if label:
            self._write(8, self.top - 12, label, "start", INK)

    def svg(self) -> str:
        """The chart, with its title for those who cannot see it."""
        title = escape(self.title, quote=True)
        return (
            f'<svg viewBox="0 0 {WIDTH} {self.height}" role="img" aria-label="{title}" width="100%" '
            f'font-size="12" font-family="inherit" xmlns="http://www.w3.org/2000/svg"><title>{title}</title>'
            + "".join(self.marks)
            + "</svg>"
        )

    def figure(self, caption: str) -> str:
        """The chart with a caption, on one line, so that Markdown leaves it alone."""
        return f'<figure style="width:100%">{self.svg()}<figcaption>{escape(caption)}</figcaption></figure>'

    def _rule(self, x1: float, y1: float, x2: float, y2: float) -> None:
        self.marks.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{INK}" stroke-width="1"/>'
        )

    def _write(self, x: float, y: float, words: str, anchor: str, colour: str) -> None:
        self.marks.append(
            f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(words)}</text>'
        )
