"""How long cases took, finished ones only, and how many share a property. Percentiles by linear interpolation."""

from typing import Any

import numpy as np

from zhiheng.analyze.facts import CaseFacts
from zhiheng.analyze.facts.build import as_flags
from zhiheng.analyze.facts.lifecycle import NEVER
from zhiheng.measure.arrays import Integers
from zhiheng.measure.proportion import wilson_interval

HOUR_S = 3600
DAY_S = 86_400
HORIZONS_D = (5, 10, 30)


def duration_figures(facts: CaseFacts) -> dict[str, Any]:
    """Hours from the first to the last event, and from opening to resolution where the log has it."""
    result = {"case_hours": summary(facts.traces.durations_s)}
    resolved, received = facts.seconds("resolved_s"), facts.seconds("received_s")
    if resolved is not None and received is not None:
        happened = resolved != NEVER
        result["open_to_resolved_hours"] = summary(resolved[happened] - received[happened])
    return result


def summary(seconds: Integers) -> dict[str, Any]:
    """n, p50, p90, p95 and mean of seconds, in hours; None without cases."""
    if not len(seconds):
        return {"n": 0, "p50": None, "p90": None, "p95": None, "mean": None}
    ordered = np.sort(seconds)
    p50, p90, p95 = (_quantile(ordered, share) / HOUR_S for share in (0.5, 0.9, 0.95))
    return {
        "n": len(seconds),
        "p50": p50,
        "p90": p90,
        "p95": p95,
        "mean": int(seconds.sum()) / len(seconds) / HOUR_S,
    }


def _quantile(ordered: Integers, share: float) -> float:
    # As np.quantile, which loads numpy.ma: longer than everything here takes.
    position = (len(ordered) - 1) * share
    below = int(position)
    low, high = int(ordered[below]), int(ordered[min(below + 1, len(ordered) - 1)])
    return low + (high - low) * (position - below)


def case_figures(facts: CaseFacts, *, from_s: int, to_s: int) -> dict[str, Any]:
    """Counts of cases; a property that the log cannot tell is null."""
    received, resolved = facts.seconds("received_s"), facts.seconds("resolved_s")
    assert received is not None
    inside = (received >= from_s) & (received < to_s)
    changes = facts.seconds("team_changes")
    reassigned = facts.seconds("reassignment_count")
    moved = changes if reassigned is None else np.where(reassigned == NEVER, 0, reassigned)
    priorities, highest = facts.columns.get("priority"), facts.columns.get("highest_priority")
    return {
        "reopened": _flagged(facts, "reopened"),
        "reassigned": None if moved is None else int((moved > 0).sum()),
        "ping_pong": _flagged(facts, "ping_pong"),
        "unresolved": None if resolved is None else int((resolved == NEVER).sum()),
        "team_changes_2": None if changes is None else int((changes >= 2).sum()),
        "team_changes_3": None if changes is None else int((changes >= 3).sum()),
        "priority_changed": None if priorities is None or highest is None else _priority_changed(facts),
        "waited_customer": _flagged(facts, "waited_customer"),
        "received_in_window": int(inside.sum()),
        "open_at_cut": None if resolved is None else int((inside & (resolved > facts.cut_s)).sum()),
    }


def horizon_figures(facts: CaseFacts, *, from_s: int, to_s: int) -> list[dict[str, Any]]:
    """The share resolved within 5, 10 and 30 days of receipt among cases that old at the cut."""
    received, resolved = facts.seconds("received_s"), facts.seconds("resolved_s")
    if received is None or resolved is None:
        return []
    result = []
    for days in HORIZONS_D:
        limit = received + days * DAY_S
        matured = (received >= from_s) & (received < to_s) & (limit <= facts.cut_s)
        share = wilson_interval(int((matured & (resolved <= limit)).sum()), int(matured.sum()))
        result.append(
            {"days": days, "value": share.value, "n": share.n, "low": share.low, "high": share.high}
        )
    return result


def _flagged(facts: CaseFacts, name: str) -> int | None:
    column = facts.columns.get(name)
    return None if column is None else int(as_flags(column).sum())


def _priority_changed(facts: CaseFacts) -> int:
    """Cases whose rows name more than one priority."""
    codes = facts.log.codes("priority")[facts.traces.order]
    starts = facts.traces.starts[:-1]
    known = codes >= 0
    lowest = np.minimum.reduceat(np.where(known, codes, NEVER), starts)
    highest = np.maximum.reduceat(codes, starts)
    return int(((highest >= 0) & (lowest != highest)).sum())
