"""One dump of this installation: tables, files and signed heads, also while it runs. Fits SQLite and PostgreSQL."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from django.conf import settings

from zhiheng.config.commands.start import (
    CannotStart,
    fail,
    pending_migrations,
    refuse_unfinished_restore,
    say,
)
from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.kernel.time import now
from zhiheng.platform.backup.acts import BACKED_UP
from zhiheng.platform.backup.dump import Dumped, write_dump
from zhiheng.platform.backup.errors import BackupError
from zhiheng.platform.journal import act


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="zhiheng backup", description=__doc__)
    parser.add_argument(
        "--to", type=Path, metavar="FILE", help="default: backups/ in the home folder, named by the time"
    )
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
        return fail(
            f"the backup is whole but for {len(done.missing_files)} stored files that are gone from the disk;"
            f" the first is {done.missing_files[0]}"
        )
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
    say(f"backup written: {done.path} ({done.rows:,} rows, {done.files:,} files, {done.size / 1e6:,.1f} MB)")
    return done


def _silent(_line: str) -> None:
    """Nobody watches the progress of a job of the night."""
