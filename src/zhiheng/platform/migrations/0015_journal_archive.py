"""The archive of the journal: its files, and where in them the entries of records and operations lie."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("platform", "0014_entry_recorded_at"),
    ]

    operations = [
        migrations.CreateModel(
            name="ArchiveFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_entry", models.BigIntegerField(verbose_name="first entry")),
                ("last_entry", models.BigIntegerField(unique=True, verbose_name="last entry")),
                ("entries", models.PositiveIntegerField(verbose_name="entries")),
                ("recorded_from", models.DateTimeField(verbose_name="recorded from")),
                ("recorded_to", models.DateTimeField(verbose_name="recorded to")),
                ("name", models.CharField(max_length=100, unique=True, verbose_name="file name")),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.BigIntegerField(verbose_name="bytes")),
                ("blocks", models.JSONField()),
                ("contents", models.JSONField()),
                ("live", models.BooleanField(default=False, verbose_name="in use")),
                ("archived_at", models.DateTimeField(verbose_name="archived at")),
            ],
            options={
                "verbose_name": "archive file",
                "verbose_name_plural": "archive files",
            },
        ),
        migrations.CreateModel(
            name="ArchiveKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.BigIntegerField()),
                ("block", models.PositiveSmallIntegerField()),
                (
                    "file",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="platform.archivefile",
                    ),
                ),
            ],
            options={
                "verbose_name": "place in the archive",
                "verbose_name_plural": "places in the archive",
                "indexes": [models.Index(fields=["key"], name="archive_key")],
            },
        ),
    ]
