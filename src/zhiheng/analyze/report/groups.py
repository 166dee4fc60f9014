"""Indicators of the groups that own targets name: a service, a team or a priority judged by its own target."""

from __future__ import annotations

from dataclasses import dataclass

from zhiheng.analyze.facts import CaseFacts
from zhiheng.analyze.quality import QualityNote
from zhiheng.definitions.definition import Indicator, Target
from zhiheng.definitions.engine import Figure, run
from zhiheng.definitions.judging import judged_figure
from zhiheng.definitions.query import Window


@dataclass(frozen=True, slots=True)
class GroupFigure:
    """The figure of one group, judged by the target in force for it."""

    scope: str
    name: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Scoped:
    """The groups of an indicator that have targets, and what is to be said of targets that judge nothing."""

    groups: tuple[GroupFigure, ...] = ()
    notes: tuple[QualityNote, ...] = ()


def scoped_figures(
    facts: CaseFacts,
    window: Window,
    indicator: Indicator,
    own: tuple[Target, ...],
    *,
    zone: str,
    second: bool,
) -> Scoped:
    """Measure an indicator for each group that one of its own targets names."""
    groups: list[GroupFigure] = []
    notes: list[QualityNote] = []
    for scope, name in dict.fromkeys((target.scope, target.group) for target in own if target.scope != "all"):
        code = _unknown(facts, scope, name)
        if code:
            params = {"indicator": indicator.id, "scope": scope, "group": name}
            notes.append(QualityNote(code=code, severity="serious", count=1, params=params))
            continue
        figure = run(
            facts.connection,
            indicator,
            from_s=window.from_s,
            to_s=window.to_s,
            cut_s=window.cut_s,
            filters={scope: name},
            second=second,
            facts=facts.held,
        )["all"]
        judged = judged_figure(figure, indicator, own, to_s=window.to_s, zone=zone, groups={scope: name})
        groups.append(GroupFigure(scope, name, judged))
    return Scoped(tuple(groups), tuple(notes))


def _unknown(facts: CaseFacts, scope: str, name: str) -> str:
    """Why a group cannot be told in these facts; "" where it can."""
    if not facts.held.has(scope):
        return "target_scope_missing"
    # A scope of targets is one of a fixed list, and was checked when the file was read.
    rows = facts.connection.execute(
        f"select 1 from tickets where cast({scope} as varchar) = $name limit 1",  # noqa: S608
        {"name": name},
    ).fetchall()
    return "" if rows else "target_group_unknown"
