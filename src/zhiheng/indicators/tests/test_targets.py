"""Own targets as records: what is refused and why, what stays once in force, and files that both programs read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from zhiheng.definitions.loader import load_indicators
from zhiheng.definitions.target_file import load_targets
from zhiheng.indicators.groups import is_known_group, register_groups
from zhiheng.indicators.models import Target
from zhiheng.indicators.queries.own_targets import own_targets
from zhiheng.indicators.services.targets import change_target, delete_target
from zhiheng.indicators.showing import aim_text
from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.kernel.errors import Conflict
from zhiheng.kernel.time import frozen
from zhiheng.platform.models import Entry
from zhiheng.records import registry
from zhiheng.records.exchange.columns import file_columns, importable

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 7, 1, 4, tzinfo=UTC)
TODAY, YESTERDAY, TOMORROW = date(2026, 7, 1), date(2026, 6, 30), date(2026, 7, 2)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with frozen(NOON), acting(SYSTEM, Cause.SETUP), translation.override("en"):
        yield


def target(**given: Any) -> Target:
    return Target(**{"indicator": "closure_30d", "in_force_from": TODAY, "value": 0.9, **given})


def saved(**given: Any) -> Target:
    row = target(**given)
    row.full_clean()
    row.save()
    return row


@pytest.mark.parametrize(
    ("given", "field", "en", "zh"),
    [
        ({"indicator": "beauty"}, "indicator", "There is no such indicator.", "没有这个指标。"),
        (
            {"value": 90},
            "value",
            "closure in 30 days: target is a share, write 0.95",
            "请求闭环率：目标值是比率，95 % 写作",
        ),
        ({"alarm": 0.95}, "alarm", "on the bad side", "须比目标值更差"),
        ({"low": 0.5}, "low", "has one limit", "只有一个界限"),
        ({"scope": "priority"}, "group", "names no group", "不填分组"),
        ({"scope": "priority", "group": "high"}, "group", "a number from 1 on", "从 1 开始的数字"),
        ({"scope": "priority", "group": "9"}, "group", "There is no such group.", "没有这个组。"),
        ({"scope": "service", "group": "nowhere"}, "group", "There is no such group.", "没有这个组。"),
    ],
)
def test_what_an_indicator_does_not_allow_is_said_at_its_field(
    given: dict[str, Any], field: str, en: str, zh: str
) -> None:
    for language, words in (("en", en), ("zh-hans", zh)):
        with translation.override(language):
            with pytest.raises(ValidationError) as caught:
                target(**given).full_clean()
            assert words in " ".join(caught.value.message_dict[field])


@pytest.mark.parametrize(
    "given", [{"scope": "all", "group": "1"}, {"scope": "priority", "group": ""}, {"value": None}]
)
def test_the_database_refuses_it_too(given: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        target(**given).save()


def test_one_target_of_a_scope_a_day() -> None:
    saved()
    saved(scope="priority", group="1")
    with pytest.raises(ValidationError):
        target().full_clean()


def test_groups_that_nobody_vouches_for_may_exist() -> None:
    assert is_known_group("contract", "C-1")
    register_groups("contract", lambda key: key == "C-2")
    assert not is_known_group("contract", "C-1")


def test_a_target_can_be_changed_until_its_first_day_is_over() -> None:
    for day in (TODAY, TOMORROW):
        row = saved(in_force_from=day)
        change_target(record=row, value=0.8)
        assert Target.objects.get(pk=row.pk).value == 0.8
        delete_target(record=row)
    assert list(Target.objects.all()) == []


def test_a_target_that_has_judged_stays_but_for_its_reason() -> None:
    row = saved(in_force_from=YESTERDAY)
    change_target(record=row, value=0.9, note="agreed with the customer")
    for change in (lambda: change_target(record=row, value=0.8), lambda: delete_target(record=row)):
        with pytest.raises(Conflict) as caught:
            change()
        assert caught.value.code == "target_in_force"
        assert "2026-06-30" in str(caught.value)
        assert "later day" in str(caught.value)
    kept = Target.objects.get()
    assert (kept.value, kept.note) == (0.9, "agreed with the customer")


def test_every_change_leaves_an_entry() -> None:
    row = saved(in_force_from=TOMORROW)
    change_target(record=row, value=0.8)
    delete_target(record=row)
    entries = Entry.objects.filter(record_type="indicators.target").order_by("pk")
    assert len(entries) == 3
    assert entries[1].changes["value"] == [0.9, 0.8]


def test_targets_of_indicators_that_are_gone_or_changed_are_passed_over() -> None:
    saved()
    target(indicator="gone").save()
    target(indicator="utilisation").save()  # a band by now
    assert list(own_targets()) == ["closure_30d"]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_analyze_reads_the_file_that_the_platform_exports(tmp_path: Path, language: str) -> None:
    saved()
    saved(indicator="mean_response", value=2.5, in_force_from=date(2026, 1, 1))
    saved(indicator="mean_response", value=1.0, scope="priority", group="1", note="VIP, agreed")
    saved(indicator="utilisation", value=None, low=0.5, high=0.9)
    record_type = registry["indicators.target"]
    with translation.override(language):
        columns = file_columns(record_type)
        assert {column.info.path for column in importable(record_type)} <= {c.info.path for c in columns}
        lines = [[column.head for column in columns]]
        lines += [
            [column.write(getattr(row, column.info.path)) for column in columns]
            for row in Target.objects.all()
        ]
    path = tmp_path / "targets.csv"
    text = "\n".join(",".join(f'"{cell}"' for cell in line) for line in lines)
    path.write_text("\ufeff" + text, encoding="utf-8")
    found = load_targets(path, load_indicators())
    held = own_targets()
    assert {name: set(targets) for name, targets in found.items()} == {
        name: set(targets) for name, targets in held.items()
    }


def test_a_target_as_it_is_written() -> None:
    indicators = load_indicators()
    assert aim_text(indicators["mean_response"].target, "h") == "≤\u00a02\u00a0h"
    assert aim_text(indicators["closure_30d"].target, "share") == "≥\u00a095\u00a0%"
    assert aim_text(indicators["utilisation"].target, "share") == "60\u00a0%\u00a0–\u00a085\u00a0%"
    assert aim_text(indicators["nps"].target, "points") == ""
