"""Small facts tables written by hand, for arithmetic that can be checked on paper."""

from typing import Any

import duckdb

from zhiheng.definitions import schema

HOUR = 3600
DAY = 86_400


def facts_database(**tables: list[dict[str, Any]]) -> duckdb.DuckDBPyConnection:
    """A database with these rows; a table has the columns its rows name, and no others."""
    connection = duckdb.connect()
    for table, rows in tables.items():
        columns = list(dict.fromkeys(name for row in rows for name in row))
        types = ", ".join(f"{name} {schema.TYPES[table][name]}" for name in columns)
        connection.execute(f"create table {table} ({types})")
        for row in rows:
            marks = ", ".join("?" for _ in columns)
            connection.execute(f"insert into {table} values ({marks})", [row.get(name) for name in columns])
    return connection


def ticket(ticket_id: int, **values: Any) -> dict[str, Any]:
    """One ticket that counts."""
    return {"ticket_id": ticket_id, "counted": True, **values}
