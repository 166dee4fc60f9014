"""An organisation's own targets: which values an indicator allows, and which target is in force for a period.

The direction is the definition's and never changes. Files are read in `target_file`, rows of the platform elsewhere;
both come through `own_target` and `in_force`, so that the same target gives the same verdict.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from zhiheng.definitions.definition import Indicator, Target, Text
from zhiheng.definitions.errors import DefinitionError

# What a target may be limited to, the most specific first: a ticket's service says more than the team that holds it,
# and both say more than its priority.
SCOPES = ("service", "team", "priority", "all")
HOUR_S = 3600
LIMITS = ("target", "alarm", "low", "high")
FIELDS = {"target": "value", "alarm": "alarm", "low": "low", "high": "high"}
OwnTargets = Mapping[str, Sequence[Target]]
NO_OWN: OwnTargets = {}

MESSAGES: dict[str, Text] = {
    "file": {"en": "cannot be read: {reason}", "zh": "无法读取：{reason}"},
    "syntax": {"en": "is not valid TOML: {reason}", "zh": "不是有效的 TOML：{reason}"},
    "head": {
        "en": "the first line must name the columns; {column} is missing",
        "zh": "首行须为列名，缺少 {column}",
    },
    "indicator": {
        "en": "there is no indicator {name!r}; known are {known}",
        "zh": "没有指标 {name!r}，可用的有 {known}",
    },
    "table": {
        "en": "{name} must be a table such as [{name}] target = 0.9",
        "zh": "{name} 须写成表，例如 [{name}] target = 0.9",
    },
    "key": {
        "en": "{name}: unknown key {key!r}, known are {known}",
        "zh": "{name}：未知键 {key!r}，可用的有 {known}",
    },
    "number": {"en": "{name}: {field} must be a number", "zh": "{name}：{field}须为数字"},
    "day": {
        "en": "{name}: {field} must be a date such as 2026-01-01",
        "zh": "{name}：{field}须为日期，例如 2026-01-01",
    },
    "nothing": {"en": "{name}: give {field}", "zh": "{name}：请填写 {field}"},
    "limit": {
        "en": "{name} has one limit: give a target, not low and high",
        "zh": "{name} 只有一个界限：请填写目标值（target），不填下限（low）和上限（high）",
    },
    "band": {
        "en": "{name} is to stay within a band: give low and high, not a target",
        "zh": "{name} 的目标是区间：请填写下限（low）和上限（high），不填目标值（target）",
    },
    "share": {
        "en": "{name}: {field} is a share, write 0.95 for 95 %",
        "zh": "{name}：{field}是比率，95 % 写作 0.95",
    },
    "range": {
        "en": "{name}: {field} must lie between {least} and {most}",
        "zh": "{name}：{field}须在 {least} 到 {most} 之间",
    },
    "negative": {"en": "{name}: {field} cannot be negative", "zh": "{name}：{field}不能为负"},
    "order": {"en": "{name}: low must be below high", "zh": "{name}：下限（low）须小于上限（high）"},
    "alarm": {
        "en": "{name}: the alarm must lie on the bad side of the target",
        "zh": "{name}：预警值须比目标值更差",
    },
    "scope": {"en": "{name}: scope must be one of {known}", "zh": "{name}：适用范围（scope）须为 {known} 之一"},
    "group": {
        "en": "{name}: a target for all tickets names no group; any other names one",
        "zh": "{name}：适用于全部工单时不填分组，否则须填一个分组",
    },
    "priority": {"en": "{name}: a priority is a number from 1 on", "zh": "{name}：优先级是从 1 开始的数字"},
    "twice": {
        "en": "{name}: two targets of the same scope are in force from the same day",
        "zh": "{name}：同一范围、同一生效日有两个目标值",
    },
}  # fmt: skip
# Between which values a unit runs; any other begins at nothing and ends nowhere.
RANGES = {"share": (0.0, 1.0), "score": (0.0, 100.0), "points": (-100.0, 100.0)}


class TargetError(DefinitionError):
    """A target that an indicator does not allow; `code` and `field` say why and where, `text` says it in a language."""

    def __init__(self, where: str, code: str, field: str = "", **params: object) -> None:
        self.code = code
        self.field = field
        self.params = {"field": field, **params}
        super().__init__(where, self.rule_in("en"))

    def rule_in(self, language: str, **words: str) -> str:
        """The rule that is broken; `words` say what stands for the ids of indicator (`name`) and `field`."""
        return MESSAGES[self.code][language].format_map({**self.params, **words})

    def text(self, language: str) -> str:
        """The whole message, with the place that it is about."""
        mark = "：" if language == "zh" else ": "
        return f"{self.where}{mark}{self.rule_in(language)}"


def own_target(
    indicator: Indicator,
    limits: Mapping[str, float | None],
    *,
    where: str,
    since: date | None = None,
    scope: str = "all",
    group: str = "",
) -> Target:
    """The target that an organisation sets for an indicator; limits it leaves out stay as the definition has them.

    Raises TargetError naming the limit that the indicator does not allow.
    """
    given = {name: float(value) for name, value in limits.items() if value is not None}
    name = indicator.id
    _check_limits(indicator, given, where)
    if scope not in SCOPES:
        raise TargetError(where, "scope", "scope", name=name, known=", ".join(SCOPES))
    if (scope == "all") == bool(group):
        raise TargetError(where, "group", "group", name=name)
    if scope == "priority" and not (group.isdecimal() and int(group) > 0):
        raise TargetError(where, "priority", "group", name=name)
    limited: dict[str, Any] = {FIELDS[key]: value for key, value in given.items()}
    target = replace(indicator.target, **limited, tag="own", since=since, scope=scope, group=group)
    return _consistent(target, given, name, where)


def in_force(
    own: Sequence[Target], default: Target, *, day: date, groups: Mapping[str, str] | None = None
) -> Target:
    """The target in force on a day for tickets of some groups: the most specific, then the latest; else the default."""
    chosen = groups or {}
    fitting = [
        target
        for target in own
        if (target.since is None or target.since <= day)
        and (target.scope == "all" or chosen.get(target.scope) == target.group)
    ]
    if not fitting:
        return default
    return max(fitting, key=lambda target: (-SCOPES.index(target.scope), target.since or date.min))


def bound_limit(target: Target | None, unit: str) -> dict[str, int]:
    """What a statement binds to count by the target in force: `target_s` in whole seconds; {} where there is none."""
    if unit != "h" or target is None or target.value is None:
        return {}
    return {"target_s": round(target.value * HOUR_S)}


def judged_day(to_s: int, zone: str) -> date:
    """The day whose target judges a period: the last of the period, so that a later target leaves it alone."""
    return datetime.fromtimestamp(to_s - 1, ZoneInfo(zone)).date()


def _check_limits(indicator: Indicator, given: Mapping[str, float], where: str) -> None:
    name, band = indicator.id, indicator.target.direction == "band"
    if band and "target" in given:
        raise TargetError(where, "band", "target", name=name)
    if not band and ("low" in given or "high" in given):
        raise TargetError(where, "limit", "low" if "low" in given else "high", name=name)
    if not given or (set(given) == {"alarm"} and indicator.target.aim is None):
        raise TargetError(where, "nothing", "low" if band else "target", name=name)
    least, most = RANGES.get(indicator.formula.unit, (0.0, sys.float_info.max))
    for field, value in given.items():
        if not least <= value <= most:  # so written, "not a number" is refused too
            code = {"share": "share", "score": "range", "points": "range"}.get(
                indicator.formula.unit, "negative" if value < 0 else "number"
            )
            raise TargetError(where, code, field, name=name, least=f"{least:g}", most=f"{most:g}")


def _consistent(target: Target, given: Mapping[str, float], name: str, where: str) -> Target:
    """The target with its limits in order. An alarm of the definition that no longer fits is dropped."""
    if target.direction == "band":
        if target.low is not None and target.high is not None and not target.low < target.high:
            raise TargetError(where, "order", "low" if "low" in given else "high", name=name)
        return target
    if target.alarm is None or target.value is None:
        return target
    bad = target.alarm > target.value if target.direction == "up" else target.alarm < target.value
    if not bad:
        return target
    if "alarm" in given:
        raise TargetError(where, "alarm", "alarm", name=name)
    return replace(target, alarm=None)
