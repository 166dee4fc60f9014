"""Fills a database with tickets, entries, messages and search documents by SQL inside the engine. `generate TICKETS`.

One in ten tickets is open, six entries and two messages each, titles in Chinese and English from a small vocabulary. All
values follow from the ticket's number, so that both engines hold the same rows.
"""

from __future__ import annotations

import os
import random
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhiheng.config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from zhiheng.accounts.models import Membership, Organisation, Person, Team  # noqa: E402
from zhiheng.accounts.services import create_person  # noqa: E402
from zhiheng.catalog.models import Service  # noqa: E402
from zhiheng.config.defaults import install_defaults  # noqa: E402
from zhiheng.desk.models import Message, Ticket  # noqa: E402
from zhiheng.kernel.actor import SYSTEM, Cause, acting  # noqa: E402
from zhiheng.kernel.text import bilingual  # noqa: E402
from zhiheng.platform.models import Entry, Role, RoleAssignment  # noqa: E402
from zhiheng.processes.models import Kind, ProcessVersion  # noqa: E402
from zhiheng.records.models import SearchDocument  # noqa: E402
from zhiheng.records.search.tokens import indexed  # noqa: E402

TEAMS, PEOPLE, SERVICES, ORGANISATIONS = 40, 4_000, 60, 50
NOUNS = ("打印机", "数据库", "邮箱", "备份", "交换机", "报表", "账号", "存储", "网关", "会议室", "printer", "database", "mailbox", "VPN", "server")
TROUBLES = ("连接超时", "无法登录", "响应缓慢", "权限申请", "证书过期", "离线", "告警", "重启", "times out", "is slow", "is offline", "needs access")


def main() -> int:
    count = int(sys.argv[1])
    started = time.perf_counter()
    call_command("migrate", verbosity=0)
    if Ticket.objects.exists():
        print(f"{Ticket.objects.count()} tickets are there already", file=sys.stderr)  # noqa: T201
        return 0
    with acting(SYSTEM, Cause.SETUP):
        install_defaults()
        people()
    statements(count)
    print(f"generated {count} tickets in {time.perf_counter() - started:.0f} s", file=sys.stderr)  # noqa: T201
    return 0


def people() -> None:
    """Organisations, teams, services and people; `all` sees everything, `few` five tickets, `lead` one team."""
    organisations = [Organisation(name=f"Organisation {n:03d}") for n in range(ORGANISATIONS)]
    Organisation.objects.bulk_create(organisations)
    teams = Team.objects.bulk_create([Team(name=f"Team {n:02d}") for n in range(TEAMS)])
    Service.objects.bulk_create(
        [Service(slug=f"service-{n:02d}", name=bilingual(zh=f"服务 {n:02d}", en=f"Service {n:02d}")) for n in range(SERVICES)]
    )
    Person.objects.bulk_create(
        [
            Person(username=f"person{n}", name=f"Person {n}", organisation=organisations[n % ORGANISATIONS], password="!")
            for n in range(PEOPLE)
        ],
        batch_size=500,
    )
    for name, role in (("all", "agent"), ("few", ""), ("lead", "engineer")):
        person = create_person(username=name, name=name, password="bench-password-1")  # noqa: S106
        if role:
            RoleAssignment(person=person, role=Role.objects.get(slug=role)).save()
    Membership(team=teams[3], person=Person.objects.get(username="lead")).save()


def numbers(count: int) -> str:
    """A table `n(i)` of 1 … count in the engine's own way."""
    if connection.vendor == "sqlite":
        return f"(with recursive n(i) as (select 1 union all select i + 1 from n where i < {count}) select i from n)"
    return f"(select i from generate_series(1, {count}) as g(i))"


def statements(count: int) -> None:
    """Insert in the engine: tickets, entries, messages, search documents."""
    sqlite = connection.vendor == "sqlite"
    kind, version = Kind.objects.get(slug="incident"), ProcessVersion.objects.get(process__slug="incident-default")
    first = {model: model.objects.order_by("pk").values_list("pk", flat=True)[0] for model in (Team, Person, Service, Organisation)}
    few = Person.objects.get(username="few").pk
    # The newest ticket was received now, the oldest two years ago.
    step = 2 * 365 * 86_400 / count
    at = (
        f"strftime('%Y-%m-%d %H:%M:%f', 'now', '-' || cast(({count} - i) * {step} as integer) || ' seconds')"
        if sqlite
        else f"now() - ({count} - i) * {step} * interval '1 second'"
    )
    later = (
        (lambda seconds: f"strftime('%Y-%m-%d %H:%M:%f', 'now', '-' || cast(({count} - i) * {step} as integer) || ' seconds', '+{seconds} seconds')")
        if sqlite
        else (lambda seconds: f"{at} + interval '{seconds} seconds'")
    )
    is_open = f"(i % 10 = 0 or i > {count} - {count // 50})"
    true, false = ("1", "0") if sqlite else ("true", "false")
    random.seed(20260101)
    titles = [f"{noun}{' ' if noun.isascii() else ''}{trouble}" for noun in NOUNS for trouble in TROUBLES]
    with connection.cursor() as cursor:
        cursor.execute("create temporary table vocabulary (v integer primary key, title text, tokens text)")
        cursor.executemany(
            "insert into vocabulary values (%s, %s, %s)", [(n, title, indexed(title)) for n, title in enumerate(titles)]
        )
        columns = [field.column for field in Ticket._meta.concrete_fields]
        values = {
            "id": "i", "number": "'INC-' || i", "kind_id": str(kind.pk), "title": "title || ' SRV' || i",
            "requester_id": f"case when i % ({count} / 5) = 7 then {few} else {first[Person]} + i % {PEOPLE} end",
            "organisation_id": f"{first[Organisation]} + i % {ORGANISATIONS}", "service_id": f"{first[Service]} + i % {SERVICES}",
            "team_id": f"{first[Team]} + i % {TEAMS}", "assignee_id": f"case when i % 3 = 0 then null else {first[Person]} + i % 200 end",
            "channel": "'phone'", "category": "'Category ' || (i % 57)", "impact": "1 + i % 4", "urgency": "1 + i % 4",
            "priority": "1 + i % 4", "highest_priority": "1 + i % 4", "process_version_id": str(version.pk),
            "state": f"case when {is_open} then 'in_progress' else 'closed' end",
            "state_category": f"case when {is_open} then 'open' else 'closed' end",
            "received_at": at, "registered_at": at, "updated_at": at, "responded_at": later(1800),
            "resolved_at": f"case when {is_open} then null else {later(20_000)} end",
            "restored_at": f"case when {is_open} then null else {later(20_000)} end",
            "closed_at": f"case when {is_open} then null else {later(90_000)} end",
            "next_due_at": f"case when {is_open} then {later(40_000)} else null end", "reopen_count": "0",
            "confidential": false, "is_test": false, "response_is_proxy": false, "external_ref": "'bench:' || i",
        }  # fmt: skip
        optional = {field.column for field in Ticket._meta.concrete_fields if field.null}
        selected = ", ".join(values.get(column, "null" if column in optional else "''") for column in columns)
        cursor.execute(
            f"insert into desk_ticket ({', '.join(columns)}) select {selected} from {numbers(count)} as s "  # noqa: S608
            f"join vocabulary on v = (i * 7919) % {len(titles)}"
        )
        _entries(cursor, count, at, sqlite=sqlite, true=true)
        _messages(cursor, count, at, first[Person], false=false)
        cursor.execute(
            f"insert into {SearchDocument._meta.db_table} (record_type, record_id, private, head, body) "  # noqa: S608
            f"select 'desk.ticket', i, {false}, tokens || ' srv' || i, '' from {numbers(count)} as s "
            f"join vocabulary on v = (i * 7919) % {len(titles)} order by i"
        )
        if sqlite:
            cursor.execute("analyze")
        else:
            for model in (Ticket, Message):
                cursor.execute(f"select setval(pg_get_serial_sequence('{model._meta.db_table}', 'id'), {count * 2 + 1})")
            cursor.execute("select setval(pg_get_serial_sequence('platform_entry', 'id'), (select max(id) from platform_entry))")
            cursor.execute("analyze")


def _entries(cursor: object, count: int, at: str, *, sqlite: bool, true: str) -> None:  # noqa: ARG001
    """Six entries a ticket: opened, assigned, and four moves, in the order of the tickets."""
    steps = (("", "new"), ("new", "assigned"), ("assigned", "in_progress"), ("in_progress", "waiting_customer"), ("waiting_customer", "in_progress"), ("in_progress", "solved"))
    categories = {"": "", "new": "new", "assigned": "open", "in_progress": "open", "waiting_customer": "waiting-customer", "solved": "solved"}
    random_id = "lower(hex(randomblob(16)))" if sqlite else "gen_random_uuid()"
    salt = "randomblob(16)" if sqlite else "decode(md5(i::text), 'hex')"
    json = "" if sqlite else "::jsonb"
    columns = "occurred_at, recorded_at, actor_kind, actor_id, cause, act, act_version, record_type, record_id, partition, correlation, changes, data, salt"
    for source, target in steps:
        act = "desk.ticket.opened" if not source else "desk.ticket.transitioned"
        data = f'{{"from":"{source}","to":"{target}","from_category":"{categories[source]}","to_category":"{categories[target]}"}}'
        cursor.execute(  # type: ignore[attr-defined]
            f"insert into {Entry._meta.db_table} ({columns}) "  # noqa: S608
            f"select {at}, {at}, 'system', null, 'history', '{act}', 1, 'desk.ticket', i, i % 8, {random_id}, '{{}}'{json}, "
            f"'{data}'{json}, {salt} from {numbers(count)} as s order by i"
        )


def _messages(cursor: object, count: int, at: str, first_person: int, *, false: str) -> None:
    for number in range(2):
        cursor.execute(  # type: ignore[attr-defined]
            f"insert into desk_message (id, ticket_id, author_id, from_requester, visibility, channel, body, asks_customer, sent_at) "  # noqa: S608
            f"select i * 2 - {number}, i, {first_person} + i % {PEOPLE}, {false}, 'public', 'portal', "
            f"'您好，已收到您的请求，正在处理 ' || i, {false}, {at} from {numbers(count)} as s"
        )


if __name__ == "__main__":
    raise SystemExit(main())
