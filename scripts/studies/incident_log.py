"""The ServiceNow log of `samples/` as one row per incident, in arrays."""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from zhiheng.measure.service import NEVER

LOG = Path(__file__).resolve().parents[2] / "samples" / "servicenow_incident_events.csv.gz"

HOUR_S, DAY_S = 3_600, 86_400
FIRST_MONDAY = int(datetime(2016, 2, 29, tzinfo=UTC).timestamp())
CUT = int(datetime(2016, 5, 31, tzinfo=UTC).timestamp())
"""The log thins out after May 2016: what is later is left out, what was open then is open."""
MISSING = "?"
STATE, RESOLVED = "incident_state", "Resolved"
LAST = (
    STATE,
    "resolved_at",
    "made_sla",
    "reassignment_count",
    "assignment_group",
    "caller_id",
    "location",
    "subcategory",
    "cmdb_ci",
)
FIRST = ("number", "opened_at", "priority")

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
Labels = NDArray[np.str_]


@dataclass(frozen=True)
class Incidents:
    """One entry per incident in each array; times in seconds, `NEVER` while there is no resolution.

    `priority` is that of the first row: how urgent an incident was at the end is known only at the end.
    `resolved` is the stamp of the system; where it is not `stamped`, the time at which the log
    shows the incident set to "Resolved" for the last time.
    `group`, `caller`, `location`, `subcategory` and `item` are those of the last row, `passed_on` how often it
    changed hands.
    """

    opened: Integers
    resolved: Integers
    missed: Booleans
    passed_on: Integers
    priority: Labels
    group: Labels
    caller: Labels
    location: Labels
    subcategory: Labels
    item: Labels
    stamped: Booleans

    @property
    def n(self) -> int:
        """How many incidents."""
        return int(self.opened.size)

    @property
    def day(self) -> Integers:
        """The day on which each was opened, counted from Monday, 29 February 2016."""
        return (self.opened - FIRST_MONDAY) // DAY_S

    def key(self, *columns: Labels) -> Integers:
        """One number per distinct combination, −1 where a part of it is missing."""
        joined = np.array(["\t".join(parts) for parts in zip(*columns, strict=True)])
        codes = np.unique(joined, return_inverse=True)[1].astype(np.int64)
        missing = np.any([column == MISSING for column in columns], axis=0)
        return np.where(missing, -1, codes)


def day_label(day: int) -> str:
    """A day counted from the first Monday, as month and day."""
    return datetime.fromtimestamp(FIRST_MONDAY + day * DAY_S, UTC).strftime("%m-%d")


@cache
def read_incidents(path: Path = LOG) -> Incidents:
    """The log as it is in `samples/`."""
    rows: dict[str, dict[str, str]] = {}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines)
        places = {name: place for place, name in enumerate(next(reader))}
        for row in reader:
            number = row[places["number"]]
            known = rows.setdefault(
                number, {name: row[places[name]] for name in FIRST} | {"set_resolved": MISSING}
            )
            if row[places[STATE]] == RESOLVED != known.get(STATE):
                known["set_resolved"] = row[places["sys_updated_at"]]
            known.update((name, row[places[name]]) for name in LAST)
    columns = {name: [row[name] for row in rows.values()] for name in (*FIRST, *LAST, "set_resolved")}
    stamped = np.array([_instant(text) for text in columns["resolved_at"]])
    shown = np.array([_instant(text) for text in columns["set_resolved"]])
    return Incidents(
        opened=np.array([_instant(text) for text in columns["opened_at"]]),
        resolved=np.where(stamped < NEVER, stamped, shown),
        stamped=stamped < NEVER,
        item=np.array(columns["cmdb_ci"]),
        missed=np.array([text == "false" for text in columns["made_sla"]]),
        passed_on=np.array([int(text) for text in columns["reassignment_count"]]),
        priority=np.array([text.partition(" - ")[0] for text in columns["priority"]]),
        group=np.array(columns["assignment_group"]),
        caller=np.array(columns["caller_id"]),
        location=np.array(columns["location"]),
        subcategory=np.array(columns["subcategory"]),
    )


def _instant(text: str) -> int:
    if text == MISSING:
        return NEVER
    return int(datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=UTC).timestamp())
