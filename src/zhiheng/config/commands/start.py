"""What every platform command does first: load Django and stop with a readable message when it cannot."""

from __future__ import annotations

import os
import sys

import django
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError
from django.utils import translation

from zhiheng.analyze.wording import preferred_language
from zhiheng.config.environment import ConfigurationError
from zhiheng.config.texts import text
from zhiheng.platform.backup.target import unfinished_restore

DJANGO_LANGUAGES = {"zh": "zh-hans", "en": "en"}


class CannotStart(Exception):  # noqa: N818 - read as a statement
    """The command cannot run; the message says what is wrong and what to do."""


def say(line: str) -> None:
    """One line to the person at the terminal."""
    print(line, flush=True)  # noqa: T201


def fail(message: object) -> int:
    print(f"zhiheng: {message}", file=sys.stderr, flush=True)  # noqa: T201
    return 1


def load_django() -> None:
    """Raises CannotStart when a setting is missing or wrong."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhiheng.config.settings")
    try:
        django.setup()
    except ConfigurationError as error:
        raise CannotStart(str(error)) from error
    # Texts of the apps come in the language of the terminal too; requests and jobs have their own threads.
    translation.activate(DJANGO_LANGUAGES[preferred_language()])


def pending_migrations() -> list[str]:
    """Names of migrations that the database lacks. Raises CannotStart when it cannot be reached."""
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        raise CannotStart(text("database_unreachable", reason=str(error).strip())) from error
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def refuse_unless_upgraded() -> None:
    """Raises CannotStart when migrations are unapplied: a web or worker on an old schema would lose data."""
    pending = pending_migrations()
    refuse_unfinished_restore()
    if pending:
        raise CannotStart(text("database_older", pending=len(pending)))


def refuse_unfinished_restore() -> None:
    """Raises CannotStart when a restore broke off: part of the rows are missing, and nothing may build on the rest."""
    told = unfinished_restore()
    if told is not None:
        raise CannotStart(text("restore_unfinished", told=told))
