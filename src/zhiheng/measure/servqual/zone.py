"""The zone of tolerance: perception between the service customers find adequate and the service they desire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from zhiheng.measure.arrays import Floats
from zhiheng.measure.result import NOT_ENOUGH_DATA, Measurement
from zhiheng.measure.servqual.answers import (
    ANSWERED_SHARE,
    SERVQUAL_DIMENSIONS,
    check_share,
    read_scale,
    read_structure,
    same_shape,
)
from zhiheng.measure.servqual.figures import IntervalMethod, IntervalPlan

Place = Literal["below", "within", "above", "uncertain"]


@dataclass(frozen=True, slots=True)
class Zone:
    """One item or dimension: `adequacy` = perceived − adequate (MSA), `superiority` = perceived − desired (MSS).

    `width` of the zone in points; `place` of the perception, "uncertain" where an interval contains the border.
    """

    name: str
    adequacy: Measurement
    superiority: Measurement
    width: float | None
    place: Place
    flags: tuple[str, ...] = ()

    @property
    def position(self) -> float | None:
        """Where the perception lies: 0 at the adequate, 1 at the desired level; None without a zone."""
        if self.adequacy.value is None or self.width is None or self.width <= 0:
            return None
        return self.adequacy.value / self.width

    def __str__(self) -> str:
        notes = f" [{', '.join(self.flags)}]" if self.flags else ""
        return f"{self.name}: {self.place}, adequacy {self.adequacy}, superiority {self.superiority}{notes}"


@dataclass(frozen=True, slots=True)
class ZoneOfTolerance:
    """The zones of all items and dimensions."""

    items: tuple[Zone, ...]
    dimensions: tuple[Zone, ...]
    n: int
    method: str = "zone-of-tolerance"

    def __str__(self) -> str:
        return "\n".join((f"{self.method}, n={self.n}", *(str(zone) for zone in self.dimensions)))


def zone_of_tolerance(
    adequate: object,
    desired: object,
    perception: object,
    *,
    dimensions: Sequence[str] = SERVQUAL_DIMENSIONS,
    items: Sequence[str] | None = None,
    scale: tuple[float, float] = (1, 9),
    answered_share: float = ANSWERED_SHARE,
    interval: IntervalMethod = "t",
    confidence: float = 0.95,
    seed: int | None = None,
    replicates: int = 2_000,
) -> ZoneOfTolerance:
    """Where perception lies between adequate and desired service (Parasuraman, Zeithaml & Berry 1994).

    MSA = P − adequate, MSS = P − desired, paired over the respondents that gave all three; tables, scale,
    missing rule and intervals as for `gap_analysis`. Place: "below" when MSA's interval lies below 0, "above"
    when MSS's lies above 0, "within" when MSA's lies above and MSS's below, else "uncertain". Flag
    "inverted:n": so many respondents find adequate more than they desire: the questions were confused. Unit:
    points of the scale. Errors: as for `gap_analysis`.
    """
    plan = IntervalPlan(interval, confidence, seed, replicates)
    check_share(answered_share)
    given = {"adequate": adequate, "desired": desired, "perception": perception}
    tables = {name: read_scale(name, values, scale) for name, values in given.items()}
    same_shape(**tables)
    structure = read_structure(dimensions, items, tables["adequate"].shape[1])
    absent = np.logical_or.reduce([np.isnan(table) for table in tables.values()])
    sides = []
    for table in tables.values():
        complete = np.where(absent, np.nan, table)
        sides.append(np.concatenate((complete, structure.scores(complete, answered_share)), axis=1))
    names = (*structure.items, *structure.dimensions)
    zones = _zones(names, sides[0], sides[1], sides[2], plan)
    k = len(structure.items)
    return ZoneOfTolerance(tuple(zones[:k]), tuple(zones[k:]), int(absent.shape[0]))


def _zones(
    names: tuple[str, ...], adequate: Floats, desired: Floats, perceived: Floats, plan: IntervalPlan
) -> list[Zone]:
    enough, more = (plan.means(perceived - side, "points") for side in (adequate, desired))
    rows = []
    for i, name in enumerate(names):
        known = ~np.isnan(adequate[:, i])
        widths = desired[known, i] - adequate[known, i]
        inverted = int((widths < 0).sum())
        flags = (f"inverted:{inverted}",) if inverted else ()
        rows.append(
            Zone(
                name=name,
                adequacy=enough[i],
                superiority=more[i],
                width=float(widths.mean()) if widths.size else None,
                place=_place(enough[i], more[i]),
                flags=flags if widths.size > 1 else (*flags, NOT_ENOUGH_DATA),
            )
        )
    return rows


def _place(adequacy: Measurement, superiority: Measurement) -> Place:
    if adequacy.low is None or adequacy.high is None or superiority.low is None or superiority.high is None:
        return "uncertain"
    if adequacy.high < 0:
        return "below"
    if superiority.low > 0:
        return "above"
    if adequacy.low > 0 and superiority.high < 0:
        return "within"
    return "uncertain"
