"""The strip above a ticket: the steps of its process, how long it stood in each, what was skipped, what is next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from zhiheng.desk.models import Ticket
from zhiheng.kernel.text import localized
from zhiheng.platform.journal import EntryView
from zhiheng.processes.rules import Definition
from zhiheng.ui import components
from zhiheng.ui.components import StepState
from zhiheng.ui.formatting import coarse_duration


def strip_of(
    ticket: Ticket, definition: Definition, entries: Iterable[EntryView], *, at: datetime
) -> components.ProcessStrip | None:
    """The strip, or None for a process without steps."""
    if not definition.steps:
        return None
    keys = [step.key for step in definition.steps]
    spent = seconds_by_step(definition, entries, until=ticket.closed_at or at)
    here = definition.states[ticket.state].step
    now_at = keys.index(here) if here in keys else None
    over = now_at is None or ticket.closed_at is not None
    steps = []
    for number, step in enumerate(definition.steps):
        state = _state(number, now_at, visited=step.key in spent, over=over)
        note = _note(state, spent.get(step.key))
        steps.append(components.Step(localized(dict(step.name)), state, note))
    return components.ProcessStrip(tuple(steps))


def _state(number: int, now_at: int | None, *, visited: bool, over: bool) -> StepState:
    if number == now_at and not over:
        return StepState.NOW
    if visited and (now_at is None or number <= now_at):
        return StepState.DONE
    if now_at is None or number < now_at:
        return StepState.SKIPPED
    return StepState.NEXT if number == now_at + 1 and not over else StepState.LATER


def _note(state: StepState, seconds: float | None) -> str:
    if state is StepState.NEXT:
        return _("next")
    if state is StepState.SKIPPED:
        return _("skipped")
    if state is StepState.LATER or seconds is None:
        return ""
    return coarse_duration(seconds)


def seconds_by_step(
    definition: Definition, entries: Iterable[EntryView], *, until: datetime
) -> Mapping[str, float]:
    """Natural seconds in each step that the ticket visited, from the moves in its entries."""
    moving = [entry for entry in entries if entry.data.get("to")]
    # Sources that keep minutes hold several moves of one moment: their order is that of the entries.
    moving.sort(key=lambda entry: (entry.occurred_at, entry.id or 0))
    moves = [(entry.occurred_at, str(entry.data["to"])) for entry in moving]
    spent: dict[str, float] = {}
    for number, (since, state) in enumerate(moves):
        after = moves[number + 1][0] if number + 1 < len(moves) else max(until, since)
        step = definition.states[state].step if state in definition.states else ""
        if step:
            spent[step] = spent.get(step, 0.0) + (after - since).total_seconds()
    return spent
