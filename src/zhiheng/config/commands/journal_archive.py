"""The part of `zhiheng journal` that moves old entries into files and back, and says how far it has come."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta

from django.db import OperationalError

from zhiheng.config.commands.start import CannotStart, say
from zhiheng.kernel.errors import DomainError
from zhiheng.kernel.time import now
from zhiheng.platform.journal.archive.archiving import archive_journal, database_bytes
from zhiheng.platform.journal.archive.checking import missing_files
from zhiheng.platform.journal.archive.place import folder
from zhiheng.platform.journal.archive.planning import Plan, plan_archive
from zhiheng.platform.journal.archive.reading import archive_state
from zhiheng.platform.journal.archive.unarchiving import unarchive_journal
from zhiheng.platform.journal.cursors import journal_head
from zhiheng.platform.journal.sealing import sealed_to

TWO_YEARS_DAYS = 730


def refuse_missing_archive() -> None:
    """Raises CannotStart when a file of archived entries is not there: timelines would lack entries and not say so."""
    missing = missing_files()
    if missing:
        raise CannotStart(
            f"{len(missing)} files of the journal's archive are missing or cut short in {folder()}; the first is"
            f" {missing[0]}. Is the disk mounted? Put them back from a backup, then run: zhiheng journal verify"
        )


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The subcommands `archive`, `unarchive` and `status`."""
    archiving = commands.add_parser("archive", help="move the oldest sealed entries into compressed files")
    age = archiving.add_mutually_exclusive_group()
    age.add_argument(
        "--older-than", type=int, default=TWO_YEARS_DAYS, metavar="DAYS", help="default: 730, two years"
    )
    age.add_argument(
        "--to", metavar="DATE", help="only entries recorded before this day (UTC), as 2024-12-31"
    )
    archiving.add_argument(
        "--dry-run", action="store_true", help="only say what would be done and what stops it"
    )
    returning = commands.add_parser("unarchive", help="bring archived entries back into the database")
    returning.add_argument(
        "--from",
        dest="since",
        metavar="DATE",
        help="only files with entries recorded on this day (UTC) or later",
    )
    commands.add_parser("status", help="how far the journal is sealed and archived")


def archive(options: argparse.Namespace) -> int:
    """Archive, or say what could be. Raises CannotStart when it broke off."""
    if options.older_than < 0:
        raise CannotStart("--older-than is a number of days, 0 or more.")
    before = _day(options.to, "--to") if options.to else now() - timedelta(days=options.older_than)
    if options.dry_run:
        plan = plan_archive(before=before)
        say(f"{plan.entries:,} entries would be archived in {len(plan.files)} files")
        _say_stops(plan)
        return 0
    held = database_bytes()
    try:
        done = archive_journal(before=before, tell=_tell)
    except (DomainError, OperationalError) as error:
        raise CannotStart(f"{str(error).strip()} What was archived before stays archived.") from error
    say(f"{done.entries:,} entries archived in {len(done.files)} files in {folder()}")
    if done.files:
        say(f"{done.text_bytes / 1e6:,.1f} MB as text, {done.file_bytes / 1e6:,.1f} MB in files;")
        say(f"the database holds {database_bytes() / 1e6:,.1f} MB, before {held / 1e6:,.1f} MB")
    _say_stops(done.plan)
    return 0


def _say_stops(plan: Plan) -> None:
    for stop in plan.stops:
        say(f"more is not possible: {stop.text}")


def _tell(line: str) -> None:
    """Files that are done; what is said of their steps is for nobody at the terminal."""
    if line.startswith(" "):
        say(line)


def unarchive(options: argparse.Namespace) -> int:
    """Bring entries back. Raises CannotStart when it broke off."""
    since = _day(options.since, "--from") if options.since else None
    try:
        done = unarchive_journal(since=since, tell=_tell)
    except (DomainError, OperationalError) as error:
        raise CannotStart(
            f"{str(error).strip()} What was brought back before stays in the database."
        ) from error
    say(f"{done.entries:,} entries of {len(done.files)} files are in the database again")
    return 0


def status() -> int:
    """Say how far the journal is sealed and archived."""
    say(f"the last entry is {journal_head()}; sealed up to entry {sealed_to()}")
    held = archive_state()
    if held is None:
        say("nothing is archived")
        return 0
    say(
        f"archived up to entry {held.last_entry}: {held.entries:,} entries, recorded from {held.since:%Y-%m-%d}"
        f" to {held.until:%Y-%m-%d}, in {held.files} files of {held.size / 1e6:,.1f} MB in {folder()}"
    )
    return 0


def _day(text: str, option: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise CannotStart(f"{option} takes a day such as 2024-12-31, not {text!r}.") from None
