"""The answers in words that terminal and HTML begin with, computed from the figures of the report."""

from typing import Any

from zhiheng.analyze.texts import Texts


def answers(report: dict[str, Any], texts: Texts) -> list[str]:
    """Size, targets, defects and backlog in a few sentences."""
    log = report["log"]
    lines = [
        texts(
            "headline_cases",
            cases=f"{log['cases']:,}",
            events=f"{log['events']:,}",
            variants=f"{log['variants']:,}",
        ),
        targets_answer(report, texts),
        confirmed_answer(report, texts),
    ]
    lines += [line for line in (backlog_answer(report, texts), resolved_answer(report, texts)) if line]
    return lines


def targets_answer(report: dict[str, Any], texts: Texts) -> str:
    """How many targets are met."""
    verdicts = [item["verdict"] for item in report["indicators"].values()]
    met, not_met = verdicts.count("met"), verdicts.count("not_met")
    rest = verdicts.count("not_computable") + verdicts.count("not_enough_data")
    return texts(
        "answer_targets", met=met, not_met=not_met, judged=met + not_met, rest=rest, all=len(verdicts)
    )


def exemptions_answer(report: dict[str, Any], texts: Texts) -> str:
    """Whether approved exemptions are recorded: figures are told with and without them, never without saying so."""
    exemptions = report["exemptions"]
    if not exemptions["recorded"]:
        return texts("exemptions_unrecorded")
    if not exemptions["tickets"]:
        return texts("exemptions_none")
    return texts("exemptions_some", n=f"{exemptions['tickets']:,}")


def confirmed_answer(report: dict[str, Any], texts: Texts) -> str:
    """Which defects are confirmed, by name."""
    names = [texts.of(item["name"]) for item in report["defects"].values() if item["state"] == "confirmed"]
    separator = "、" if texts.language == "zh" else ", "
    return texts("answer_defects", names=separator.join(names)) if names else texts("answer_no_defects")


def defects_answer(report: dict[str, Any], texts: Texts) -> str:
    """How many defects are confirmed, on watch and not to be judged."""
    states = [item["state"] for item in report["defects"].values()]
    confirmed, watch = states.count("confirmed"), states.count("watch")
    rest = states.count("not_computable") + states.count("not_enough_data")
    if not confirmed:
        return texts("answer_defects_none", watch=watch)
    return texts("answer_defects_some", confirmed=confirmed, watch=watch, rest=rest)


def backlog_answer(report: dict[str, Any], texts: Texts) -> str:
    """How many tickets are open, and how soon half of them are resolved."""
    held, resolution = report["cases"]["open_at_cut"], report["resolution"]
    if held is None or resolution is None:
        return ""
    return texts("answer_backlog", open=f"{held:,}", median=texts.hours(resolution["all"]["median_hours"]))


def resolved_answer(report: dict[str, Any], texts: Texts) -> str:
    """The share resolved within 30 days."""
    month = next((item for item in report["resolved_within"] if item["days"] == 30), None)
    if month is None or month["value"] is None:
        return ""
    return texts("answer_resolved", share=texts.value(month["value"], "share"), n=f"{month['n']:,}")


def recurrence_answer(report: dict[str, Any], texts: Texts) -> str:
    """Whether faults come back more often than chance explains."""
    valid = [
        item
        for item in report["recurrence"]
        if item["excess"] is not None and "too_many_without_key" not in item["flags"]
    ]
    if not valid:
        return texts("answer_recurrence_no")
    best = valid[0]
    if best["excess_low"] > 0:
        return texts("answer_recurrence_excess", excess=texts.value(best["excess"], "share"))
    return texts("answer_recurrence_none")


def flow_answer(report: dict[str, Any], texts: Texts) -> str:
    """Where most time goes, and what is done again most often."""
    waits, rework = report["flow"]["bottlenecks"], report["flow"]["rework"]
    if not waits or not rework:
        return ""
    again = max(rework, key=lambda name: rework[name])
    return texts(
        "answer_flow",
        activity=waits[0]["activity"],
        share=texts.value(waits[0]["share"], "share"),
        again=again,
        rework=f"{rework[again]:,}",
    )


def volume_answer(report: dict[str, Any], texts: Texts) -> str:
    """Whether the backlog grew over the window."""
    periods = report["volume"]["periods"]
    if not periods or periods[-1]["open"] is None:
        return ""
    return texts(
        "answer_volume_steady",
        received=f"{sum(item['received'] for item in periods):,}",
        resolved=f"{sum(item['resolved'] for item in periods):,}",
        open=f"{periods[-1]['open']:,}",
    )
