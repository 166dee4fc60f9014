"""Search documents, with an FTS5 table beside them on SQLite and a generated tsvector on PostgreSQL."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

SQLITE = (
    """create virtual table records_search using fts5(
        head, body, content='records_searchdocument', content_rowid='id', tokenize="unicode61 remove_diacritics 0"
    )""",
    """create trigger records_search_added after insert on records_searchdocument begin
        insert into records_search(rowid, head, body) values (new.id, new.head, new.body);
    end""",
    """create trigger records_search_gone after delete on records_searchdocument begin
        insert into records_search(records_search, rowid, head, body) values ('delete', old.id, old.head, old.body);
    end""",
    """create trigger records_search_changed after update on records_searchdocument begin
        insert into records_search(records_search, rowid, head, body) values ('delete', old.id, old.head, old.body);
        insert into records_search(rowid, head, body) values (new.id, new.head, new.body);
    end""",
)
SQLITE_BACK = (
    "drop trigger records_search_changed",
    "drop trigger records_search_gone",
    "drop trigger records_search_added",
    "drop table records_search",
)
POSTGRESQL = (
    """alter table records_searchdocument add column vector tsvector generated always as (
        setweight(to_tsvector('simple', head), 'A') || setweight(to_tsvector('simple', body), 'D')
    ) stored""",
    "create index records_searchdocument_vector on records_searchdocument using gin (vector)",
)
POSTGRESQL_BACK = (
    "drop index records_searchdocument_vector",
    "alter table records_searchdocument drop column vector",
)


def add_index(_apps: Any, schema_editor: Any) -> None:
    """The index of the engine in use."""
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement, params=None)


def drop_index(_apps: Any, schema_editor: Any) -> None:
    """Take the index away again."""
    for statement in SQLITE_BACK if schema_editor.connection.vendor == "sqlite" else POSTGRESQL_BACK:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("record_type", models.CharField(max_length=100)),
                ("record_id", models.BigIntegerField()),
                ("private", models.BooleanField(default=False)),
                ("head", models.TextField(blank=True)),
                ("body", models.TextField(blank=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("record_type", "record_id", "private"), name="records_searchdocument_once"
                    )
                ],
            },
        ),
        migrations.RunPython(add_index, drop_index),
    ]
