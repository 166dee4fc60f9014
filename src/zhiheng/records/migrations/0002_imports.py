"""Import runs and their rows."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0001_search"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("record_type", models.CharField(max_length=100)),
                ("started_by_kind", models.CharField(max_length=12)),
                ("started_by_id", models.BigIntegerField(null=True)),
                ("started_at", models.DateTimeField()),
                ("file_name", models.CharField(max_length=255)),
                ("sha256", models.CharField(max_length=64)),
                ("correlation", models.UUIDField(unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "uploaded"),
                            ("staging", "being checked"),
                            ("staged", "checked"),
                            ("applying", "being applied"),
                            ("applied", "applied"),
                            ("undoing", "being undone"),
                            ("undone", "undone"),
                        ],
                        default="uploaded",
                        max_length=10,
                    ),
                ),
                ("heads", models.JSONField(default=list)),
                ("mapping", models.JSONField(default=dict)),
                ("problem", models.TextField(blank=True)),
                ("job_id", models.BigIntegerField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["record_type", "-id"], name="records_importrun_type")],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("line", models.PositiveIntegerField()),
                ("cells", models.JSONField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("add", "adds"),
                            ("change", "changes"),
                            ("same", "is the same"),
                            ("bad", "cannot be used"),
                        ],
                        max_length=6,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("changes", models.JSONField(default=dict)),
                ("record_id", models.BigIntegerField(null=True)),
                ("applied", models.BooleanField(default=False)),
                ("undone", models.BooleanField(default=False)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="records.importrun",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["run", "outcome", "line"], name="records_importrow_outcome")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("run", "line"), name="records_importrow_line")
                ],
            },
        ),
    ]
