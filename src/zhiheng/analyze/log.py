"""The event log in memory: one Arrow table in file order, its mapping, and what was noticed while reading."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

from zhiheng.analyze.arrays import IntArray, codes_of, numbers_of, one_chunk, values_of
from zhiheng.analyze.mappings import Mapping
from zhiheng.analyze.quality import QualityNote
from zhiheng.measure.flow import Traces, build_traces


@dataclass(frozen=True)
class EventLog:
    """Events in file order.

    `events` has these columns, one chunk each; a role the source lacks is absent:

    - `case`, `activity`: dictionary<string>, never null; codes ascend by first appearance in the file, and are
      as narrow as the number of words allows;
    - `time_s`: UTC seconds, never null;
    - text roles (`team`, `assignee`, `priority`, ...): dictionary<string>, null = missing;
    - `opened_s`, `responded_s`, `restored_s`, `resolved_s`, `closed_s`: UTC seconds, null = missing;
    - `made_sla`: bool; `reopen_count`, `reassignment_count`: whole numbers; null = missing.

    Numbers are integers as narrow as their values allow (seconds are int32 until 2038). Order within a case is
    time, ties by file order: `traces` sorts the events so. `mapping` has the states of this log with their
    categories, listed or told by their names. `sources` are file names; `rows_read` counts data rows, refused
    ones too.
    """

    events: pa.Table
    mapping: Mapping
    quality: tuple[QualityNote, ...] = ()
    sources: tuple[str, ...] = ()
    rows_read: int = 0

    @property
    def roles(self) -> frozenset[str]:
        """Return the names of the columns that exist in `events`."""
        return frozenset(self.events.column_names)

    @property
    def cases(self) -> list[str]:
        """Return the case names by code."""
        return self.names("case")

    @property
    def activities(self) -> list[str]:
        """Return the activity names by code."""
        return self.names("activity")

    @cached_property
    def case_codes(self) -> IntArray:
        """Return the case code of each event, in file order."""
        return self.codes("case")

    @cached_property
    def activity_codes(self) -> IntArray:
        """Return the activity code of each event, in file order."""
        return self.codes("activity")

    @cached_property
    def times_s(self) -> IntArray:
        """Return the UTC second of each event, in file order."""
        return values_of(one_chunk(self.events["time_s"]))

    @property
    def first_s(self) -> int:
        """Return the UTC second of the earliest event."""
        return int(numbers_of(one_chunk(self.events["time_s"])).min())

    def traces(self) -> Traces:
        """Return the events sorted into traces; not kept here, nor are the wide arrays of the properties above made."""
        case, activity, times = (one_chunk(self.events[name]) for name in ("case", "activity", "time_s"))
        return build_traces(numbers_of(case), numbers_of(activity), numbers_of(times))

    def names(self, column: str) -> list[str]:
        """Return the texts of a dictionary column by code."""
        names: list[str] = one_chunk(self.events[column]).dictionary.to_pylist()
        return names

    def codes(self, column: str) -> IntArray:
        """Return the codes of a dictionary column in file order, -1 = missing."""
        return codes_of(one_chunk(self.events[column]))

    def state_categories(self) -> list[str | None]:
        """Return the category (new, open, ...) of each activity by code; None = not mapped."""
        return [self.mapping.states.get(name) for name in self.activities]
