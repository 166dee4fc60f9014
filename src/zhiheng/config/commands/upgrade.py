"""Back the database up, then apply the migrations of this version and what every installation needs."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from zhiheng.accounts.queries import anybody_can_sign_in
from zhiheng.config.commands.backup import back_up
from zhiheng.config.commands.parsers import parser_of
from zhiheng.config.commands.start import pending_migrations, refuse_unfinished_restore, say
from zhiheng.config.defaults import install_defaults
from zhiheng.config.texts import text
from zhiheng.kernel.actor import SYSTEM, Cause, acting


def main(argv: list[str]) -> int:
    parser = parser_of("upgrade")
    parser.add_argument("--no-backup", action="store_true", help=text("help_no_backup"))
    upgrade(backup=not parser.parse_args(argv).no_backup)
    if not anybody_can_sign_in():
        say(text("nobody_yet"))
    return 0


def upgrade(*, backup: bool = True) -> None:
    """Bring the database to this version. Raises CannotStart when it cannot be reached."""
    pending = pending_migrations()
    refuse_unfinished_restore()
    if pending and backup and MigrationRecorder(connection).applied_migrations():
        back_up()
    call_command("migrate", interactive=False, verbosity=0)
    with acting(SYSTEM, Cause.SETUP):
        install_defaults()
    say(text("database_up_to_date", applied=len(pending)))
