"""Size of the log and its flow: arcs, variants, rework, hand-overs, bottlenecks."""

from typing import Any

from zhiheng.analyze.facts import CaseFacts
from zhiheng.measure.flow import bottlenecks, directly_follows, end_activities, rework, start_activities

TOP_VARIANTS = 20
TOP_HAND_OVERS = 20


def log_figures(facts: CaseFacts) -> dict[str, Any]:
    """How much was read."""
    return {
        "cases": facts.case_count,
        "events": len(facts.traces.order),
        "activities": len(facts.log.activities),
        "variants": len(facts.variants),
        "rows_read": facts.log.rows_read,
        "first_s": int(facts.traces.time_s.min()),
        "last_s": int(facts.traces.time_s.max()),
    }


def flow_figures(facts: CaseFacts) -> dict[str, Any]:
    """The directly-follows arcs with exact median times, the commonest variants, and who does what again."""
    names = facts.log.activities
    counts = facts.variants.counts
    return {
        "arcs": [
            {
                "from": names[arc.source],
                "to": names[arc.target],
                "count": arc.count,
                "median_seconds": arc.quantiles_s[0],
                "p90_seconds": arc.quantiles_s[1],
                "total_seconds": arc.total_s,
            }
            for arc in directly_follows(facts.traces)
        ],
        "top_variants": [
            {
                "activities": [names[code] for code in sequence],
                "cases": int(number),
                "share": int(number) / facts.case_count,
            }
            for sequence, number in zip(
                facts.variants.sequences[:TOP_VARIANTS], counts[:TOP_VARIANTS], strict=True
            )
        ],
        "rework": {names[code]: number for code, number in rework(facts.traces).items()},
        "starts": {names[code]: number for code, number in start_activities(facts.traces).items()},
        "ends": {names[code]: number for code, number in end_activities(facts.traces).items()},
        "bottlenecks": [
            {
                "activity": names[wait.activity],
                "count": wait.count,
                "share": wait.share,
                "total_seconds": wait.total_s,
                "median_seconds": wait.quantiles_s[0],
                "p90_seconds": wait.quantiles_s[1],
            }
            for wait in bottlenecks(facts.traces)
        ],
        "hand_overs": _hand_overs(facts),
    }


def _hand_overs(facts: CaseFacts) -> list[dict[str, Any]]:
    if facts.hand_overs is None:
        return []
    teams = facts.log.names("team")
    return [
        {"from": teams[arc.source], "to": teams[arc.target], "count": arc.count}
        for arc in facts.hand_overs.arcs[:TOP_HAND_OVERS]
    ]
