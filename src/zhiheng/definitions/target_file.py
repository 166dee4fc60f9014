"""Reads a file of own targets: TOML written by hand, or CSV as the platform exports its targets.

[closure_30d]
target = 0.90
alarm = 0.80

[[mean_response]]
target = 2.5
from = 2026-01-01

[[mean_response]]
target = 2.0
from = 2026-07-01

The CSV has one row for each target, under the column names of the platform in either language.
"""

import csv
import io
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from zhiheng.definitions.definition import Indicator, Target
from zhiheng.definitions.targets import LIMITS, TargetError, own_target

KEYS = (*LIMITS, "from", "scope", "group")
# The heads of the platform's columns, and what its choices of a scope are called.
HEADS = {
    "indicator": ("indicator", "指标"),
    "scope": ("scope", "applies to", "适用范围"),
    "group": ("group", "组"),
    "from": ("from", "in_force_from", "in force from", "生效日"),
    "target": ("target", "目标值"),
    "alarm": ("alarm", "预警值"),
    "low": ("low", "lower limit", "下限"),
    "high": ("high", "upper limit", "上限"),
}
SCOPE_WORDS = {
    "all": ("all", "all tickets", "全部工单"),
    "service": ("service", "a service", "某项服务"),
    "team": ("team", "a team", "某个支持组"),
    "priority": ("priority", "a priority", "某个优先级"),
}


def load_targets(path: Path, indicators: Mapping[str, Indicator]) -> dict[str, tuple[Target, ...]]:
    """Read a file of targets, by indicator. Raises TargetError naming file, indicator and key."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise TargetError(path.name, "file", reason=error.strerror) from error
    except UnicodeDecodeError as error:
        raise TargetError(path.name, "syntax", reason=error) from error
    tables = _csv(text, path.name) if path.suffix.lower() == ".csv" else _toml(text, path.name)
    found: dict[str, list[Target]] = {}
    for name, values in tables:
        found.setdefault(name, []).append(_target(name, values, indicators, path.name))
    for name, targets in found.items():
        if len({(item.scope, item.group, item.since) for item in targets}) < len(targets):
            raise TargetError(path.name, "twice", name=name)
    return {name: tuple(targets) for name, targets in found.items()}


def _toml(text: str, where: str) -> Iterable[tuple[str, Any]]:
    try:
        document: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TargetError(where, "syntax", reason=error) from error
    for name, values in document.items():
        for each in values if isinstance(values, list) and values else [values]:
            yield name, each


def _csv(text: str, where: str) -> Iterable[tuple[str, Any]]:
    reader = csv.reader(io.StringIO(text, newline=""))
    heads = [_known(head, HEADS) for head in next(reader, [])]
    for column in ("indicator", "target"):
        if column not in heads:
            raise TargetError(where, "head", column=column)
    for cells in reader:
        row = {head: cell.strip() for head, cell in zip(heads, cells, strict=False) if head and cell.strip()}
        if not row:
            continue
        name = row.pop("indicator", "")
        values: dict[str, Any] = {**row}
        values |= {key: _number(name, key, row[key], where) for key in LIMITS if key in row}
        if "scope" in row:
            values["scope"] = _known(row["scope"], SCOPE_WORDS) or row["scope"]
        if "from" in row:
            values["from"] = _day(name, row["from"], where)
        yield name, values


def _target(name: str, values: Any, indicators: Mapping[str, Indicator], where: str) -> Target:
    if name not in indicators:
        raise TargetError(where, "indicator", name=name, known=", ".join(sorted(indicators)))
    if not isinstance(values, dict):
        raise TargetError(where, "table", name=name)
    unknown = sorted(set(values) - set(KEYS))
    if unknown:
        raise TargetError(where, "key", name=name, key=unknown[0], known=", ".join(KEYS))
    limits = {key: values[key] for key in LIMITS if key in values}
    for key, value in limits.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TargetError(where, "number", key, name=name)
    since = values.get("from")
    if since is not None and (not isinstance(since, date) or isinstance(since, datetime)):
        raise TargetError(where, "day", "from", name=name)
    return own_target(
        indicators[name],
        limits,
        where=where,
        since=since,
        scope=str(values.get("scope", "all")),
        group=str(values.get("group", "")),
    )


def _known(word: str, words: Mapping[str, tuple[str, ...]]) -> str:
    """The name that a head or word stands for; "" for one that stands for nothing here."""
    folded = word.strip().casefold()
    return next((name for name, known in words.items() if folded in known), "")


def _number(name: str, key: str, text: str, where: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise TargetError(where, "number", key, name=name) from error


def _day(name: str, text: str, where: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise TargetError(where, "day", "from", name=name) from error
