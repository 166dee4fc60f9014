"""Proves on the configured database that migrations are complete and can be undone and done again."""

from __future__ import annotations

import sys

import django
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def own_apps() -> list[str]:
    """Labels of this project's apps that have migrations, highest layer first."""
    labels = [config.label for config in apps.get_app_configs() if config.name.startswith("zhiheng.")]
    migrated = MigrationExecutor(connection).loader.migrated_apps
    return [label for label in reversed(labels) if label in migrated]


def unmigrated_models() -> list[str]:
    """Apps of ours that have models but no migrations."""
    migrated = MigrationExecutor(connection).loader.migrated_apps
    return [
        config.label
        for config in apps.get_app_configs()
        if config.name.startswith("zhiheng.") and any(config.get_models()) and config.label not in migrated
    ]


def foreign_tables() -> set[str]:
    """Tables that belong to an app of ours, or to no app at all, but not to a third party."""
    third_party = {
        model._meta.db_table
        for config in apps.get_app_configs()
        if not config.name.startswith("zhiheng.")
        for model in config.get_models(include_auto_created=True)
    }
    return set(connection.introspection.table_names()) - third_party - {"django_migrations"}


def main() -> int:
    """Check, build a database, take it down to nothing, build it again; 0 when all went well."""
    django.setup()
    missing = unmigrated_models()
    if missing:
        sys.stderr.write(f"no migrations at all in: {', '.join(missing)}\n")
        return 1
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    before = str(connection.settings_dict["NAME"])
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        for label in own_apps():
            call_command("migrate", label, "zero", verbosity=0)
        left = foreign_tables()
        if left:
            sys.stderr.write(f"tables left behind by undoing every migration: {', '.join(sorted(left))}\n")
            return 1
        call_command("migrate", verbosity=0)
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)
    sys.stdout.write(f"complete and reversible on {connection.vendor}: {', '.join(reversed(own_apps()))}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
