"""Times in digits read by the places of their signs, against the standard library's datetime."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.analyze.digit_times import seconds_of_digits

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(-2_208_988_800, 7_258_118_399).map(lambda second: EPOCH + timedelta(seconds=second))


@given(
    st.lists(MOMENTS, min_size=1, max_size=20),
    st.sampled_from(["%d/%m/%Y %H:%M", "%m-%d-%Y %H:%M:%S", "%Y.%m.%d", "%Y-%m-%dT%H:%M:%S"]),
)
def test_every_moment_from_1900_to_2199(moments: list[datetime], pattern: str) -> None:
    texts = [
        f"{moment.year:04}".join(moment.strftime(pattern.replace("%Y", "Y")).split("Y")) for moment in moments
    ]
    found = seconds_of_digits(pa.array(texts), pattern)
    expected = [datetime.strptime(text, pattern).replace(tzinfo=UTC).timestamp() for text in texts]
    assert found is not None
    assert found.tolist() == expected


def test_one_digit_or_two_whatever_stands_before() -> None:
    texts = pa.array(["11/11/2016 11:11", "1/2/2016 3:4", "29/2/2016 0:00"])
    found = seconds_of_digits(texts, "%d/%m/%Y %H:%M")
    assert found is not None
    assert found.tolist() == [
        int(datetime(*parts, tzinfo=UTC).timestamp())
        for parts in ((2016, 11, 11, 11, 11), (2016, 2, 1, 3, 4), (2016, 2, 29))
    ]


def test_a_part_of_a_longer_column() -> None:
    found = seconds_of_digits(pa.array(["no time", "1/1/1970", "2/1/1970"]).slice(1), "%d/%m/%Y")
    assert found is not None
    assert found.tolist() == [0, 86_400]


@pytest.mark.parametrize(
    "odd",
    [
        "", "soon", "1/2/16 03:04", "1/2/2016", "1/2/2016 3:4:5", "1-2-2016 03:04", "1/2/2016  03:04",
        "001/2/2016 03:04", "/2/2016 03:04", "1/2/2016 03:", "0/2/2016 03:04", "30/2/2016 03:04", "29/2/2015 03:04",
        "1/13/2016 03:04", "1/0/2016 03:04", "1/2/2016 24:00", "1/2/2016 03:60", "1/2/1899 03:04", "1/2/2200 03:04",
        "1/2/20160 3:04", "1/2/2016 03:04+", "\uff11/2/2016 03:04",
    ],
)  # fmt: skip
def test_one_odd_text_and_nothing_is_said(odd: str) -> None:
    assert seconds_of_digits(pa.array(["1/2/2016 03:04", odd]), "%d/%m/%Y %H:%M") is None


@pytest.mark.parametrize(
    "pattern", ["%d/%m/%y", "%d %b %Y", "%Y%m%d%H%M%S", "%d/%m/%Y %I:%M %p", "%H:%M", "iso8601"]
)
def test_other_patterns_are_left_to_others(pattern: str) -> None:
    assert seconds_of_digits(pa.array(["1/2/2016"]), pattern) is None


def test_missing_texts_and_none_at_all_are_left_to_others() -> None:
    assert seconds_of_digits(pa.array(["1/2/2016", None]), "%d/%m/%Y") is None
    assert seconds_of_digits(pa.array([], pa.utf8()), "%d/%m/%Y") is None
