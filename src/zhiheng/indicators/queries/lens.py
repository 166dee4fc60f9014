"""How somebody looks at the facts: which snapshot, which tickets they may see, which filters and which window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from zhiheng.definitions import schema
from zhiheng.indicators.mirror import store
from zhiheng.indicators.mirror.sources import SOURCES
from zhiheng.kernel.actor import Actor
from zhiheng.platform.grants import facts_predicate

Parameters = tuple[tuple[str, tuple[int | str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Lens:
    """A question's frame; hashable, so that an answer can be kept for as long as its snapshot is current.

    `teams` are the teams that the person who looks belongs to: figures on those are within their own scope.
    """

    snapshot: str
    from_s: int
    to_s: int
    cut_s: int
    filters: tuple[tuple[str, str], ...] = ()
    predicate: str = "true"
    parameters: Parameters = ()
    teams: frozenset[str] = frozenset()
    zone: str = "UTC"

    @property
    def chosen(self) -> dict[str, str]:
        """The filters as the engine takes them."""
        return dict(self.filters)

    def narrowed(self, **filters: str) -> Lens:
        """The same look at fewer tickets."""
        return replace(self, filters=tuple(sorted({**self.chosen, **filters}.items())))


def lens_for(
    actor: Actor,
    manifest: store.Manifest,
    *,
    from_s: int,
    to_s: int | None = None,
    cut_s: int | None = None,
    filters: Mapping[str, str] | None = None,
    teams: frozenset[str] = frozenset(),
    zone: str = "UTC",
) -> Lens:
    """The lens of an actor on a snapshot. Unknown filters are an error of the caller."""
    unknown = set(filters or {}) - set(schema.SCOPES)
    if unknown:
        raise ValueError(f"no facts are filtered by {', '.join(sorted(unknown))}")
    predicate, parameters = _predicate(actor)
    end = manifest.cut_s if to_s is None else to_s
    return Lens(
        snapshot=manifest.id,
        from_s=min(from_s, end),
        to_s=end,
        cut_s=manifest.cut_s if cut_s is None else cut_s,
        filters=tuple(sorted((filters or {}).items())),
        predicate=predicate,
        parameters=parameters,
        teams=teams,
        zone=zone,
    )


def _predicate(actor: Actor) -> tuple[str, Parameters]:
    sources = list(SOURCES.values())
    if not sources:
        return "false", ()
    sql, parameters = facts_predicate(actor, "view", sources[0].governed_by)
    return sql, tuple((name, tuple(values)) for name, values in sorted(parameters.items()))
