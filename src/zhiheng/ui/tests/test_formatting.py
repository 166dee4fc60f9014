"""How values are written, in both languages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from zhiheng.ui import formatting as f

AT = datetime(2026, 11, 20, 6, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (1842, 0, "1,842"),
        (2.449, 1, "2.4"),
        (-3.5, 1, "−3.5"),
        (-0.04, 1, "0.0"),
        (None, 1, "—"),
        (0, 0, "0"),
    ],
)
def test_number(value: float | None, decimals: int, shown: str) -> None:
    assert f.number(value, decimals) == shown


@pytest.mark.parametrize(
    ("seconds", "day_s", "shown"),
    [
        (18 * 60, f.DAY, "0:18"),
        (3 * 3600 + 22 * 60 + 59, f.DAY, "3:22"),
        (30 * 3600 + 600, f.DAY, "1\u00a0d\u00a06:10"),
        (17 * 3600, 8 * 3600, "2\u00a0d\u00a01:00"),
        (-2 * 3600 - 300, f.DAY, "−2:05"),
        (-30, f.DAY, "0:00"),
        (None, f.DAY, "—"),
    ],
)
def test_duration(seconds: float | None, day_s: int, shown: str) -> None:
    with override("en"):
        assert f.duration(seconds, day_s) == shown


def test_units_follow_the_language() -> None:
    with override("en"):
        assert str(f.quantity(0.912, "share")) == "91.2\u00a0%"
        assert str(f.quantity(2.4, "h")) == "2.4\u00a0h"
    with override("zh-hans"):
        assert str(f.quantity(2.4, "h")) == "2.4\u00a0小时"
        assert f.duration(30 * 3600 + 600) == "1\u00a0天\u00a06:10"
        assert f.weekday(date(2026, 11, 20)) == "周五"
    assert str(f.quantity(7, "parsec")) == "7.00\u00a0parsec"
    assert str(f.quantity(None, "h")) == "—"


def test_times_are_shown_in_the_active_zone() -> None:
    with timezone.override("Asia/Shanghai"):
        assert f.stamp(AT) == "2026-11-20 14:05"
        assert f.short_stamp(AT, today=date(2026, 11, 20)) == "14:05"
        assert f.short_stamp(AT, today=date(2026, 11, 21)) == "11-20 14:05"
        assert f.short_stamp(AT, today=date(2027, 1, 1)) == "2026-11-20 14:05"
        assert f.day(datetime(2026, 11, 20, 17, tzinfo=UTC)) == "2026-11-21"
    assert f.day(date(2026, 11, 20)) == "2026-11-20"
    assert f.stamp(None) == f.short_stamp(None) == f.day(None) == f.since(None) == "—"


@pytest.mark.parametrize(
    ("ago", "shown"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=4, seconds=59), "4\u00a0min ago"),
        (timedelta(hours=-2), "in 2\u00a0h"),
        (timedelta(days=30), "30\u00a0d ago"),
        (timedelta(days=31), "2026-11-20"),
    ],
)
def test_since(ago: timedelta, shown: str) -> None:
    with override("en"), timezone.override("UTC"):
        assert f.since(AT, AT + ago) == shown


@pytest.mark.parametrize(
    ("size", "shown"), [(0, "0 B"), (812, "812 B"), (3_400_000, "3.4 MB"), (5e12, "5,000.0 GB")]
)
def test_file_size(size: int, shown: str) -> None:
    assert f.file_size(size).replace(f.NBSP, " ") == shown


def test_rows_count_in_words() -> None:
    with override("en"):
        assert [f.rows(1), f.rows(1842)] == ["1 row", "1,842 rows"]
    with override("zh-hans"):
        assert f.rows(1842) == "1,842 行"


CHROME = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (CHROME, "Chrome · Linux"),
        (CHROME.replace("X11; Linux x86_64", "Windows NT 10.0; Win64") + " Edg/126.0", "Edge · Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile Safari/604.1",
            "Safari · iOS",
        ),
        ("Mozilla/5.0 (Linux; Android 14; Pixel 8) Gecko/126.0 Firefox/126.0", "Firefox · Android"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", "—"),
    ],
)
def test_browser(sent: str, words: str) -> None:
    assert f.browser(sent) == words


@pytest.mark.parametrize(
    ("joined", "shown"),
    [
        ("新建API 令牌", "新建 API 令牌"),
        ("新建工单", "新建工单"),
        ("编辑SLA承诺", "编辑 SLA 承诺"),
        ("New ticket", "New ticket"),
        ("近7天95%达标", "近 7 天 95% 达标"),
        ("5×8 中国工作日", "5×8 中国工作日"),
    ],
)
def test_chinese_and_latin_text_are_held_apart(joined: str, shown: str) -> None:
    assert f.spaced(joined) == shown
