"""Stored files and attachments."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("platform", "0010_grants"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("size", models.BigIntegerField(verbose_name="size")),
                ("media_type", models.CharField(max_length=100, verbose_name="type")),
                ("stored_at", models.DateTimeField(verbose_name="stored at")),
            ],
            options={
                "verbose_name": "stored file",
                "verbose_name_plural": "stored files",
                "indexes": [models.Index(fields=["stored_at"], name="platform_storedfile_age")],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("record_type", models.CharField(max_length=100, verbose_name="record type")),
                ("record_id", models.BigIntegerField(verbose_name="record")),
                ("name", models.CharField(max_length=255, verbose_name="name")),
                ("added_at", models.DateTimeField(verbose_name="added at")),
                (
                    "added_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="added by",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="platform.storedfile",
                        verbose_name="file",
                    ),
                ),
            ],
            options={
                "verbose_name": "attachment",
                "verbose_name_plural": "attachments",
                "ordering": ["added_at", "id"],
                "indexes": [
                    models.Index(fields=["record_type", "record_id"], name="platform_attachment_record")
                ],
            },
        ),
    ]
