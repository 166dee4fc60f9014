"""Availability of a service from the parts it depends on, shared parts counted once: minimal cut sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby

from zhiheng.measure.arrays import count
from zhiheng.measure.dependability.structure import shares
from zhiheng.measure.errors import MeasureError

Part = str
Cut = frozenset[Part]

LIMIT = 5_000
"""Cut sets beyond which a graph is refused; they grow with the product of the redundancies."""
SHRINKING = 10
"""By how much the cuts of several parts together may exceed the limit before the larger ones are dropped."""


@dataclass(frozen=True, slots=True)
class Group:
    """Parts that stand in for each other: `needed` of them must be up."""

    parts: tuple[Part, ...]
    needed: int = 1

    def __post_init__(self) -> None:
        if not 1 <= count("needed", self.needed) <= len(self.parts):
            raise MeasureError("needed", f"must lie between 1 and {len(self.parts)}, is {self.needed}")


@dataclass(frozen=True, slots=True)
class CutSet:
    """A smallest set of parts whose joint failure takes the service down, with the probability of that."""

    parts: tuple[Part, ...]
    probability: float


@dataclass(frozen=True, slots=True)
class GraphAvailability:
    """The availability of a service with what it hangs on, most probable cut sets first.

    `single_points`: parts that take it down alone. `importance`: how much the service's availability rises per
    unit of the part's (Birnbaum 1969). `bound`: Σ cut set probabilities, never below the unavailability.
    """

    service: Part
    value: float
    cut_sets: tuple[CutSet, ...]
    single_points: tuple[Part, ...]
    importance: tuple[tuple[Part, float], ...]
    bound: float
    n: int

    def __str__(self) -> str:
        alone = ", ".join(self.single_points) or "none"
        return (
            f"{self.service} {self.value:.4%} (n={self.n}, minimal cut sets={len(self.cut_sets)},"
            f" single points of failure: {alone})"
        )


def graph_availability(
    service: Part,
    *,
    parts: Mapping[Part, float],
    needs: Mapping[Part, Sequence[Part | Group]],
) -> GraphAvailability:
    """The exact availability of `service` from the availabilities of its `parts` and what each of them `needs`.

    A part works when it is up itself and every entry of its needs works: a name, or a `Group` of which enough
    work. A name without an entry in `parts` (the service, as a rule) never fails by itself. A part reached by
    several ways is one part: a shared switch under two redundant servers is counted once, which multiplying
    series and parallel blocks gets wrong.

    Minimal cut sets by expansion from the top (Fussell & Vesely 1972), the probability by conditioning on one
    part after the other. The parts' own failures must be independent; a common cause is a part that both need.
    A = Σ Π A_i Π (1 − A_j) over the states in which it works (A_i up, A_j down). Unit: share. Errors: a cycle
    of needs, an unknown part, more than 5,000 cut sets.
    """
    names = tuple(parts)
    values = dict(zip(names, shares("parts", [parts[name] for name in names]).tolist(), strict=True))
    cuts = _minimal_cuts(service, values, needs)
    solver = _Solver(values)
    down = solver.down(cuts)
    used = sorted(frozenset[Part]().union(*cuts))
    importance = {
        name: solver.down(_given(cuts, name, failed=True)) - solver.down(_given(cuts, name, failed=False))
        for name in used
    }
    ranked = sorted(
        (CutSet(tuple(sorted(cut)), _product(values, cut)) for cut in cuts),
        key=lambda row: (-row.probability, row.parts),
    )
    return GraphAvailability(
        service=service,
        value=1 - down,
        cut_sets=tuple(ranked),
        single_points=tuple(sorted(name for cut in cuts if len(cut) == 1 for name in cut)),
        importance=tuple(sorted(importance.items(), key=lambda row: (-row[1], row[0]))),
        bound=min(sum(row.probability for row in ranked), 1.0),
        n=len(used),
    )


def _minimal_cuts(
    service: Part, values: Mapping[Part, float], needs: Mapping[Part, Sequence[Part | Group]]
) -> frozenset[Cut]:
    known: dict[Part, frozenset[Cut]] = {}
    path: list[Part] = []

    def cuts_of(name: Part) -> frozenset[Cut]:
        if name in known:
            return known[name]
        if name in path:
            raise MeasureError("needs", f"must not go round in a circle: {' → '.join((*path, name))}")
        if name not in values and name not in needs:
            raise MeasureError("needs", f"must name known parts only, names {name!r}")
        path.append(name)
        found: set[Cut] = {frozenset((name,))} if name in values else set()
        for need in needs.get(name, ()):
            group = Group((need,)) if isinstance(need, str) else need
            members = [cuts_of(member) for member in group.parts]
            # The group is lost when so many are down that fewer than `needed` are left.
            for lost in combinations(members, len(members) - group.needed + 1):
                found |= _all_of(lost)
                _check_size(len(found))
        path.pop()
        known[name] = _smallest(found)
        return known[name]

    return cuts_of(service)


def _all_of(members: Sequence[frozenset[Cut]]) -> frozenset[Cut]:
    """The cuts that take down every one of the members."""
    joint: frozenset[Cut] = frozenset((frozenset(),))
    for cuts in members:
        _check_size(len(joint) * len(cuts) // SHRINKING)
        joint = _smallest({a | b for a in joint for b in cuts})
        _check_size(len(joint))
    return joint


def _check_size(size: int) -> None:
    if size > LIMIT:
        raise MeasureError("needs", f"must not have more than {LIMIT:,} cut sets: group what is redundant")


def _smallest(cuts: set[Cut] | frozenset[Cut]) -> frozenset[Cut]:
    """Only the cuts that hold no other."""
    kept: set[Cut] = set()
    by_first: dict[Part, list[Cut]] = {}  # a cut within another begins with one of the other's parts
    for size, equals in groupby(sorted(cuts, key=len), key=len):
        if size == 0:
            return frozenset(equals)
        new = [c for c in equals if not any(other <= c for name in c for other in by_first.get(name, ()))]
        for cut in new:  # only now: of two equally large ones neither holds the other
            by_first.setdefault(min(cut), []).append(cut)
        kept.update(new)
    return frozenset(kept)


def _given(cuts: frozenset[Cut], name: Part, *, failed: bool) -> frozenset[Cut]:
    """The cuts once it is known that a part has failed, or that it has not."""
    if failed:
        return _smallest({cut - {name} for cut in cuts})
    return frozenset(cut for cut in cuts if name not in cut)


def _product(values: Mapping[Part, float], cut: Cut) -> float:
    result = 1.0
    for name in sorted(cut):
        result *= 1 - values[name]
    return result


class _Solver:
    """The probability that all parts of at least one cut are down, each set of cuts solved once."""

    def __init__(self, values: Mapping[Part, float]) -> None:
        self._values = values
        self._solved: dict[frozenset[Cut], float] = {}

    def down(self, cuts: frozenset[Cut]) -> float:
        if not cuts:
            return 0.0
        if frozenset() in cuts:
            return 1.0
        if cuts not in self._solved:
            tally: dict[Part, int] = {}
            for cut in cuts:
                for name in cut:
                    tally[name] = tally.get(name, 0) + 1
            name = min(tally, key=lambda part: (-tally[part], part))  # the most shared part splits best
            up = self._values[name]
            self._solved[cuts] = (1 - up) * self.down(_given(cuts, name, failed=True)) + up * self.down(
                _given(cuts, name, failed=False)
            )
        return self._solved[cuts]
