"""People from the command line: the first administrators, and a way back for who is locked out."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from zhiheng.accounts.models import Person
from zhiheng.accounts.queries import account_named, known_roles, role_named, roles_given
from zhiheng.accounts.services import (
    create_person,
    give_role,
    reactivate_person,
    reset_second_factor,
    set_password,
)
from zhiheng.config.commands.parsers import parser_of
from zhiheng.config.commands.start import CannotStart, refuse_unless_upgraded, say
from zhiheng.config.texts import text
from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.kernel.errors import DomainError
from zhiheng.platform.models import Role

STANDARD_INPUT = "-"


def main(argv: list[str]) -> int:
    parser = parser_of("person")
    parser.add_argument("username", metavar="USERNAME", help=text("help_username"))
    parser.add_argument("--role", action="append", default=[], help=text("help_role"))
    parser.add_argument("--name", default="", help=text("help_name"))
    parser.add_argument("--email", default="", help=text("help_email"))
    parser.add_argument("--password-file", metavar="FILE", help=text("help_password_file"))
    parser.add_argument("--new-password", action="store_true", help=text("help_new_password"))
    parser.add_argument("--no-second-factor", action="store_true", help=text("help_no_second_factor"))
    parser.add_argument("--reactivate", action="store_true", help=text("help_reactivate"))
    options = parser.parse_args(argv)
    refuse_unless_upgraded()
    roles = [_role(slug) for slug in options.role]
    person = account_named(options.username)
    wants_password = person is None or options.new_password or options.password_file
    password = _password(options.password_file) if wants_password else None
    try:
        with acting(SYSTEM, Cause.COMMAND), transaction.atomic():
            made = _apply(person, roles, password, options)
    except (DomainError, ValidationError) as error:
        reason = str(error) if isinstance(error, DomainError) else " ".join(error.messages)
        raise CannotStart(reason) from error
    names = ", ".join(roles_given(made)) or "—"
    say(text("person_added" if person is None else "person_changed", username=made.username, roles=names))
    if not made.is_active:
        say(text("person_inactive", username=made.username))
    return 0


def _apply(
    person: Person | None, roles: list[Role], password: str | None, options: argparse.Namespace
) -> Person:
    if person is None:
        made = create_person(
            username=options.username,
            name=options.name or options.username,
            password=password,
            email=options.email,
        )
    else:
        made = _changed(person, password, options)
    for role in roles:
        give_role(person=made, role=role)
    return made


def _changed(person: Person, password: str | None, options: argparse.Namespace) -> Person:
    """An account that was there before, changed as far as the options say."""
    for field in ("name", "email"):
        if getattr(options, field):
            setattr(person, field, getattr(options, field))
    if options.name or options.email:
        person.full_clean(exclude=["password"])
        person.save()
    if password is not None:
        set_password(person=person, password=password)
    if options.no_second_factor:
        reset_second_factor(person=person)
    if options.reactivate:
        reactivate_person(person=person)
    return person


def _role(slug: str) -> Role:
    role = role_named(slug)
    if role is None:
        raise CannotStart(text("role_unknown", slug=slug, known=", ".join(known_roles())))
    return role


def _password(source: str | None) -> str:
    """The password: the first line of a file or of standard input, else asked for twice at the terminal."""
    if source is not None:
        try:
            given = sys.stdin.readline() if source == STANDARD_INPUT else _first_line(Path(source))
        except (OSError, UnicodeDecodeError) as error:
            raise CannotStart(
                text("password_unreadable", path=source, reason=getattr(error, "strerror", None) or error)
            ) from error
        password = given.rstrip("\r\n")
        if not password:
            raise CannotStart(text("password_empty", path=source))
        return password
    if not sys.stdin.isatty():
        raise CannotStart(text("password_needed"))
    password = getpass.getpass(text("password_ask"))
    if getpass.getpass(text("password_again")) != password:
        raise CannotStart(text("passwords_differ"))
    return password


def _first_line(path: Path) -> str:
    with path.open(encoding="utf-8") as file:
        return file.readline()
