"""The mapping of an export's columns to roles, read from and written to TOML."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from zhiheng.analyze.quality import ReadError

REQUIRED_ROLES = ("case", "activity", "time")
TEXT_ROLES = (
    "team",
    "assignee",
    "requester",
    "category",
    "subcategory",
    "symptom",
    "ci",
    "priority",
    "impact",
    "urgency",
    "channel",
    "location",
    "kind",
    "service",
    "organisation",
    "contract",
)
TIME_ROLES = ("opened", "responded", "restored", "resolved", "closed")
FLAG_ROLES = ("made_sla", "exempt")
COUNT_ROLES = ("reopen_count", "reassignment_count")
# Tells the updates of one case apart, so that equal rows are known to be one row exported twice.
VERSION_ROLE = "version"
ROLES = REQUIRED_ROLES + TEXT_ROLES + TIME_ROLES + FLAG_ROLES + COUNT_ROLES + (VERSION_ROLE,)
CATEGORIES = (
    "new",
    "open",
    "waiting-customer",
    "waiting-supplier",
    "waiting-internal",
    "solved",
    "closed",
    "cancelled",
    "merged",
)
_KEYS = {"name", "title", "kind", "missing", "columns", "time", "states"}
_SHIPPED = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which column plays which role, how times are written, and which category each state belongs to.

    `columns` maps a role to a header; `formats` are strptime patterns, or "iso8601", "epoch_s", "epoch_ms",
    "excel", tried in order; `zone` is the IANA zone of times written without one; `kind` is the ticket kind
    of every case when no column says it.
    """

    name: str
    columns: dict[str, str]
    formats: tuple[str, ...] = ("iso8601",)
    zone: str | None = None
    states: dict[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ("",)
    kind: str | None = None
    title: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for role in self.columns:
            if role not in ROLES:
                raise ReadError("mapping_role", mapping=self.name, role=role, roles=", ".join(ROLES))
        for role in REQUIRED_ROLES:
            if role not in self.columns:
                raise ReadError("mapping_required", mapping=self.name, role=role)
        for state, category in self.states.items():
            if category not in CATEGORIES:
                raise ReadError(
                    "mapping_category",
                    mapping=self.name,
                    state=state,
                    category=category,
                    categories=", ".join(CATEGORIES),
                )
        if self.zone is not None:
            try:
                ZoneInfo(self.zone)
            except (ZoneInfoNotFoundError, ValueError, OSError) as error:
                raise ReadError("timezone", zone=self.zone) from error

    @classmethod
    def from_toml(cls, text: str, *, source: str = "mapping") -> Mapping:
        """Read a mapping from TOML text. Raises ReadError naming the faulty key."""
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise ReadError("mapping_syntax", mapping=source, reason=error) from error
        unknown = sorted(set(data) - _KEYS)
        if unknown:
            raise ReadError("mapping_key", mapping=source, key=unknown[0], keys=", ".join(sorted(_KEYS)))
        time: dict[str, Any] = data.get("time", {})
        try:
            return cls(
                name=str(data.get("name", source)),
                columns={str(role): str(column) for role, column in data.get("columns", {}).items()},
                formats=tuple(str(item) for item in time.get("formats", ("iso8601",))),
                zone=time.get("zone"),
                states={str(state): str(category) for state, category in data.get("states", {}).items()},
                missing=tuple(str(item) for item in data.get("missing", ("",))),
                kind=data.get("kind"),
                title={str(lang): str(title) for lang, title in data.get("title", {}).items()},
            )
        except (AttributeError, TypeError) as error:
            raise ReadError("mapping_syntax", mapping=source, reason=error) from error

    def to_toml(self) -> str:
        """Write the mapping as TOML that `from_toml` reads back to an equal mapping."""
        lines = [f"name = {_quote(self.name)}"]
        if self.title:
            items = ", ".join(f"{_quote(lang)} = {_quote(text)}" for lang, text in self.title.items())
            lines.append(f"title = {{ {items} }}")
        if self.kind is not None:
            lines.append(f"kind = {_quote(self.kind)}")
        lines.append(f"missing = {_quote_list(self.missing)}")
        lines += ["", "[columns]"]
        lines += [f"{role} = {_quote(self.columns[role])}" for role in ROLES if role in self.columns]
        lines += ["", "[time]", f"formats = {_quote_list(self.formats)}"]
        if self.zone is not None:
            lines.append(f"zone = {_quote(self.zone)}")
        lines += ["", f"# state = one of {', '.join(CATEGORIES)}", "[states]"]
        lines += [f"{_quote(state)} = {_quote(category)}" for state, category in self.states.items()]
        return "\n".join(lines) + "\n"


def shipped() -> dict[str, Mapping]:
    """Return the mappings that come with the program, by name."""
    found = {}
    for path in sorted(_SHIPPED.glob("*.toml")):
        mapping = Mapping.from_toml(path.read_text(encoding="utf-8"), source=path.stem)
        found[mapping.name] = mapping
    return found


def load(name_or_path: str | Path) -> Mapping:
    """Return the shipped mapping of that name, or the one in that TOML file. Raises ReadError."""
    known = shipped()
    if str(name_or_path) in known:
        return known[str(name_or_path)]
    path = Path(name_or_path)
    try:
        return Mapping.from_toml(path.read_text(encoding="utf-8"), source=path.stem)
    except FileNotFoundError as error:
        raise ReadError("mapping_unknown", mapping=name_or_path, known=", ".join(known)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ReadError("mapping_unreadable", mapping=name_or_path, reason=error) from error


def _quote(text: str) -> str:
    # JSON's string syntax is valid as a TOML basic string, except for DEL.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _quote_list(items: tuple[str, ...]) -> str:
    return "[" + ", ".join(_quote(item) for item in items) + "]"
