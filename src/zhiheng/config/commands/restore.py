"""Restore a dump of `zhiheng backup` into an empty database, of the same engine or of the other one."""

from __future__ import annotations

from pathlib import Path

from zhiheng.config.commands.journal import say_problems
from zhiheng.config.commands.parsers import parser_of
from zhiheng.config.commands.start import CannotStart, say
from zhiheng.config.commands.upgrade import upgrade
from zhiheng.config.texts import text
from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.platform.backup.acts import RESTORED
from zhiheng.platform.backup.errors import BackupError
from zhiheng.platform.backup.restore import Restored, restore_dump
from zhiheng.platform.journal import act


def main(argv: list[str]) -> int:
    parser = parser_of("restore")
    parser.add_argument("file", type=Path, help=text("help_restore_file"))
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
    held, found = done.manifest, done.journal
    say(text("restored", rows=done.rows, files=done.files, made_at=held.made_at, engine=held.engine))
    if held.missing_files:
        say(text("restored_lacks_files", count=len(held.missing_files)))
    if done.other_secret_key:
        say(text("other_secret_key"))
    outcome = say_problems(found)
    say(
        text(
            "journal_verified",
            entries=found.entries,
            seals=found.seals,
            anchors=found.anchors,
            outcome=outcome,
        )
    )
    return 0 if found.ok else 1
