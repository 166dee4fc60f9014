"""The part of `zhiheng journal` that moves old entries into files and back, and says how far it has come."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta

from django.db import OperationalError

from zhiheng.config.commands.parsers import Subcommands, add_command, whole_number
from zhiheng.config.commands.start import CannotStart, say
from zhiheng.config.texts import text
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
MOST_DAYS = 36_500


def refuse_missing_archive() -> None:
    """Raises CannotStart when a file of archived entries is not there: timelines would lack entries and not say so."""
    missing = missing_files()
    if missing:
        raise CannotStart(text("archive_missing", count=len(missing), folder=folder(), first=missing[0]))


def add_commands(commands: Subcommands) -> None:
    """The subcommands `archive`, `unarchive` and `status`."""
    archiving = add_command(commands, "archive")
    age = archiving.add_mutually_exclusive_group()
    days, older = whole_number(0, MOST_DAYS), text("help_older_than")
    age.add_argument("--older-than", type=days, default=TWO_YEARS_DAYS, metavar="DAYS", help=older)
    age.add_argument("--to", metavar="DATE", help=text("help_archive_to"))
    archiving.add_argument("--dry-run", action="store_true", help=text("help_dry_run"))
    returning = add_command(commands, "unarchive")
    returning.add_argument("--from", dest="since", metavar="DATE", help=text("help_unarchive_from"))
    add_command(commands, "status")


def archive(options: argparse.Namespace) -> int:
    """Archive, or say what could be. Raises CannotStart when it broke off."""
    before = _day(options.to, "--to") if options.to else now() - timedelta(days=options.older_than)
    if options.dry_run:
        plan = plan_archive(before=before)
        say(text("archive_planned", entries=plan.entries, files=len(plan.files)))
        _say_stops(plan)
        return 0
    held = database_bytes()
    try:
        done = archive_journal(before=before, tell=_tell)
    except (DomainError, OperationalError) as error:
        raise CannotStart(text("archive_broke_off", reason=str(error).strip())) from error
    say(text("archived", entries=done.entries, files=len(done.files), folder=folder()))
    if done.files:
        say(text("archived_size", text=done.text_bytes / 1e6, files=done.file_bytes / 1e6))
        say(text("archived_database", now=database_bytes() / 1e6, before=held / 1e6))
    _say_stops(done.plan)
    return 0


def _say_stops(plan: Plan) -> None:
    for stop in plan.stops:
        say(text("archive_stop", reason=stop.text))


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
        raise CannotStart(text("unarchive_broke_off", reason=str(error).strip())) from error
    say(text("unarchived", entries=done.entries, files=len(done.files)))
    return 0


def status() -> int:
    """Say how far the journal is sealed and archived."""
    say(text("journal_status", last=journal_head(), sealed=sealed_to()))
    held = archive_state()
    if held is None:
        say(text("nothing_archived"))
        return 0
    say(
        text(
            "archived_to",
            last=held.last_entry,
            entries=held.entries,
            since=f"{held.since:%Y-%m-%d}",
            until=f"{held.until:%Y-%m-%d}",
            files=held.files,
            megabytes=held.size / 1e6,
            folder=folder(),
        )
    )
    return 0


def _day(given: str, option: str) -> datetime:
    try:
        return datetime.strptime(given, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise CannotStart(text("day_wrong", option=option, value=given)) from None
