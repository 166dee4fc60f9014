"""Roles, grants, assignments and concerned persons."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("platform", "0002_jobs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Role",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=60, unique=True, verbose_name="identifier")),
                ("name", models.JSONField(default=dict, verbose_name="name")),
                ("description", models.JSONField(blank=True, default=dict, verbose_name="description")),
                (
                    "administrative",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "none"),
                            ("system", "system administration"),
                            ("security", "security administration"),
                            ("audit", "audit administration"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="administrative",
                    ),
                ),
                (
                    "held_by_everyone",
                    models.BooleanField(
                        default=False,
                        help_text="Every active person holds it without an assignment.",
                        verbose_name="held by everyone",
                    ),
                ),
            ],
            options={
                "verbose_name": "role",
                "verbose_name_plural": "roles",
                "ordering": ["slug"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("administrative__in", ["", "system", "security", "audit"])),
                        name="platform_role_administrative_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("administrative", ""), ("held_by_everyone", False), _connector="OR"
                        ),
                        name="platform_role_administrative_not_everyone",
                        violation_error_message="An administrative role cannot be held by everyone.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("permission", models.CharField(max_length=150, verbose_name="permission")),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("own", "own"),
                            ("team", "team"),
                            ("organisation", "organisation"),
                            ("service", "service"),
                            ("contract", "contract"),
                            ("all", "all"),
                        ],
                        default="own",
                        max_length=12,
                        verbose_name="scope",
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to="platform.role",
                        verbose_name="role",
                    ),
                ),
            ],
            options={
                "verbose_name": "grant",
                "verbose_name_plural": "grants",
                "ordering": ["role", "permission", "scope"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("role", "permission", "scope"), name="platform_grant_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("scope__in", ["own", "team", "organisation", "service", "contract", "all"])
                        ),
                        name="platform_grant_scope_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RoleAssignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "administrative",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "none"),
                            ("system", "system administration"),
                            ("security", "security administration"),
                            ("audit", "audit administration"),
                        ],
                        default="",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("valid_from", models.DateTimeField(blank=True, null=True, verbose_name="valid from")),
                ("valid_until", models.DateTimeField(blank=True, null=True, verbose_name="valid until")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="role_assignments",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="platform.role",
                        verbose_name="role",
                    ),
                ),
            ],
            options={
                "verbose_name": "role assignment",
                "verbose_name_plural": "role assignments",
                "ordering": ["person", "role"],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "role"), name="platform_roleassignment_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("administrative", ""), _negated=True),
                        fields=("person",),
                        name="platform_roleassignment_one_administrative",
                        violation_error_message="A person may hold only one of the three administrative roles.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from", None),
                            ("valid_until", None),
                            ("valid_from__lt", models.F("valid_until")),
                            _connector="OR",
                        ),
                        name="platform_roleassignment_period",
                        violation_error_message="The end lies before the start.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConcernedPerson",
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
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "concerned person",
                "verbose_name_plural": "concerned persons",
                "indexes": [
                    models.Index(fields=["record_type", "record_id"], name="platform_concerned_record")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "record_type", "record_id"), name="platform_concernedperson_once"
                    )
                ],
            },
        ),
    ]
