"""Composes the SQL of a definition with scope, filters and window: values are bound, columns come from a whitelist."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from zhiheng.definitions import schema
from zhiheng.definitions.errors import DefinitionError

if TYPE_CHECKING:  # loading it takes longer than many a report needs
    import duckdb
    import pyarrow as pa

Columns = Mapping[str, frozenset[str]]
Filters = Mapping[str, str | int | Sequence[str | int]]
_WORD = re.compile(r"[a-z_]+[a-z0-9_]*", re.I)
_BOUND = re.compile(r"([a-z_0-9]+) (>=|<) \$(from_s|to_s)\b")
# What makes the rows of a scope depend on more than its own cases, or hides which scope they belong to.
_APART = re.compile(r"\bhaving\b|\blimit\b|\{period\}|\{key\}|' as scope|partition by[^)]*scope", re.I)
_PARAMETER = re.compile(r"\$([a-z_0-9]+)")


@dataclass(frozen=True, slots=True)
class Window:
    """What is looked at: cases from `from_s` up to but without `to_s`, as known at `cut_s`."""

    from_s: int
    to_s: int
    cut_s: int
    filters: Filters = field(default_factory=dict)
    exempt: bool = False

    @property
    def parameters(self) -> dict[str, int]:
        """What statements bind of it."""
        return {"from_s": self.from_s, "to_s": self.to_s, "cut_s": self.cut_s}


@dataclass(frozen=True, slots=True)
class Query:
    """One statement and the parameters it binds."""

    sql: str
    parameters: dict[str, Any]

    def columns(self, connection: duckdb.DuckDBPyConnection) -> pa.Table:
        """Run it: the rows as columns."""
        return connection.sql(self.sql, params=self.parameters).to_arrow_table()

    def execute(self, connection: duckdb.DuckDBPyConnection) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Run it: the column names and the rows."""
        cursor = connection.execute(self.sql, self.parameters)
        return [item[0] for item in cursor.description or ()], cursor.fetchall()


@dataclass(frozen=True, slots=True)
class Facts:
    """A place where facts are found: the schema they live in, its columns, and which of them are stand-ins."""

    columns: Columns
    stand_ins: Mapping[str, str]
    where: str = "main"

    def missing(self, needs: Sequence[str]) -> tuple[str, ...]:
        """The needed columns that these facts do not hold, tables of their own named in full."""
        return tuple(need for need in dict.fromkeys(needs) if not self.has(need))

    def has(self, need: str) -> bool:
        """Whether these facts hold a column, given as `column` of tickets or `table.column`."""
        table, _, column = need.rpartition(".")
        return column in self.columns.get(table or "tickets", frozenset())

    def flags(self, needs: Sequence[str]) -> tuple[str, ...]:
        """The stand-ins among the needed columns, as flags."""
        names = (schema.qualified(need) for need in needs)
        return tuple(
            dict.fromkeys(f"proxy:{self.stand_ins[name]}" for name in names if name in self.stand_ins)
        )


def discover(connection: duckdb.DuckDBPyConnection, *, where: str = "main") -> Facts:
    """Find which columns of the facts schema exist in a database schema."""
    if not where.isidentifier():
        raise DefinitionError(f"schema {where!r}", "must be a plain name")
    cursor = connection.execute(
        "select table_name, column_name from information_schema.columns where table_schema = $where",
        {"where": where},
    )
    columns: dict[str, set[str]] = {}
    for table, column in cursor.fetchall():
        columns.setdefault(table, set()).add(column)
    stand_ins: dict[str, str] = {}
    if "sources" in columns:
        statement = f"select column_name, stand_in from {where}.sources"  # noqa: S608 (an identifier, checked)
        stand_ins = dict(connection.execute(statement).fetchall())
    return Facts(
        columns={table: frozenset(names) for table, names in columns.items()},
        stand_ins=stand_ins,
        where=where,
    )


def compose(
    sql: str,
    *,
    facts: Facts,
    scope: str,
    filters: Filters,
    kinds: Sequence[str],
    exempt: bool,
    parameters: Mapping[str, Any],
) -> Query:
    """Put the facts a statement reads before it: scoped, filtered, with NULL for columns the source lacks."""
    bound = dict(parameters)
    words = {word.lower() for word in _WORD.findall(sql)}
    conditions = _conditions(filters, kinds, facts, bound)
    if not exempt and "exempt" in facts.columns.get("tickets", ()):
        conditions.append("(t.exempt is null or not t.exempt)")
    parts = [_tickets(words, facts, _scope_sql(scope, facts), conditions)]
    parts += [_plain(table, words, facts) for table in ("entries", "clocks") if table in words]
    body = sql.replace("{scope}", "scope")
    if body.lower().startswith("with "):
        body = ", " + body[5:]
    text = f"with {', '.join(parts)} {body}"
    used = set(_PARAMETER.findall(text))
    return Query(sql=text, parameters={name: value for name, value in bound.items() if name in used})


def period_scope(anchor: str, edges: Sequence[int]) -> str:
    """The scope that numbers a case by the period its anchor falls in; before the first edge it is null."""
    if anchor not in schema.TYPES["tickets"]:
        raise DefinitionError(anchor, "is no column of tickets")
    numbered = numbered_period(f"t.{anchor}", edges)
    return f"period:(case when t.{anchor} < {int(edges[0])} then null else {numbered} end)"


def numbered_period(moment: str, edges: Sequence[int]) -> str:
    """The number of the period in which a moment falls that does not lie before the first edge."""
    cases = "".join(
        f"when {moment} < {int(edge)} then {number - 1} " for number, edge in enumerate(edges) if number
    )
    return f"(case {cases}else {len(edges) - 1} end)" if cases else "0"


def adds_up(sql: str, anchor: str) -> bool:
    """Whether cases counted by period, before and behind the periods too, are together the cases of the window.

    So it is where the statement looks at the window only to choose cases by their anchor, and at the scope only to
    group them.
    """
    bounds = [(column, sign, name) for column, sign, name in _BOUND.findall(sql)]
    whole = [(anchor, ">=", "from_s"), (anchor, "<", "to_s")]
    used = [name for name in _PARAMETER.findall(sql) if name in ("from_s", "to_s")]
    return bounds == whole and len(used) == len(whole) and not _APART.search(sql)


def _scope_sql(scope: str, facts: Facts) -> str:
    if scope == "all":
        return "'all'"
    if scope.startswith("period:"):
        return scope.removeprefix("period:")
    if scope not in schema.SCOPES:
        raise DefinitionError(f"scope {scope!r}", f"must be all or one of {', '.join(schema.SCOPES)}")
    if schema.SCOPES[scope] not in facts.columns.get("tickets", ()):
        raise DefinitionError(f"scope {scope!r}", "the source has no such column")
    return f"cast(t.{schema.SCOPES[scope]} as varchar)"


def _conditions(filters: Filters, kinds: Sequence[str], facts: Facts, bound: dict[str, Any]) -> list[str]:
    held = facts.columns.get("tickets", frozenset())
    for name in filters:
        if name not in schema.SCOPES:
            raise DefinitionError(f"filter {name!r}", f"must be one of {', '.join(schema.SCOPES)}")
        if schema.SCOPES[name] not in held:
            raise DefinitionError(f"filter {name!r}", "the source has no such column")
    conditions = [
        _among(f"t.{schema.SCOPES[name]}", f"filter_{number}", _listed(value), bound)
        for number, (name, value) in enumerate(filters.items())
    ]
    if kinds and "kind" in held:
        conditions.append(f"(t.kind is null or {_among('t.kind', 'kind', kinds, bound)})")
    return conditions


def _listed(value: str | int | Sequence[str | int]) -> list[str]:
    values = [value] if isinstance(value, str | int) else value
    return [str(item) for item in values]


def _among(column: str, stem: str, values: Sequence[str], bound: dict[str, Any]) -> str:
    names = [f"{stem}_{position}" for position in range(len(values))]
    bound.update(zip(names, values, strict=True))
    if not names:
        return "(1 = 0)"
    return f"(cast({column} as varchar) in ({', '.join('$' + name for name in names)}))"


def _tickets(words: set[str], facts: Facts, scope: str, conditions: Sequence[str]) -> str:
    # Only columns the statement mentions: a CTE may be materialised, and Parquet should read no more than it must.
    columns = _selected("tickets", "t", words | {"ticket_id"}, facts)
    where = f" where {' and '.join(conditions)}" if conditions else ""
    source = f"{facts.where}.tickets as t{where}"
    return f"tickets as (select {columns}, {scope} as scope from {source})"  # noqa: S608 (whitelisted names)


def _plain(table: str, words: set[str], facts: Facts) -> str:
    columns = _selected(table, "t", words, facts)
    # A statement may look into a table it does not need: one that the source lacks holds no row.
    source = f" from {facts.where}.{table} as t" if table in facts.columns else " where 1 = 0"
    return f"{table} as (select {columns}{source})"


def _selected(table: str, alias: str, words: set[str], facts: Facts) -> str:
    held = facts.columns.get(table, frozenset())
    return ", ".join(
        f"{alias}.{name}" if name in held else f"cast(null as {kind}) as {name}"
        for name, kind in schema.TYPES[table].items()
        if name in words
    )
