"""Plain words: every state has them, the worst effect names a service's condition, health is judged."""

from __future__ import annotations

import pytest

from zhiheng.processes.choices import StateCategory
from zhiheng.web.rules import plain
from zhiheng.web.rules.plain import Stage
from zhiheng.web.rules.wellness import WORKER_SILENT_S, problems_of


def test_every_state_category_has_plain_words() -> None:
    assert set(plain.PLAIN_STATES) == set(StateCategory.values)
    assert set(plain.STAGE_WORDS) == set(Stage)


def test_only_the_requesters_turn_is_marked() -> None:
    turns = {category for category, state in plain.PLAIN_STATES.items() if state.your_turn}
    assert turns == {StateCategory.WAITING_CUSTOMER, StateCategory.SOLVED}


@pytest.mark.parametrize(
    ("category", "stage", "over"),
    [
        ("new", Stage.RECEIVED, False),
        ("open", Stage.WORK, False),
        ("waiting-customer", Stage.WORK, False),
        ("waiting-supplier", Stage.WORK, False),
        ("solved", Stage.CONFIRM, False),
        ("closed", Stage.DONE, True),
        ("cancelled", Stage.DONE, True),
        ("merged", Stage.DONE, True),
    ],
)
def test_stage(category: str, stage: Stage, over: bool) -> None:
    assert plain.stage_of(category) is stage
    assert plain.is_over(category) is over


@pytest.mark.parametrize(
    ("effects", "condition"),
    [
        ([], plain.WORKS),
        (["degraded"], plain.UNSTABLE),
        (["degraded", ""], plain.DISTURBED),
        (["none"], plain.DISTURBED),
        (["", "down", "degraded"], plain.DOWN),
    ],
)
def test_the_worst_effect_counts(effects: list[str], condition: plain.Condition) -> None:
    assert plain.condition_of(effects) is condition


@pytest.mark.parametrize(
    ("database", "migrated", "age", "problems"),
    [
        (True, True, 0.0, []),
        (True, True, WORKER_SILENT_S, []),
        (True, True, WORKER_SILENT_S + 0.1, ["worker_silent"]),
        (True, True, None, ["no_worker"]),
        (True, False, 1.0, ["migrations"]),
        (True, False, None, ["migrations", "no_worker"]),
        (False, False, None, ["database"]),
    ],
)
def test_health_is_judged(database: bool, migrated: bool, age: float | None, problems: list[str]) -> None:
    assert problems_of(database=database, migrated=migrated, worker_age_s=age) == problems
