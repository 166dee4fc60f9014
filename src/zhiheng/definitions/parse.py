"""Turns the parsed TOML of one definition into its frozen value, checking every key. Reads no files."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from zhiheng.definitions import schema
from zhiheng.definitions.definition import (
    COHORTS,
    DIMENSIONS,
    DIRECTIONS,
    ROOTS,
    Burden,
    Defect,
    DefectCause,
    Formula,
    Indicator,
    Signal,
    Target,
    Text,
)
from zhiheng.definitions.errors import DefinitionError

Table = Mapping[str, Any]
FORMULA_KEYS = {"estimator", "needs", "unit", "minimum_n", "cohort", "sql", "rows", "kinds", "parameters"}
TARGET_KEYS = {"direction", "target", "alarm", "low", "high", "never", "tag"}
INDICATOR_KEYS = (
    FORMULA_KEYS
    | TARGET_KEYS
    | {"id", "name", "words", "matured_s", "exclusions", "dimension", "points", "crosswalk", "programme"}
    | {"second_kinds", "shown_with"}
)
DEFECT_KEYS = (
    {"id", "name", "symptom", "level", "quarter", "owner", "effect", "measures", "verified_by", "guards"}
    | {"guard_note", "figures"}
    | {"signal", "cause", "burden"}
)
SIGNAL_KEYS = (
    FORMULA_KEYS
    | {"id", "name", "direction", "watch", "confirmed", "confirm_by", "tag"}
    | {"indicator", "relative_to", "needs_excess", "at"}
)
CAUSE_KEYS = FORMULA_KEYS | {"id", "root", "name", "test", "threshold"}
_PLACEHOLDER = re.compile(r"\{([a-z_]*)\}")
_FORBIDDEN = re.compile(
    r";|--|/\*|\b(insert|update|delete|drop|create|attach|copy|pragma|install|load|set|read_\w+)\b", re.I
)


def indicator(data: Table, *, where: str, estimators: Sequence[str]) -> Indicator:
    """Build an indicator. Raises DefinitionError naming the key that is wrong."""
    _only(data, INDICATOR_KEYS, where)
    formula = _formula(data, where, estimators)
    if data.get("dimension", "none") not in DIMENSIONS:
        raise DefinitionError(where, f"dimension must be one of {', '.join(DIMENSIONS)}")
    points = tuple(float(point) for point in data.get("points", ()))
    if points and len(points) != 4:
        raise DefinitionError(where, "points must be the four values that earn 0, 60, 80 and 100")
    return Indicator(
        id=_string(data, "id", where),
        name=_text(data, "name", where),
        words=_text(data, "words", where),
        formula=formula,
        target=_target(data, where),
        matured_s=int(data.get("matured_s", 0)),
        exclusions=_text(data, "exclusions", where),
        dimension=data.get("dimension", "none"),
        points=points,
        crosswalk=dict(data.get("crosswalk", {})),
        programme=str(data.get("programme", "")),
        second_kinds=tuple(data.get("second_kinds", ())),
        shown_with=tuple(data.get("shown_with", ())),
        hash=content_hash(data),
    )


def defect(data: Table, *, where: str, estimators: Sequence[str]) -> Defect:
    """Build a common defect. Raises DefinitionError naming the key that is wrong."""
    _only(data, DEFECT_KEYS, where)
    signals = tuple(_signal(item, where, estimators) for item in data.get("signal", ()))
    if all(signal.limit is None for signal in signals):
        raise DefinitionError(where, "needs at least one [[signal]] with a threshold")
    return Defect(
        id=_string(data, "id", where),
        name=_text(data, "name", where),
        symptom=_text(data, "symptom", where),
        level=_string(data, "level", where),
        quarter=str(data.get("quarter", "")),
        owner=_text(data, "owner", where),
        effect=_text(data, "effect", where),
        measures=tuple(_is_text(item, f"{where}: measures") for item in data.get("measures", ())),
        verified_by=tuple(data.get("verified_by", ())),
        guards=tuple(data.get("guards", ())),
        guard_note=_text(data, "guard_note", where) if "guard_note" in data else None,
        figures={name: _is_text(text, f"{where}: figures") for name, text in data.get("figures", {}).items()},
        signals=signals,
        causes=tuple(_cause(item, where, estimators) for item in data.get("cause", ())),
        burden=_burden(data["burden"], where, signals) if "burden" in data else None,
        hash=content_hash(data),
    )


def content_hash(data: Table) -> str:
    """The sha256 of the content in canonical form: keys sorted, layout and comments of the file without effect."""
    canonical = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _formula(data: Table, where: str, estimators: Sequence[str]) -> Formula:
    formula = Formula(
        estimator=str(data.get("estimator", "")),
        needs=tuple(data.get("needs", ())),
        unit=_string(data, "unit", where),
        minimum_n=int(data.get("minimum_n", 0)),
        cohort=str(data.get("cohort", "other")),
        sql=str(data.get("sql", "")).strip(),
        rows=str(data.get("rows", "")).strip(),
        kinds=tuple(data.get("kinds", ())),
        parameters=dict(data.get("parameters", {})),
    )
    if formula.cohort not in COHORTS:
        raise DefinitionError(where, f"cohort must be one of {', '.join(COHORTS)}")
    unknown = [need for need in formula.needs if not schema.is_known(need)]
    if not formula.sql and not unknown:
        raise DefinitionError(where, "without sql, needs must name a fact that the schema does not hold yet")
    if formula.sql:
        if unknown:
            raise DefinitionError(where, f"needs {unknown[0]}, which the facts schema does not know")
        if formula.estimator not in estimators:
            raise DefinitionError(where, f"estimator must be one of {', '.join(estimators)}")
        _check_sql(formula.sql, f"{where}: sql")
        _check_sql(formula.rows, f"{where}: rows")
    for matcher in formula.parameters.get("matchers", ()):
        wrong = [name for name in matcher["columns"] if name not in schema.TYPES["tickets"]]
        if wrong:
            raise DefinitionError(where, f"matcher {matcher['id']}: {wrong[0]!r} is no column of tickets")
    return formula


def _check_sql(sql: str, where: str) -> None:
    found = _FORBIDDEN.search(sql)
    if found:
        raise DefinitionError(where, f"must be one reading statement, found {found.group()!r}")
    others = set(_PLACEHOLDER.findall(sql)) - {"scope", "key", "period"}
    if others:
        raise DefinitionError(
            where, f"knows only the placeholders {{scope}}, {{key}} and {{period}}, found {{{others.pop()}}}"
        )


def _target(data: Table, where: str) -> Target:
    if data.get("direction") not in DIRECTIONS:
        raise DefinitionError(where, f"direction must be one of {', '.join(DIRECTIONS)}")
    return Target(
        direction=data["direction"],
        value=_number(data, "target"),
        alarm=_number(data, "alarm"),
        low=_number(data, "low"),
        high=_number(data, "high"),
        never=bool(data.get("never", False)),
        tag=str(data.get("tag", "O")),
    )


def _signal(data: Table, where: str, estimators: Sequence[str]) -> Signal:
    _only(data, SIGNAL_KEYS, where)
    where = f"{where}: signal {data.get('id')}"
    if data.get("direction") not in ("up", "down"):
        raise DefinitionError(where, "direction says which way is bad: up or down")
    if data.get("confirm_by", "value") not in ("value", "limit"):
        raise DefinitionError(where, "confirm_by must be value or limit")
    if set(data.get("at", ())) - {"watch", "confirmed"}:
        raise DefinitionError(where, "at names thresholds: watch, confirmed")
    own = "indicator" not in data
    return Signal(
        id=_string(data, "id", where),
        name=_text(data, "name", where),
        direction=data["direction"],
        watch=_number(data, "watch"),
        confirmed=_number(data, "confirmed"),
        confirm_by=data.get("confirm_by", "value"),
        tag=str(data.get("tag", "O")),
        indicator=data.get("indicator"),
        relative_to=_number(data, "relative_to"),
        needs_excess=bool(data.get("needs_excess", False)),
        formula=_formula(data, where, estimators) if own else None,
        needs=tuple(data.get("needs", ())),
        at=tuple(data.get("at", ())),
    )


def _cause(data: Table, where: str, estimators: Sequence[str]) -> DefectCause:
    _only(data, CAUSE_KEYS, where)
    where = f"{where}: cause {data.get('id')}"
    needs = tuple(data.get("needs", ()))
    if "sql" not in data and all(schema.is_known(need) for need in needs):
        raise DefinitionError(where, "without sql, needs must name a fact that the schema does not hold yet")
    if data.get("root") not in ROOTS:
        raise DefinitionError(where, f"root must be one of {', '.join(ROOTS)}")
    return DefectCause(
        id=_string(data, "id", where),
        root=data["root"],
        name=_text(data, "name", where),
        test=_text(data, "test", where),
        threshold=_number(data, "threshold"),
        formula=_formula(data, where, estimators) if "sql" in data else None,
        needs=needs,
    )


def _burden(data: Table, where: str, signals: Sequence[Signal]) -> Burden:
    where = f"{where}: burden"
    _only(data, {"unit", "signal", "sql", "needs", "kinds"}, where)
    if data.get("unit") not in ("waiting_s", "tickets"):
        raise DefinitionError(where, "unit must be waiting_s or tickets")
    if data.get("signal") not in {signal.id for signal in signals}:
        raise DefinitionError(where, "signal must name one of the defect's signals")
    _check_sql(str(data["sql"]), where)
    return Burden(
        unit=data["unit"],
        signal=data["signal"],
        sql=str(data["sql"]).strip(),
        needs=tuple(data.get("needs", ())),
        kinds=tuple(data.get("kinds", ())),
    )


def _only(data: Table, known: set[str], where: str) -> None:
    unknown = sorted(set(data) - known)
    if unknown:
        raise DefinitionError(where, f"unknown key {unknown[0]!r}")


def _string(data: Table, key: str, where: str) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not value:
        raise DefinitionError(where, f"{key} is missing")
    return value


def _text(data: Table, key: str, where: str) -> Text:
    return _is_text(data.get(key), f"{where}: {key}")


def _is_text(value: object, where: str) -> Text:
    if not isinstance(value, dict) or set(value) != {"zh", "en"} or not all(value.values()):
        raise DefinitionError(where, "must hold a text in zh and in en")
    return dict(value)


def _number(data: Table, key: str, convert: Callable[[Any], float] = float) -> float | None:
    return convert(data[key]) if key in data else None
