"""Times in every notation, against the standard library's datetime."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.analyze.timestamps import (
    DAY_FIRST_FORMATS,
    MONTH_FIRST_FORMATS,
    PLAIN_FORMATS,
    fallback_formats,
    local_to_utc,
    parse_texts,
    simplify,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(-36_815_040, 120_958_560).map(lambda minutes: EPOCH + timedelta(minutes=minutes))
WALLS = st.integers(631_152_000, 2_051_222_400)  # 1990 to 2034
NOON = int(datetime(2016, 2, 3, 15, 5, tzinfo=UTC).timestamp())


def parse(text: str, *formats: str, zone: str | None = None) -> int | None:
    seconds, _ = parse_texts(pa.array([text]), formats, zone)
    value: int | None = seconds[0].as_py()
    return value


@pytest.mark.parametrize(
    "text",
    [
        "2016-02-03T15:05:00Z",
        "2016-02-03T15:05:00.000+00:00",
        "2016-02-03T23:05:00+08:00",
        "2016-02-03T23:05:00.1234567+0800",
        "2016-02-03 15:05",
        "2016-02-03 15:05:00.5",
        "2016-2-3 15:05",
        "2016/2/3 15:05",
        "2016/02/03 3:05 PM",
        "2016.02.03 15:05:00",
        "2016年2月3日 15:05",
        "2016年2月3日 15时05分",
        "20160203150500",
        "03-Feb-2016 15:05",
        "Feb 3, 2016 3:05 PM",
        "1454511900",
        "1454511900000",
    ],
)
def test_one_moment_in_every_notation(text: str) -> None:
    assert parse(text, *PLAIN_FORMATS) == NOON


@pytest.mark.parametrize(
    "text", ["2016/2/3 下午 3:05", "2016/2/3  下午3:05:00", " 2016-02-03   15:05:00,123 "]
)
def test_after_simplification(text: str) -> None:
    seconds, _ = parse_texts(simplify(pa.array([text])), PLAIN_FORMATS, None)
    assert seconds.to_pylist() == [NOON]


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2016-02-30", "2015-02-29 10:00", "2016-13-01", "2016-02-03 25:00", "0001-01-01", "123"],
)
def test_what_is_no_time(text: str) -> None:
    assert parse(text, *PLAIN_FORMATS) is None


@given(MOMENTS)
def test_day_first_and_month_first_agree_with_strftime(moment: datetime) -> None:
    expected = int(moment.timestamp())
    assert parse(f"{moment.day}/{moment.month}/{moment.year} {moment:%H:%M}", "%d/%m/%Y %H:%M") == expected
    assert parse(f"{moment:%m-%d-%Y %H:%M:%S}", "%m-%d-%Y %H:%M:%S") == expected
    assert parse(f"{moment:%Y-%m-%d %H:%M:%S}", "iso8601") == expected


@given(st.integers(1900, 2199), st.integers(1, 12), st.integers(1, 31))
def test_only_days_that_exist_are_read(year: int, month: int, day: int) -> None:
    try:
        expected = int(datetime(year, month, day, 1, 30, tzinfo=UTC).timestamp())
    except ValueError:
        expected = None
    assert parse(f"{day}/{month}/{year} 01:30", "%d/%m/%Y %H:%M") == expected
    assert parse(f"{year}-{month:02}-{day:02}T01:30:00", "iso8601") == expected


@given(
    st.lists(WALLS, min_size=1, max_size=20),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "UTC"]),
)
def test_wall_clocks_agree_with_zoneinfo(walls: list[int], zone: str) -> None:
    moments = [(EPOCH + timedelta(seconds=wall)).replace(tzinfo=ZoneInfo(zone)) for wall in walls]
    expected = [int(moment.timestamp()) for moment in moments]
    assert local_to_utc(pa.array([*walls, None], pa.int64()), zone).to_pylist() == [*expected, None]


def test_a_repeated_hour_is_the_earlier_and_a_skipped_one_moves_on() -> None:
    assert parse("2021-10-31 02:30:00", "iso8601", zone="Europe/Berlin") == 1_635_640_200  # 00:30 UTC
    assert parse("2021-03-28 02:30:00", "iso8601", zone="Europe/Berlin") == 1_616_895_000  # 01:30 UTC


def test_fallbacks_never_swap_day_and_month() -> None:
    assert not set(fallback_formats(["%d/%m/%Y %H:%M"])) & set(MONTH_FIRST_FORMATS)
    assert not set(fallback_formats(["%m/%d/%Y %H:%M"])) & set(DAY_FIRST_FORMATS)
    assert not set(fallback_formats(["iso8601"])) & {*DAY_FIRST_FORMATS, *MONTH_FIRST_FORMATS}
