"""ProcessStrip: the steps of the process that runs a ticket, with what was done, skipped and comes next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from zhiheng.ui.navigation import Text


class StepState(StrEnum):
    """Where a step stands."""

    DONE = "done"
    NOW = "now"
    NEXT = "next"
    LATER = "later"
    SKIPPED = "skipped"


STEP_ICONS = {
    StepState.DONE: "check",
    StepState.NOW: "circle-dot",
    StepState.NEXT: "",
    StepState.LATER: "",
    StepState.SKIPPED: "minus",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `note` is its second line: the time it took, the SOP items done and skipped, or "next"."""

    label: Text
    state: StepState
    note: Text = ""
    url: str = ""

    @property
    def icon(self) -> str:
        """The sign of its state."""
        return STEP_ICONS[self.state]


@dataclass(frozen=True, slots=True)
class ProcessStrip:
    """The steps in order."""

    steps: tuple[Step, ...]
    label: Text = ""
