"""What the portal says about a ticket and a service: plain words, none of the workspace's terms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhiheng.desk.choices import ServiceEffect
from zhiheng.processes.choices import StateCategory


@dataclass(frozen=True, slots=True)
class PlainState:
    """A state as its requester reads it: in a few words, what comes next, and whether it is their turn."""

    words: Promise
    next_step: Promise
    tone: str = "state"
    your_turn: bool = False


PLAIN_STATES: dict[str, PlainState] = {
    StateCategory.NEW: PlainState(_("Received"), _("We read it and pass it to the right colleague.")),
    StateCategory.OPEN: PlainState(_("Being worked on"), _("A colleague is working on it.")),
    StateCategory.WAITING_CUSTOMER: PlainState(
        _("Waiting for your answer"),
        _("Please answer our question so that we can go on."),
        "pause",
        your_turn=True,
    ),
    StateCategory.WAITING_SUPPLIER: PlainState(
        _("Waiting for a supplier"), _("We go on as soon as our supplier has answered.")
    ),
    StateCategory.WAITING_INTERNAL: PlainState(
        _("Waiting for another department"), _("We go on as soon as what is missing is there.")
    ),
    StateCategory.SOLVED: PlainState(
        _("Please confirm"), _("Does it work now? Confirm it, or send it back."), "pause", your_turn=True
    ),
    StateCategory.CLOSED: PlainState(_("Completed"), _("Nothing more to do."), "ok"),
    StateCategory.CANCELLED: PlainState(_("Withdrawn"), _("Nothing more to do.")),
    StateCategory.MERGED: PlainState(
        _("Joined with another ticket"), _("It goes on under the other number.")
    ),
}


class Stage(IntEnum):
    """The four stages of every ticket that a requester sees, whatever the process behind it."""

    RECEIVED = 0
    WORK = 1
    CONFIRM = 2
    DONE = 3


STAGE_WORDS: dict[Stage, Promise] = {
    Stage.RECEIVED: _("Received"),
    Stage.WORK: _("Being worked on"),
    Stage.CONFIRM: _("Your confirmation"),
    Stage.DONE: _("Completed"),
}
_STAGES: dict[str, Stage] = {
    StateCategory.NEW: Stage.RECEIVED, StateCategory.SOLVED: Stage.CONFIRM, StateCategory.CLOSED: Stage.DONE,
    StateCategory.CANCELLED: Stage.DONE, StateCategory.MERGED: Stage.DONE,
}  # fmt: skip


def stage_of(category: str) -> Stage:
    """How far a ticket is."""
    return _STAGES.get(category, Stage.WORK)


def is_over(category: str) -> bool:
    """Whether nothing more happens unless somebody speaks up."""
    return stage_of(category) is Stage.DONE


@dataclass(frozen=True, slots=True)
class Condition:
    """How a service is doing; ``tone`` names the colour and ``icon`` the shape, so that neither stands alone."""

    words: Promise
    tone: str
    icon: str
    rank: int


WORKS = Condition(_("Works normally"), "ok", "circle-check", 0)
UNSTABLE = Condition(_("Slow or unstable"), "risk", "alert-triangle", 1)
DISTURBED = Condition(_("Disturbed, we are working on it"), "miss", "alert-circle", 2)
DOWN = Condition(_("Out of service"), "miss", "circle-x", 3)
_CONDITIONS = {ServiceEffect.DEGRADED.value: UNSTABLE, ServiceEffect.DOWN.value: DOWN}


def condition_of(effects: Iterable[str]) -> Condition:
    """The condition of a service from the stated effects of its open critical faults; the worst counts.

    An effect that nobody has stated yet is a disturbance: the fault is critical, whatever it will turn out to be.
    """
    return max(
        (_CONDITIONS.get(effect, DISTURBED) for effect in effects), key=lambda each: each.rank, default=WORKS
    )
