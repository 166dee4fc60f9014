"""Tickets with their clocks, entries, messages and search documents, written by SQL inside the engine.

One in ten tickets is open; six entries, two messages and two clocks each. All values follow from the ticket's number,
so that both engines hold the same rows.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Model

from bench.platform.vocabulary import CATEGORIES, GREETING, ORGANISATIONS, PEOPLE, SERVICES, TEAMS, TITLES
from zhiheng.accounts.models import Organisation, Person, Team
from zhiheng.agreements.models import Commitment
from zhiheng.calendars.models import CalendarVersion
from zhiheng.catalog.models import Service
from zhiheng.desk.models import Message, Ticket, TicketClock
from zhiheng.platform.models import Entry
from zhiheng.processes.models import Kind, ProcessVersion
from zhiheng.records.models import SearchDocument
from zhiheng.records.search.tokens import indexed

MODELS: tuple[type[Model], ...] = (Ticket, TicketClock, Message, Entry, SearchDocument)
TABLES = tuple(model._meta.db_table for model in MODELS)
YEARS = 2
STEPS = (
    ("", "new"), ("new", "assigned"), ("assigned", "in_progress"), ("in_progress", "waiting_customer"),
    ("waiting_customer", "in_progress"), ("in_progress", "solved"),
)  # fmt: skip
CATEGORY_OF = {
    "": "", "new": "new", "assigned": "open", "in_progress": "open", "waiting_customer": "waiting-customer",
    "solved": "solved",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dialect:
    """What the two engines write differently."""

    count: int
    sqlite: bool

    @property
    def numbers(self) -> str:
        """A table with the column `i` of 1 … count."""
        if self.sqlite:
            return (
                "(with recursive n(i) as (select 1 union all select i + 1 from n "  # noqa: S608 - a number
                f"where i < {self.count}) select i from n) as s"
            )
        return f"(select i from generate_series(1, {self.count}) as g(i)) as s"  # noqa: S608 - a number

    def at(self, seconds: int = 0) -> str:
        """When ticket `i` was received, and some seconds later; the newest now, the oldest two years ago."""
        step = YEARS * 365 * 86_400 / self.count
        if self.sqlite:
            return (
                f"strftime('%Y-%m-%d %H:%M:%f', 'now', '-' || cast(({self.count} - i) * {step} as integer) "
                f"|| ' seconds', '+{seconds} seconds')"
            )
        return (
            f"date_trunc('second', now()) - (({self.count} - i) * {step} - {seconds}) * interval '1 second'"
        )

    @property
    def is_open(self) -> str:
        """The newest fortieth, and one in thirteen of the others: a tenth of all."""
        return f"(i > {self.count} - {self.count // 40} or i % 13 = 0)"

    @property
    def false(self) -> str:
        return "0" if self.sqlite else "false"

    @property
    def title(self) -> str:
        """Joins the title of ticket `i`. The product stays within 32 bits."""
        return f"vocabulary on v = ((i % {len(TITLES)}) * 7919) % {len(TITLES)}"


def fill(count: int) -> None:
    """Write everything, a transaction per table."""
    dialect = Dialect(count, connection.vendor == "sqlite")
    with connection.cursor() as cursor:
        cursor.execute("create temporary table vocabulary (v integer primary key, title text, tokens text)")
        words = [(number, title, indexed(title)) for number, title in enumerate(TITLES)]
        cursor.executemany("insert into vocabulary values (%s, %s, %s)", words)
        indexes = taken_away(cursor)
        hurry(cursor, sqlite=dialect.sqlite)
    for work in (tickets, clocks, entries, messages, documents):
        started = time.perf_counter()
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in work(dialect):
                cursor.execute(statement)
        sys.stderr.write(f"{work.__name__}: {time.perf_counter() - started:.0f} s\n")
    started = time.perf_counter()
    with connection.cursor() as cursor:
        for definition in indexes:
            cursor.execute(definition)
        if not dialect.sqlite:
            for table in TABLES:
                cursor.execute(
                    f"select setval(pg_get_serial_sequence('{table}', 'id'), (select max(id) from {table}))"  # noqa: S608
                )
        cursor.execute("analyze")
    sys.stderr.write(f"indexes: {time.perf_counter() - started:.0f} s\n")


def taken_away(cursor: CursorWrapper) -> list[str]:
    """Drop the indexes of the filled tables that no constraint needs; answers what brings them back."""
    held = (
        "select name, tbl_name, sql from sqlite_master where type = 'index' and sql is not null"
        if connection.vendor == "sqlite"
        else "select indexname, tablename, indexdef from pg_indexes "
        "where indexname not in (select conname from pg_constraint)"
    )
    cursor.execute(held)
    found = [(name, definition) for name, table, definition in cursor.fetchall() if table in TABLES]
    for name, _definition in found:
        cursor.execute(f'drop index "{name}"')
    return [definition for _name, definition in found]


def missing_indexes() -> list[str]:
    """Declared indexes that are not there: they come back last, so one is missing while filling has not ended."""
    missing: list[str] = []
    with connection.cursor() as cursor:
        for model in MODELS:
            held = connection.introspection.get_constraints(cursor, model._meta.db_table)
            missing += [index.name for index in model._meta.indexes if index.name not in held]
    return missing


def hurry(cursor: CursorWrapper, *, sqlite: bool) -> None:
    """Trade safety for speed while the database is filled: what breaks here is made anew."""
    if sqlite:
        for pragma in ("cache_size = -1000000", "synchronous = off", "foreign_keys = off"):
            cursor.execute(f"pragma {pragma}")
        return
    cursor.execute("set synchronous_commit = off; set maintenance_work_mem = '512MB'")
    cursor.execute("select rolsuper from pg_roles where rolname = current_user")
    if cursor.fetchone()[0]:
        cursor.execute("set session_replication_role = replica")  # foreign keys follow from the numbers


def first(model: type[Model]) -> int:
    """The first primary key; the rows of `generate` follow it without a gap."""
    return int(model._base_manager.order_by("pk").values_list("pk", flat=True)[0])


def inserted(model: type[Model], values: Mapping[str, str], source: str) -> str:
    """An insert of these columns; others become null, or empty where they may not be null."""
    columns = model._meta.concrete_fields
    unknown = values.keys() - {field.column for field in columns}
    if unknown:
        raise ValueError(f"{model._meta.label} has no column {', '.join(sorted(unknown))}")
    kept = [field for field in columns if field.column in values or not field.primary_key]
    chosen = [values.get(field.column, "null" if field.null else "''") for field in kept]
    names = ", ".join(field.column for field in kept)
    return f"insert into {model._meta.db_table} ({names}) select {', '.join(chosen)} from {source}"  # noqa: S608


def tickets(dialect: Dialect) -> list[str]:
    """The tickets."""
    is_open, at, false = dialect.is_open, dialect.at, dialect.false
    few = Person.objects.get(username="few").pk
    person = first(Person)

    def unless_open(value: str) -> str:
        return f"case when {is_open} then null else {value} end"

    values = {
        "id": "i", "number": "'INC-' || i", "title": "title || ' SRV' || i",
        "kind_id": str(Kind.objects.get(slug="incident").pk),
        "requester_id": f"case when i % ({dialect.count} / 5) = 7 then {few} else {person} + i % {PEOPLE} end",
        "organisation_id": f"{first(Organisation)} + i % {ORGANISATIONS}",
        "service_id": f"{first(Service)} + (i / 3) % {SERVICES}", "team_id": f"{first(Team)} + i % {TEAMS}",
        "assignee_id": f"case when i % 3 = 0 then null else {person} + i % 200 end",
        "channel": "'phone'", "category": f"'Category ' || ((i / 5) % {CATEGORIES})", "impact": "1 + (i / 7) % 4",
        "urgency": "1 + (i / 7) % 4", "priority": "1 + (i / 7) % 4", "highest_priority": "1 + (i / 7) % 4",
        "process_version_id": str(ProcessVersion.objects.get(process__slug="incident-default").pk),
        "state": f"case when {is_open} then 'in_progress' else 'closed' end",
        "state_category": f"case when {is_open} then 'open' else 'closed' end",
        "received_at": at(), "registered_at": at(), "updated_at": at(20_000), "responded_at": at(1800),
        "resolved_at": unless_open(at(20_000)), "restored_at": unless_open(at(20_000)),
        "closed_at": unless_open(at(90_000)), "next_due_at": f"case when {is_open} then {at(40_000)} else null end",
        "reopen_count": "0", "confidential": false, "is_test": false, "response_is_proxy": false,
        "external_ref": "'bench:' || i",
    }  # fmt: skip
    return [inserted(Ticket, values, f"{dialect.numbers} join {dialect.title}")]


def clocks(dialect: Dialect) -> list[str]:
    """A response and a resolution clock per ticket."""
    version = CalendarVersion.objects.order_by("pk")[0]
    statements = []
    for commitment in Commitment.objects.order_by("pk"):
        runs = dialect.is_open if commitment.promise == "resolution" else "(1 = 0)"
        values = {
            "ticket_id": "i", "commitment_id": str(commitment.pk), "level": f"'{commitment.level}'",
            "promise": f"'{commitment.promise}'", "target_seconds": str(commitment.target_seconds),
            "pauses": "1" if dialect.sqlite else "true", "calendar_version_id": str(version.pk),
            "state": f"case when {runs} then 'running' else 'met' end", "started_at": dialect.at(),
            "due_at": dialect.at(40_000),
            "stopped_at": f"case when {runs} then null else {dialect.at(20_000)} end",
            "elapsed_seconds": "1800", "paused_seconds": "0", "missed": dialect.false,
        }  # fmt: skip
        statements.append(inserted(TicketClock, values, dialect.numbers))
    return statements


def entries(dialect: Dialect) -> list[str]:
    """Six entries a ticket: opened, then five moves."""
    random_id = "lower(hex(randomblob(16)))" if dialect.sqlite else "gen_random_uuid()"
    salt = "randomblob(16)" if dialect.sqlite else "decode(md5(i::text), 'hex')"
    json = "" if dialect.sqlite else "::jsonb"
    statements = []
    for number, (source, target) in enumerate(STEPS):
        act = "desk.ticket.transitioned" if source else "desk.ticket.opened"
        data = (
            f'{{"from":"{source}","to":"{target}","from_category":"{CATEGORY_OF[source]}",'
            f'"to_category":"{CATEGORY_OF[target]}"}}'
        )
        values = {
            "occurred_at": dialect.at(600 * number), "recorded_at": dialect.at(600 * number),
            "actor_kind": "'system'", "cause": "'history'", "act": f"'{act}'", "act_version": "1",
            "record_type": "'desk.ticket'", "record_id": "i", "partition": "i % 8", "correlation": random_id,
            "changes": f"'{{}}'{json}", "data": f"'{data}'{json}", "salt": salt,
        }  # fmt: skip
        statements.append(inserted(Entry, values, f"{dialect.numbers} order by i"))
    return statements


def messages(dialect: Dialect) -> list[str]:
    """Two public messages a ticket."""
    person = first(Person)
    statements = []
    for number in range(2):
        values = {
            "id": f"i * 2 - {number}", "ticket_id": "i", "author_id": f"{person} + i % {PEOPLE}",
            "from_requester": dialect.false, "visibility": "'public'", "channel": "'portal'",
            "body": f"'{GREETING} ' || title || ' M' || (i * 2 - {number})", "asks_customer": dialect.false,
            "sent_at": dialect.at(900 * (number + 1)),
        }  # fmt: skip
        statements.append(inserted(Message, values, f"{dialect.numbers} join {dialect.title}"))
    return statements


def documents(dialect: Dialect) -> list[str]:
    """The search documents: number and title as the head, both messages as the body."""
    greeting = indexed(GREETING)
    body = " || ' ' || ".join(f"'{greeting} ' || tokens || ' m' || (i * 2 - {number})" for number in range(2))
    values = {
        "record_type": "'desk.ticket'", "record_id": "i", "private": dialect.false,
        "head": "'inc ' || i || ' ' || tokens || ' srv' || i", "body": body,
    }  # fmt: skip
    return [inserted(SearchDocument, values, f"{dialect.numbers} join {dialect.title} order by i")]
