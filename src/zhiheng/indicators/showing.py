"""How a target is written."""

from __future__ import annotations

from zhiheng.definitions.definition import Target
from zhiheng.ui.components import Figure, Verdict
from zhiheng.ui.formatting import NBSP, quantity


def aim_text(target: Target, unit: str) -> str:
    """`≥ 90 %`, `≤ 2 h`, `60 % – 85 %`; "" where nothing is aimed at."""
    if target.direction == "band" and target.low is not None and target.high is not None:
        return f"{quantity(target.low, unit, 0)}{NBSP}–{NBSP}{quantity(target.high, unit, 0)}"
    return Figure(
        name="",
        unit=unit,
        value=None,
        verdict=Verdict.NO_TARGET,
        target=target.aim,
        higher_is_better=target.direction == "up",
    ).shown_target
