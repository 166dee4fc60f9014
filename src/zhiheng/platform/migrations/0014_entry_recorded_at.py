"""A block range index on the time of recording: entries of a period are found though the table holds years.

Ids ascend with that time, so a few kilobytes say which blocks hold a month. SQLite has no such index; a tree of its
own over every entry would cost more in each write than it saves there. Built without locking writers out.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

NAME = "entry_recorded_brin"


def add_index(_apps: Any, schema_editor: Any) -> None:
    """On PostgreSQL only."""
    if schema_editor.connection.vendor == "postgresql":
        # Dropped first: a build that was broken off leaves an index behind that serves nobody.
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}")
        schema_editor.execute(
            f"CREATE INDEX CONCURRENTLY {NAME} ON platform_entry USING brin (recorded_at) WITH (autosummarize = on)"
        )


def drop_index(_apps: Any, schema_editor: Any) -> None:
    """Take it away again."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}")


class Migration(migrations.Migration):
    atomic = False  # CONCURRENTLY works outside a transaction only
    dependencies = [("platform", "0013_tags_and_saved_views")]
    operations = [migrations.RunPython(add_index, drop_index)]
