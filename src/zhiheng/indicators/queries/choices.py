"""What the tickets of a lens can be filtered by."""

from __future__ import annotations

from zhiheng.indicators.queries.kept import kept
from zhiheng.indicators.queries.lens import Lens
from zhiheng.indicators.queries.opening import opened


@kept
def choices_of(lens: Lens, scope: str) -> tuple[tuple[str, int], ...]:
    """The values of a scope among the tickets that may be seen, with the tickets of the window; most first."""
    with opened(lens) as held:
        if scope not in held.facts.columns.get("tickets", ()):
            return ()
        rows = held.connection.execute(
            f"select cast({scope} as varchar) as value, n from ("  # noqa: S608
            f"select {scope}, count(*) filter (received_s >= $from_s and received_s < $to_s) as n "
            f"from tickets where {scope} is not null group by {scope}) order by n desc, value",
            {"from_s": lens.from_s, "to_s": lens.to_s},
        ).fetchall()
    return tuple((str(value), int(count)) for value, count in rows)
