"""Times as exports write them, to whole UTC seconds, parsed once per distinct text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhiheng.analyze.arrays import (
    IntArray,
    bool_array,
    bools_of,
    int64_array,
    int_scalar,
    null_scalar,
    valid_of,
    values_of,
)
from zhiheng.analyze.digit_times import DAY_S, seconds_of_digits

# A year before 1900 or after 2199 is a slip of the keyboard or a sentinel such as 0001-01-01.
EARLIEST_S = int(datetime(1900, 1, 1, tzinfo=UTC).timestamp())
LATEST_S = int(datetime(2200, 1, 1, tzinfo=UTC).timestamp())
_EXCEL_EPOCH_S = int(datetime(1899, 12, 30, tzinfo=UTC).timestamp())
_EXCEL_LIMITS = (20_000, 80_000)  # days: 1954 to 2119
_CLOCKS = (" %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p", "")
_SEPARATORS = ("/", "-", ".")


def _dates(*dates: str) -> tuple[str, ...]:
    return tuple(date + clock for date in dates for clock in _CLOCKS)


# Year first or month by name: no two of these read the same text differently.
PLAIN_FORMATS = (
    "iso8601",
    *_dates("%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%d-%b-%Y", "%d %b %Y", "%b %d, %Y", "%b %d %Y"),
    *_dates("%Y-%m-%d")[2:4],
    "%Y年%m月%d日 %H时%M分%S秒",
    "%Y年%m月%d日 %H时%M分",
    "%Y%m%d%H%M%S",
    "epoch_s",
    "epoch_ms",
    "excel",
)
DAY_FIRST_FORMATS = _dates(*(f"%d{s}%m{s}{year}" for s in _SEPARATORS for year in ("%Y", "%y")))
MONTH_FIRST_FORMATS = _dates(*(f"%m{s}%d{s}{year}" for s in _SEPARATORS for year in ("%Y", "%y")))


def fallback_formats(formats: Sequence[str]) -> tuple[str, ...]:
    """Return further formats that cannot contradict those given: no month-first after day-first."""
    day = any(pattern in DAY_FIRST_FORMATS for pattern in formats)
    month = any(pattern in MONTH_FIRST_FORMATS for pattern in formats)
    extra = PLAIN_FORMATS
    if day and not month:
        extra += DAY_FIRST_FORMATS
    if month and not day:
        extra += MONTH_FIRST_FORMATS
    return tuple(pattern for pattern in extra if pattern not in formats)


def parse_texts(texts: Any, formats: Sequence[str], zone: str | None) -> tuple[Any, dict[str, Any]]:
    """Return UTC seconds (int64, null where no format fits) of distinct texts, and per format which it read.

    Formats are strptime patterns, "iso8601", "epoch_s", "epoch_ms" or "excel", tried in order; `zone` is that
    of texts that carry none.
    """
    result = pa.nulls(len(texts), pa.int64())
    used: dict[str, Any] = {}
    for pattern in formats:
        todo = pc.and_(pc.is_null(result), pc.is_valid(texts))
        if not pc.any(todo).as_py():
            break
        # Most columns are of one format: only what is left over pays for the later ones.
        left = texts if not used else pc.if_else(todo, texts, null_scalar(texts.type))
        parsed = _within_limits(_parse_format(left, pattern, zone))
        hit = pc.and_(todo, pc.is_valid(parsed))
        if pc.any(hit).as_py():
            used[pattern] = hit
            result = parsed if len(used) == 1 else pc.if_else(hit, parsed, result)
    return result, used


def has_zone(texts: Any) -> bool:
    """Return whether every text ends in a zone offset, so that no zone need be assumed."""
    zoned = pc.match_substring_regex(texts, r"\d{2}(Z|[+-]\d{2}:?\d{2})$")
    return bool(pc.all(zoned).as_py())


def simplify(texts: Any) -> Any:
    """Return texts without fractions of a second, doubled or outer blanks, and with 上午/下午 as AM/PM."""
    texts = pc.replace_substring_regex(texts, r"\s+", " ")
    texts = pc.replace_substring_regex(texts, r"(:\d{2})[.,]\d+", r"\1")
    texts = pc.replace_substring_regex(texts, r"上午 ?([\d:]+)", r"\1 AM")
    texts = pc.replace_substring_regex(texts, r"下午 ?([\d:]+)", r"\1 PM")
    return pc.utf8_trim_whitespace(texts)


def local_to_utc(seconds: Any, zone: str | None) -> Any:
    """Turn wall-clock seconds of a zone into UTC; None = they are UTC already.

    A time that a change of clock repeats is the earlier of the two; one that it skips is moved past the gap.
    """
    if zone is None or zone == "UTC":
        return seconds
    values = values_of(seconds)
    return int64_array(values - _offsets(values, ZoneInfo(zone)), valid_of(seconds))


def _parse_format(texts: Any, pattern: str, zone: str | None) -> Any:
    if pattern == "iso8601":
        return _parse_iso(texts, zone)
    if pattern in ("epoch_s", "epoch_ms"):
        digits = 10 if pattern == "epoch_s" else 13
        numbers = _matching(texts, rf"^\d{{{digits}}}$").cast(pa.int64())
        return numbers if pattern == "epoch_s" else pc.divide(numbers, int_scalar(1000))
    if pattern == "excel":
        days = _matching(texts, r"^\d{5}(\.\d+)?$").cast(pa.float64())
        first, last = (int_scalar(limit) for limit in _EXCEL_LIMITS)
        inside = pc.and_(pc.greater(days, first), pc.less(days, last))
        days = pc.if_else(inside, days, null_scalar(pa.float64()))
        seconds = pc.round(pc.multiply(days, int_scalar(DAY_S))).cast(pa.int64())
        return local_to_utc(pc.add(seconds, int_scalar(_EXCEL_EPOCH_S)), zone)
    plain = seconds_of_digits(texts, pattern)
    if plain is not None:
        return local_to_utc(int64_array(plain), zone)
    parsed = pc.strptime(texts, format=pattern, unit="s", error_is_null=True)
    return local_to_utc(_without_rollover(texts, parsed, pattern).cast(pa.int64()), zone)


def _parse_iso(texts: Any, zone: str | None) -> Any:
    try:
        # The writers of XES put an offset on every time; one cast reads them all.
        return (
            pc.floor_temporal(texts.cast(pa.timestamp("ns", "UTC")), unit="second")
            .cast(pa.timestamp("s", "UTC"), safe=False)
            .cast(pa.int64())
        )
    except pa.ArrowInvalid:
        pass
    texts = _matching(
        simplify(texts), r"^\d{4}-\d{1,2}-\d{1,2}([T ]\d{1,2}:\d{2}(:\d{2})? ?(Z|[+-]\d{2}:?\d{2})?)?$"
    )
    texts = pc.replace_substring_regex(texts, r"^(.{8,10})T", r"\1 ")
    texts = pc.replace_substring_regex(texts, r" ?Z$", "+0000")
    texts = pc.replace_substring_regex(texts, r" ?([+-]\d{2}):?(\d{2})$", r"\1\2")
    result = pa.nulls(len(texts), pa.int64())
    for clock in (" %H:%M:%S", " %H:%M", ""):
        pattern = "%Y-%m-%d" + clock
        zoned = pc.strptime(texts, format=pattern + "%z", unit="s", error_is_null=True)
        plain = pc.strptime(texts, format=pattern, unit="s", error_is_null=True)
        local = local_to_utc(_without_rollover(texts, plain, pattern).cast(pa.int64()), zone)
        exact = _without_rollover(texts, zoned, pattern + "%z").cast(pa.int64())
        result = pc.coalesce(result, exact, local)
    return result


def _without_rollover(texts: Any, parsed: Any, pattern: str) -> Any:
    # Arrow's strptime turns 31 February into 2 March; only texts that name a day 29 to 31 and land on 1 to 3
    # can be.
    day = pc.day(parsed)
    suspect = pc.and_(
        pc.less_equal(day, int_scalar(3)), pc.match_substring_regex(texts, r"(^|\D)(29|30|31)(\D|$)")
    )
    places = np.flatnonzero(bools_of(suspect))
    wrong = [int(i) for i in places if not _is_real_date(str(texts[int(i)].as_py()), pattern)]
    if not wrong:
        return parsed
    keep = np.ones(len(texts), dtype=np.bool_)
    keep[wrong] = False
    return pc.if_else(bool_array(keep), parsed, null_scalar(parsed.type))


def _is_real_date(text: str, pattern: str) -> bool:
    try:
        datetime.strptime(text, pattern)  # noqa: DTZ007 - only whether the date exists
    except ValueError:
        return False
    return True


def _matching(texts: Any, pattern: str) -> Any:
    return pc.if_else(pc.match_substring_regex(texts, pattern), texts, null_scalar(texts.type))


def _within_limits(seconds: Any) -> Any:
    bounds = pc.min_max(seconds).as_py()
    if bounds["min"] is None or (bounds["min"] >= EARLIEST_S and bounds["max"] < LATEST_S):
        return seconds
    inside = pc.and_(
        pc.greater_equal(seconds, int_scalar(EARLIEST_S)), pc.less(seconds, int_scalar(LATEST_S))
    )
    return pc.if_else(inside, seconds, null_scalar(pa.int64()))


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
