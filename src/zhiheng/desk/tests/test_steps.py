"""The time a ticket stood in each step, from its moves; sources that keep minutes hold several moves of one moment."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from zhiheng.desk.showing.steps import seconds_by_step
from zhiheng.processes.rules import read_definition
from zhiheng.processes.services.defaults import SHIPPED

NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)
INCIDENT = read_definition(json.loads((SHIPPED / "incident.json").read_text(encoding="utf-8")))


def entry(number: int, minutes: int, to: str) -> Any:
    return SimpleNamespace(id=number, occurred_at=NINE + timedelta(minutes=minutes), data={"to": to})


def test_moves_of_one_moment_count_in_the_order_of_their_entries() -> None:
    newest_first = [entry(3, 42, "in_progress"), entry(2, 42, "new"), entry(1, 0, "new")]
    spent = seconds_by_step(INCIDENT, newest_first, until=NINE + timedelta(hours=5))
    # Received at 9:00, taken up at 9:42, looked at at 14:00: 42 minutes of accepting, 4 h 18 min of work.
    assert spent == {"accept": 42 * 60, "work": (4 * 60 + 18) * 60}
