"""From an event log to cases: each with its moves in order and the attributes of its last row. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from zhiheng.analyze.log import EventLog

TEXTS = (
    "team", "assignee", "requester", "category", "subcategory", "symptom", "ci", "priority", "impact", "urgency",
    "channel", "location", "service", "organisation",
)  # fmt: skip
TIMES = ("opened_s", "responded_s", "restored_s", "resolved_s", "closed_s")
UNMAPPED = "open"


class Row(NamedTuple):
    """One recorded act: the state it led to, who held the case then."""

    at_s: int
    state: str
    category: str
    team: str | None
    assignee: str | None
    priority: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A case with its rows in order (time, ties by file order) and the attributes of its last row."""

    name: str
    rows: tuple[Row, ...]
    texts: dict[str, str] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=dict)
    highest_priority: int | None = None
    reopen_count: int | None = None
    hand_overs: int | None = None
    met: bool | None = None
    # Which times the source states at all: what it states is never replaced by what the moves would say.
    states_times: frozenset[str] = frozenset()

    @property
    def received_s(self) -> int:
        return self.times.get("opened_s", self.rows[0].at_s)


@dataclass(frozen=True, slots=True)
class Window:
    """What is taken of a log (acts before ``cut_s``), and by how much its times are moved."""

    cut_s: int | None = None
    shift_s: int = 0


@lru_cache(maxsize=1024)
def level_of(text: str | None) -> int | None:
    """The number a level begins with ("3 - Moderate", "P1"): None when there is none."""
    found = re.search(r"\d", text or "")
    return int(found.group()) if found else None


def cases_of(log: EventLog, window: Window = Window()) -> Iterator[Case]:
    """The cases of a log in the order of their first row in the file.

    Times after the cut are left out as if they were not known yet; a case that opens after it does not exist.
    """
    columns = {name: _Texts(log, name) for name in TEXTS if name in log.roles}
    clocks = {name: values for name in TIMES if (values := _values(log, name)) is not None}
    counts = _values(log, "reopen_count")
    hand_overs, met = _values(log, "reassignment_count"), _values(log, "made_sla")
    stated = frozenset(clocks)
    names, activities = log.cases, log.activities
    categories = [category or UNMAPPED for category in log.state_categories()]
    # Read row by row below, where the elements of an array cost ten times those of a list.
    moments, states = log.times_s.tolist(), log.activity_codes.tolist()
    times_s = log.times_s
    keep = np.ones(len(times_s), dtype=bool) if window.cut_s is None else times_s < window.cut_s
    if window.cut_s is not None and "opened_s" in clocks:
        opened = clocks["opened_s"]
        keep &= np.array([value is None or value < window.cut_s for value in opened], dtype=bool)
    index = np.flatnonzero(keep)
    # Stable: rows of one case stay in file order where their times are equal.
    order = index[np.lexsort((index, times_s[index], log.case_codes[index]))]
    codes = log.case_codes[order]
    groups = np.split(order, np.flatnonzero(np.diff(codes)) + 1) if len(order) else []
    for group in (each.tolist() for each in groups):
        last = group[-1]
        yield Case(
            name=names[int(log.case_codes[last])],
            rows=tuple(
                Row(
                    moments[i] + window.shift_s, activities[states[i]], categories[states[i]],
                    columns["team"].at(i) if "team" in columns else None,
                    columns["assignee"].at(i) if "assignee" in columns else None,
                    level_of(columns["priority"].at(i)) if "priority" in columns else None,
                )
                for i in group
            ),
            texts={name: text for name, column in columns.items() if (text := column.at(last)) is not None},
            times={
                name: value + window.shift_s
                for name, values in clocks.items()
                if (value := values[last]) is not None and (window.cut_s is None or value < window.cut_s)
            },
            highest_priority=_highest(columns, group),
            reopen_count=counts[last] if counts is not None else None,
            hand_overs=hand_overs[last] if hand_overs is not None else None,
            met=met[last] if met is not None else None,
            states_times=stated,
        )  # fmt: skip


def _highest(columns: dict[str, Any], group: list[int]) -> int | None:
    if "priority" not in columns:
        return None
    levels = {level_of(columns["priority"].at(i)) for i in group} - {None}
    return min(level for level in levels if level is not None) if levels else None


class _Texts:
    """A text column read by row without copying it out as Python texts."""

    def __init__(self, log: EventLog, name: str) -> None:
        self.names = log.names(name)
        self.codes: list[int] = log.codes(name).tolist()

    def at(self, row: int) -> str | None:
        code = self.codes[row]
        return None if code < 0 else self.names[code]


def _values(log: EventLog, name: str) -> list[Any] | None:
    """A column of numbers or flags by row; None when the log has no such column."""
    return log.events[name].to_pylist() if name in log.roles else None
