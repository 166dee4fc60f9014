"""Figures with exempt tickets taken into account again: what stands beside each figure as soon as one is exempt."""

from __future__ import annotations

from dataclasses import dataclass, field

from zhiheng.definitions.engine import Figure, run
from zhiheng.definitions.judging import judged_figure
from zhiheng.indicators.queries.catalogue import indicators
from zhiheng.indicators.queries.figures import kinds_of, only_second
from zhiheng.indicators.queries.kept import kept
from zhiheng.indicators.queries.lens import Lens
from zhiheng.indicators.queries.opening import opened
from zhiheng.indicators.queries.own_targets import own_targets


@dataclass(frozen=True, slots=True)
class Exempt:
    """`recorded`: the facts tell exemptions; `tickets`: so many have one; `figures` with those, by indicator."""

    recorded: bool = False
    tickets: int = 0
    figures: dict[str, Figure] = field(default_factory=dict)


def judged_with_exempt(lens: Lens) -> Exempt:
    """The figures with exempt tickets through a lens, judged by the same targets as those without."""
    found, own = with_exempt(lens), own_targets()
    return Exempt(
        found.recorded,
        found.tickets,
        {
            name: judged_figure(
                figure,
                indicators()[name],
                own.get(name, ()),
                to_s=lens.to_s,
                zone=lens.zone,
                groups=lens.chosen,
            )
            for name, figure in found.figures.items()
        },
    )


@kept
def with_exempt(lens: Lens) -> Exempt:
    """Measure every indicator with exempt tickets too; nothing is measured where none is exempt."""
    with opened(lens) as held:
        if not held.facts.has("exempt"):
            return Exempt()
        (tickets,) = held.connection.execute("select count(*) from tickets where exempt").fetchall()[0]
        if not tickets:
            return Exempt(recorded=True)
        kinds = kinds_of(held)
        figures = {
            name: run(
                held.connection,
                indicator,
                from_s=lens.from_s,
                to_s=lens.to_s,
                cut_s=lens.cut_s,
                filters=lens.chosen,
                exempt=True,
                second=only_second(indicator, kinds),
                facts=held.facts,
            )["all"]
            for name, indicator in indicators().items()
        }
    return Exempt(True, int(tickets), figures)
