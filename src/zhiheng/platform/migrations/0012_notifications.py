"""Notifications, preferences and watches."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("platform", "0011_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Notification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("entry_id", models.BigIntegerField(verbose_name="entry")),
                ("act", models.CharField(max_length=100, verbose_name="act")),
                ("record_type", models.CharField(max_length=100, verbose_name="record type")),
                ("record_id", models.BigIntegerField(verbose_name="record")),
                ("title", models.CharField(max_length=300, verbose_name="title")),
                ("actor_name", models.CharField(blank=True, max_length=150, verbose_name="by")),
                ("in_app", models.BooleanField(default=True, verbose_name="in the inbox")),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                ("read_at", models.DateTimeField(null=True, verbose_name="read at")),
                ("mailed_at", models.DateTimeField(null=True, verbose_name="mailed at")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "notification",
                "verbose_name_plural": "notifications",
                "indexes": [
                    models.Index(fields=["person", "-id"], name="platform_notification_inbox"),
                    models.Index(
                        condition=models.Q(("in_app", True), ("read_at", None)),
                        fields=["person"],
                        name="platform_notification_unread",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "entry_id"), name="platform_notification_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="NotificationPreference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("acts", models.CharField(max_length=100, verbose_name="acts")),
                ("in_app", models.BooleanField(default=True, verbose_name="in the inbox")),
                ("by_mail", models.BooleanField(default=True, verbose_name="by e-mail")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notification_preferences",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "notification preference",
                "verbose_name_plural": "notification preferences",
                "ordering": ["acts"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "acts"), name="platform_notificationpreference_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Watch",
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="watches",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "watch",
                "verbose_name_plural": "watches",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("record_type", "record_id", "person"), name="platform_watch_once"
                    )
                ],
            },
        ),
    ]
