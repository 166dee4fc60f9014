"""Puts the statement of a formula to facts: its rows by scope, as columns where there are very many."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zhiheng.definitions.columns import by_scope
from zhiheng.definitions.definition import Formula
from zhiheng.definitions.estimators import Rows
from zhiheng.definitions.query import Facts, Query, Window, compose

if TYPE_CHECKING:  # loading it takes longer than many a report needs
    import duckdb

NO_MORE: Mapping[str, int] = {}
KEY, PERIOD = "{key}", "{period}"
# Estimators of statements that give a row per second of duration: their rows are fetched as columns.
BY_COLUMN = ("restricted_mean",)


def grouped(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    formula: Formula,
    *,
    window: Window,
    facts: Facts,
    scope: str,
) -> dict[str | None, Rows]:
    """The rows of a statement by scope; None where a case has none."""
    query = query_of(sql, formula, window=window, facts=facts, scope=scope)
    if formula.estimator in BY_COLUMN:
        return dict(by_scope(query.columns(connection)))
    found: dict[str | None, list[dict[str, Any]]] = {}
    for row in dictionaries(query, connection):
        name = row.pop("scope")
        found.setdefault(None if name is None else str(name), []).append(row)
    return dict(found)


def query_of(
    sql: str,
    formula: Formula,
    *,
    window: Window,
    facts: Facts,
    scope: str = "all",
    more: Mapping[str, int] = NO_MORE,
) -> Query:
    """The statement with the facts it reads, what a window and `more` bind of it and the kinds of the formula."""
    return compose(
        sql,
        facts=facts,
        scope=scope,
        filters=window.filters,
        kinds=formula.kinds,
        exempt=window.exempt,
        parameters={**window.parameters, **more},
    )


def dictionaries(query: Query, connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The rows that a statement gives."""
    columns, found = query.execute(connection)
    return [dict(zip(columns, values, strict=True)) for values in found]


def keyed(sql: str, variant: Mapping[str, Any], facts: Facts) -> str:
    """The statement with the columns of a matcher as its key: null for all where the facts lack one of them."""
    if KEY not in sql:
        return sql
    columns = [str(column) for column in variant["columns"]]
    if facts.missing(columns):
        return sql.replace(KEY, "cast(null as varchar)")
    # Joining with a separator is null as soon as one part is: such a case has no key.
    return sql.replace(
        KEY, "(" + " || chr(31) || ".join(f"cast({column} as varchar)" for column in columns) + ")"
    )
