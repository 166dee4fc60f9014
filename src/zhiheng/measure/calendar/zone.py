"""A time zone as a table: the instants at which its offset changes, found once for a range of years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from zhiheng.measure.arrays import Integers
from zhiheng.measure.calendar.rules import DAY_S
from zhiheng.measure.errors import MeasureError


@dataclass(frozen=True, slots=True)
class OffsetTable:
    """Segments of constant offset: from `start` up to `end` (UTC seconds) wall time is UTC + `offset`."""

    start: Integers
    end: Integers
    offset: Integers

    def wall(self, utc_s: Integers) -> Integers:
        """Wall time, in seconds as if it were UTC."""
        index = np.searchsorted(self.start, utc_s, side="right") - 1
        return utc_s + self.offset[np.maximum(index, 0)]


def zone_named(name: str) -> ZoneInfo:
    """The IANA zone of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError, TypeError):
        raise MeasureError("zone", f"{name!r} is not an IANA time zone") from None


def offset_table(zone: ZoneInfo, first_s: int, last_s: int) -> OffsetTable:
    """The offsets of `zone` between two instants, looked up once a day: none changes twice within one."""
    starts, offsets = [first_s], [_offset(zone, first_s)]
    probe = first_s
    while probe < last_s:
        ahead = min(probe + DAY_S, last_s)
        offset = _offset(zone, ahead)
        if offset != offsets[-1]:
            starts.append(_change(zone, probe, ahead, offset))
            offsets.append(offset)
        probe = ahead
    start = np.array(starts, dtype=np.int64)
    end = np.append(start[1:], np.int64(last_s))
    return OffsetTable(start, end, np.array(offsets, dtype=np.int64))


def _change(zone: ZoneInfo, before: int, after: int, offset: int) -> int:
    """The first second with the new offset, by halving."""
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(zone, middle) == offset:
            after = middle
        else:
            before = middle
    return after


def _offset(zone: ZoneInfo, utc_s: int) -> int:
    moment = datetime.fromtimestamp(utc_s, UTC).astimezone(zone).utcoffset()
    assert moment is not None
    return moment.days * DAY_S + moment.seconds
