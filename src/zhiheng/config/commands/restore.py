"""Restore a dump of `zhiheng backup` into an empty database, of the same engine or of the other one."""

from __future__ import annotations

import argparse
from pathlib import Path

from zhiheng.config.commands.start import CannotStart, say
from zhiheng.config.commands.upgrade import upgrade
from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.platform.backup.acts import RESTORED
from zhiheng.platform.backup.errors import BackupError
from zhiheng.platform.backup.restore import Restored, restore_dump
from zhiheng.platform.journal import act


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="zhiheng restore", description=__doc__)
    parser.add_argument("file", type=Path, help="the dump")
    options = parser.parse_args(argv)
    try:
        done = restore_dump(options.file, tell=say)
    except BackupError as error:
        raise CannotStart(str(error)) from error
    made = {
        "made_at": done.manifest.made_at,
        "engine": done.manifest.engine,
        "product": done.manifest.product,
    }
    with (
        acting(SYSTEM, Cause.COMMAND),
        act(RESTORED, record=None, data=made | {"entry": done.manifest.journal.last_entry}),
    ):
        pass
    upgrade(backup=False)
    return report(done)


def report(done: Restored) -> int:
    """Say what was restored and what needs a person. 1 if the journal does not verify."""
    say(
        f"{done.rows:,} rows and {done.files:,} files of {done.manifest.made_at} restored from {done.manifest.engine}"
    )
    if done.manifest.missing_files:
        say(f"{len(done.manifest.missing_files)} files were gone already when the backup was made")
    if done.other_secret_key:
        say(
            "this installation has another secret key than the one backed up: second factors cannot be read, and people"
            " must set them up again, unless you put the old key back (secret_key in the home folder,"
            " or ZHIHENG_SECRET_KEY)"
        )
    for problem in done.journal.problems:
        say(f"{problem.kind}: {problem.text}")
    say(
        f"journal: {done.journal.entries:,} entries under {done.journal.seals:,} seals, {done.journal.anchors:,} signed"
        f" heads; " + ("nothing is wrong" if done.journal.ok else f"{len(done.journal.problems)} problems")
    )
    return 0 if done.journal.ok else 1
