"""Back the database up, then apply the migrations of this version and what every installation needs."""

from __future__ import annotations

import argparse
import sqlite3
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from zhiheng.config.commands.start import pending_migrations, say
from zhiheng.config.defaults import install_defaults
from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.kernel.time import now


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="zhiheng upgrade", description=__doc__)
    parser.add_argument("--no-backup", action="store_true", help="do not copy the database first")
    upgrade(backup=not parser.parse_args(argv).no_backup)
    return 0


def upgrade(*, backup: bool = True) -> None:
    """Bring the database to this version. Raises CannotStart when it cannot be reached."""
    pending = pending_migrations()
    if pending and backup:
        back_up()
    call_command("migrate", interactive=False, verbosity=0)
    with acting(SYSTEM, Cause.SETUP):
        install_defaults()
    say(f"database up to date ({len(pending)} migrations applied)")


def back_up() -> Path | None:
    """Copy an SQLite database into the data directory; for PostgreSQL name what the operator must do."""
    if connection.vendor != "sqlite":
        say("PostgreSQL: make sure that a backup (pg_dump) exists; it is not made here")
        return None
    source = Path(str(connection.settings_dict["NAME"]))
    if not source.exists() or source.stat().st_size == 0:
        return None
    target = Path(settings.HOME) / "backups" / f"{source.stem}-{now():%Y%m%dT%H%M%S}.sqlite3"
    target.parent.mkdir(exist_ok=True)
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
    say(f"backup written: {target}")
    return target
