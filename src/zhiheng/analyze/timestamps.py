"""Times as exports write them, to whole UTC seconds: parsed once per distinct text, zones without a system database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

IntArray = npt.NDArray[np.int64]
DAY_S = 86_400
# A year before 1900 or after 2199 is a slip of the keyboard or a sentinel such as 0001-01-01.
EARLIEST_S = int(datetime(1900, 1, 1, tzinfo=UTC).timestamp())
LATEST_S = int(datetime(2200, 1, 1, tzinfo=UTC).timestamp())


def parse_texts(texts: pa.Array, formats: Sequence[str], zone: str | None) -> pa.Array:
    """Return UTC seconds (int64) of distinct texts; null where no format fits. Formats are tried in order."""
    result = pa.nulls(len(texts), pa.int64())
    for pattern in formats:
        todo = pc.and_(pc.is_null(result), pc.is_valid(texts))
        if not pc.any(todo).as_py():
            break
        parsed = _parse_format(texts, pattern, zone)
        result = pc.if_else(pc.and_(todo, pc.is_valid(parsed)), parsed, result)
    inside = pc.and_(pc.greater_equal(result, EARLIEST_S), pc.less(result, LATEST_S))
    return pc.if_else(inside, result, pa.scalar(None, pa.int64()))


def _parse_format(texts: pa.Array, pattern: str, zone: str | None) -> pa.Array:
    parsed = pc.strptime(texts, format=pattern, unit="s", error_is_null=True).cast(pa.int64())
    return local_to_utc(parsed, zone)


def local_to_utc(seconds: pa.Array, zone: str | None) -> pa.Array:
    """Turn wall-clock seconds of a zone into UTC; None = they are UTC already.

    A time that a change of clock repeats is the earlier of the two; one that it skips is moved past the gap.
    """
    if zone is None or zone == "UTC":
        return seconds
    values = seconds.fill_null(0).to_numpy(zero_copy_only=False)
    shifted = values - _offsets(values, ZoneInfo(zone))
    return pa.array(shifted, mask=np.asarray(seconds.is_null()))


def _offsets(values: IntArray, zone: ZoneInfo) -> IntArray:
    # Days without a change of clock have one offset; only the few others are looked at second by second.
    days, place = np.unique(values // DAY_S, return_inverse=True)
    at_midnight = np.array([_offset(int(day) * DAY_S, zone) for day in days], dtype=np.int64)
    next_midnight = np.array([_offset((int(day) + 1) * DAY_S, zone) for day in days], dtype=np.int64)
    result = at_midnight[place]
    odd = np.flatnonzero((at_midnight != next_midnight)[place])
    result[odd] = [_offset(int(value), zone) for value in values[odd]]
    return result


def _offset(wall_s: int, zone: ZoneInfo) -> int:
    wall = datetime(1970, 1, 1) + timedelta(seconds=wall_s)  # noqa: DTZ001 - a wall-clock reading
    offset = wall.replace(tzinfo=zone, fold=0).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0
