"""Durations as people write them; expected seconds are counted by hand."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from zhiheng.kernel.errors import InvalidInput
from zhiheng.ui.durations import NATURAL, NO_DAYS, Day, read_duration, spelled

NINE_HOURS = Day(9 * 3600, working=True)
UNEVEN = Day(None, working=True)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("4 h", 14_400),
        ("4h", 14_400),
        ("30 min", 1_800),
        ("2 d 4 h", 187_200),
        ("1.5 h", 5_400),
        ("1:30", 5_400),
        ("1 day, 2 hours and 5 minutes", 93_900),
        ("2 天 4 小时", 187_200),
        ("2天零4个小时", 187_200),
        ("４ 小时", 14_400),
        ("90 s", 90),
    ],
)
def test_natural_time_is_read(text: str, seconds: int) -> None:
    assert read_duration(text) == seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1 个工作日", 32_400),
        ("2 working days 4 h", 79_200),
        ("1 workday", 32_400),
        ("0.5 wd", 16_200),
        ("9 h", 32_400),
    ],
)
def test_service_hours_are_read(text: str, seconds: int) -> None:
    assert read_duration(text, NINE_HOURS) == seconds


@pytest.mark.parametrize(
    ("text", "day", "code"),
    [
        ("14400", NATURAL, "no_unit"),
        ("soon", NATURAL, "no_duration"),
        ("4 parsecs", NATURAL, "no_duration"),
        ("4 h please", NATURAL, "no_duration"),
        ("-4 h", NATURAL, "no_duration"),
        ("1.2.3 h", NATURAL, "no_duration"),
        ("1 个工作日", NATURAL, "no_working_days"),
        ("2 d", NINE_HOURS, "which_day"),
        ("1 工作日", UNEVEN, "days_differ"),
        ("99999999 h", NATURAL, "too_long"),
        ("", NATURAL, "no_duration"),
    ],
)
def test_what_cannot_be_meant_is_refused(text: str, day: Day, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_duration(text, day)
    assert caught.value.code == code


def test_a_refusal_shows_what_was_typed_and_how_it_is_written() -> None:
    with (
        override("en"),
        pytest.raises(InvalidInput, match=r"“14400” has no unit\. Write it like 4 h, 30 min or 2 d 4 h"),
    ):
        read_duration("14400")
    with override("zh-hans"), pytest.raises(InvalidInput, match="“14400”缺少单位"):
        read_duration("14400")


@pytest.mark.parametrize(
    ("seconds", "day", "en", "zh"),
    [
        (14_400, NATURAL, "4 h", "4 小时"),
        (187_200, NATURAL, "2 d 4 h", "2 天 4 小时"),
        (1_800, NATURAL, "30 min", "30 分钟"),
        (32_400, NINE_HOURS, "1 working day", "1 个工作日"),
        (79_200, NINE_HOURS, "2 working days 4 h", "2 个工作日 4 小时"),
        (187_200, NO_DAYS, "52 h", "52 小时"),
        (187_200, UNEVEN, "52 h", "52 小时"),
        (0, NATURAL, "0 s", "0 秒"),
        (3_661, NATURAL, "1 h 1 min 1 s", "1 小时 1 分钟 1 秒"),
    ],
)
def test_spelling(seconds: int, day: Day, en: str, zh: str) -> None:
    with override("en"):
        assert spelled(seconds, day, space=" ") == en
        assert " " not in spelled(seconds, day), "a figure must not be torn apart at the end of a line"
    with override("zh-hans"):
        assert spelled(seconds, day, space=" ") == zh


@pytest.mark.parametrize("day", [NATURAL, NO_DAYS, NINE_HOURS, UNEVEN])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("seconds", [60, 61, 3_599, 32_399, 32_400, 86_400, 1_234_567])
def test_what_is_written_is_read_back(seconds: int, language: str, day: Day) -> None:
    with override(language):
        assert read_duration(spelled(seconds, day), day) == seconds
