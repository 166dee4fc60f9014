"""One dump of this installation: tables, files and signed heads, also while it runs. Fits SQLite and PostgreSQL."""

from __future__ import annotations

import sys
from pathlib import Path

from django.conf import settings

from zhiheng.config.commands.parsers import parser_of
from zhiheng.config.commands.start import (
    CannotStart,
    fail,
    pending_migrations,
    refuse_unfinished_restore,
    say,
)
from zhiheng.config.texts import text
from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.kernel.time import now
from zhiheng.platform.backup.acts import BACKED_UP
from zhiheng.platform.backup.dump import Dumped, write_dump
from zhiheng.platform.backup.errors import BackupError
from zhiheng.platform.journal import act


def main(argv: list[str]) -> int:
    parser = parser_of("backup")
    parser.add_argument("--to", type=Path, metavar="FILE", help=text("help_backup_to"))
    options = parser.parse_args(argv)
    old_schema = bool(pending_migrations())
    refuse_unfinished_restore()
    done = back_up(options.to)
    if not old_schema:
        # Everything left the platform at once: the journal says so, as of any export.
        with (
            acting(SYSTEM, Cause.COMMAND),
            act(BACKED_UP, record=None, data={"rows": done.rows, "files": done.files}),
        ):
            pass
    if done.missing_files:
        return fail(text("backup_lacks_files", count=len(done.missing_files), first=done.missing_files[0]))
    return 0


def default_target() -> Path:
    """Where a backup goes that nobody gave a name."""
    return Path(settings.HOME) / "backups" / f"zhiheng-{now():%Y%m%dT%H%M%S}.zip"


def back_up(target: Path | None = None) -> Dumped:
    """Write a dump and say where it is. Raises CannotStart when it cannot be written."""
    try:
        done = write_dump(
            (target or default_target()).absolute(), tell=say if sys.stdout.isatty() else _silent
        )
    except BackupError as error:
        raise CannotStart(str(error)) from error
    say(text("backup_written", path=done.path, rows=done.rows, files=done.files, megabytes=done.size / 1e6))
    return done


def _silent(_line: str) -> None:
    """Nobody watches the progress of a job of the night."""
