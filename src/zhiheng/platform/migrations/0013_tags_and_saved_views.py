"""Tags and saved views."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("platform", "0012_notifications"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Tag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=50, unique=True, verbose_name="name")),
                ("colour", models.CharField(blank=True, max_length=20, verbose_name="colour")),
            ],
            options={
                "verbose_name": "tag",
                "verbose_name_plural": "tags",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="TagLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("record_type", models.CharField(max_length=100, verbose_name="record type")),
                ("record_id", models.BigIntegerField(verbose_name="record")),
                (
                    "tag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="platform.tag",
                        verbose_name="tag",
                    ),
                ),
            ],
            options={
                "verbose_name": "tag on a record",
                "verbose_name_plural": "tags on records",
                "indexes": [
                    models.Index(fields=["tag", "record_type", "record_id"], name="platform_taglink_tag")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("record_type", "record_id", "tag"), name="platform_taglink_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("record_type", models.CharField(max_length=100, verbose_name="record type")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("query", models.TextField(blank=True, verbose_name="query")),
                ("columns", models.JSONField(blank=True, default=list, verbose_name="columns")),
                (
                    "audience",
                    models.CharField(
                        choices=[("person", "only me"), ("team", "a team"), ("all", "everyone")],
                        default="person",
                        max_length=10,
                        verbose_name="for",
                    ),
                ),
                ("team_id", models.BigIntegerField(blank=True, null=True, verbose_name="team")),
                ("position", models.PositiveIntegerField(default=0, verbose_name="position")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "verbose_name": "saved view",
                "verbose_name_plural": "saved views",
                "ordering": ["position", "name", "id"],
                "indexes": [models.Index(fields=["record_type", "audience"], name="platform_savedview_type")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "record_type", "name"), name="platform_savedview_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("audience", "team"), ("team_id__isnull", False)),
                            models.Q(
                                models.Q(("audience", "team"), _negated=True),
                                ("audience__in", ["person", "team", "all"]),
                                ("team_id__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="platform_savedview_team",
                    ),
                ],
            },
        ),
    ]
