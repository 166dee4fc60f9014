"""The database that is restored into: empty, or left half by a restore that was killed; it says which.

The mark is a table of its own, made before anything else and dropped last, so that it needs no migration.
"""

from __future__ import annotations

from django.db import connection, transaction
from django.utils.translation import gettext as _

from zhiheng.kernel.time import now
from zhiheng.platform.backup.errors import BackupError

MARK = "zhiheng_unfinished_restore"


def unfinished_restore() -> str | None:
    """The dump of a restore that did not come to its end, and when it began; None if there was none."""
    if MARK not in _tables():
        return None
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT told FROM {MARK}")  # noqa: S608 - a constant
        row = cursor.fetchone()
    return str(row[0]) if row else "?"


def claim_target(source: str) -> None:
    """Make the database ready and mark it. Raises BackupError unless it is empty or a restore broke off in it."""
    tables = _tables()
    if MARK in tables:
        _drop(tables)
    elif tables:
        raise BackupError(
            _(
                "the database is not empty (%(count)s tables): a restore never writes over one. Make a new database"
                " (SQLite: move the file away; PostgreSQL: createdb) and name it in ZHIHENG_DATABASE_URL."
            )
            % {"count": len(tables)}
        )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {MARK} (told text NOT NULL)")
        told = f"{source}, {now():%Y-%m-%d %H:%M} UTC"  # in no language: who reads it later may have another
        cursor.execute(f"INSERT INTO {MARK} (told) VALUES (%s)", [told])  # noqa: S608 - a constant


def release_target() -> None:
    """The restore is whole."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {MARK}")


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        return connection.introspection.table_names(cursor)


def _drop(tables: list[str]) -> None:
    """Drop what a broken restore left, the mark last. SQLite's search tables take the ones behind them along."""
    first = _search_tables()
    cascade = " CASCADE" if connection.vendor == "postgresql" else ""
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for name in [*first, *(name for name in tables if name not in {MARK, *first}), MARK]:
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(name)}{cascade}")


def _search_tables() -> list[str]:
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%%'")
        return [str(name) for (name,) in cursor.fetchall()]
