"""The people, teams and services that a log names: found by their name in the source, made where they are missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import chain, count

from django.utils.text import slugify

from zhiheng.accounts.models import Membership, Organisation, Person, Team
from zhiheng.catalog.models import Service
from zhiheng.cmdb.models import ConfigurationItem, ItemClass
from zhiheng.desk.services.history.cases import Case
from zhiheng.kernel.text import bilingual

NO_SIGN_IN = "!"  # Django's mark of a password that nothing matches


@dataclass(slots=True)
class Directory:
    """Ids by the name that the source uses."""

    people: dict[str, int] = field(default_factory=dict)
    teams: dict[str, int] = field(default_factory=dict)
    services: dict[str, int] = field(default_factory=dict)
    items: dict[str, int] = field(default_factory=dict)


def build_directory(cases: Iterable[Case], *, organisation: Organisation | None, source: str) -> Directory:
    """Make what the cases name and the database lacks. Requesters belong to ``organisation``, handlers to nobody's.

    People made here cannot sign in until they are given a password.
    """
    requesters: set[str] = set()
    handlers: set[str] = set()
    teams: set[str] = set()
    services: set[str] = set()
    items: set[str] = set()
    members: set[tuple[str, str]] = set()
    for case in cases:
        requesters.update(filter(None, [case.texts.get("requester")]))
        services.update(filter(None, [case.texts.get("service") or case.texts.get("category")]))
        items.update(filter(None, [case.texts.get("ci")]))
        for row in case.rows:
            teams.update(filter(None, [row.team]))
            handlers.update(filter(None, [row.assignee]))
            if row.team and row.assignee:
                members.add((row.team, row.assignee))
    made = Directory(
        people=_people(requesters, source=source, organisation=organisation)
        | _people(handlers, source=source, organisation=None),
        teams=_teams(teams, source=source),
        services=_services(services, source=source),
        items=_items(items, source=source) if items else {},
    )
    _memberships({(made.teams[team], made.people[person]) for team, person in members})
    return made


def natural(text: str) -> list[tuple[int, str]]:
    """Sorts "Group 9" before "Group 10"."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", text)]


def _people(names: set[str], *, source: str, organisation: Organisation | None) -> dict[str, int]:
    refs = {name: f"{source}:{name}"[:100] for name in names}
    known = dict(Person.objects.filter(external_ref__in=refs.values()).values_list("external_ref", "pk"))
    taken = set(Person.objects.filter(username__endswith=f".{source}").values_list("username", flat=True))
    missing = [
        Person(
            username=_free(slugify(name) or "person", taken, lambda stem: f"{stem[:100]}.{source}"[:150]),
            name=name[:150], external_ref=ref, organisation=organisation, password=NO_SIGN_IN,
        )
        for name, ref in _missing(refs, known)
    ]  # fmt: skip
    for person in Person.objects.bulk_create(missing, batch_size=500):
        known[person.external_ref] = person.pk
    return {name: known[ref] for name, ref in refs.items()}


def _teams(names: set[str], *, source: str) -> dict[str, int]:
    """Teams of that name; one that is there already, from wherever it came, is the same team."""
    refs = {name: f"{source}:{name}"[:100] for name in names}
    known = dict(Team.objects.filter(external_ref__in=refs.values()).values_list("external_ref", "pk"))
    namesakes = dict(Team.objects.filter(name__in=[name[:100] for name in names]).values_list("name", "pk"))
    known = {refs[name]: namesakes[name[:100]] for name in names if name[:100] in namesakes} | known
    missing = [Team(name=name[:100], external_ref=ref) for name, ref in _missing(refs, known)]
    for team in Team.objects.bulk_create(missing):
        known[team.external_ref] = team.pk
    return {name: known[ref] for name, ref in refs.items()}


def _services(names: set[str], *, source: str) -> dict[str, int]:
    refs = {name: f"{source}:{name}"[:120] for name in names}
    known = dict(Service.objects.filter(external_ref__in=refs.values()).values_list("external_ref", "pk"))
    taken = set(Service.objects.filter(slug__startswith=f"{source}-").values_list("slug", flat=True))
    missing = [
        Service(
            slug=_free(slugify(name) or "service", taken, lambda stem: f"{source}-{stem}"[:80]),
            name=bilingual(zh=name, en=name),
            external_ref=ref,
            # A source's categories are codes for staff, not something to ask for.
            in_portal=False,
        )
        for name, ref in _missing(refs, known)
    ]
    for service in Service.objects.bulk_create(missing):
        known[service.external_ref] = service.pk
    return {name: known[ref] for name, ref in refs.items()}


def _missing(refs: dict[str, str], known: dict[str, int]) -> list[tuple[str, str]]:
    ordered = sorted(refs.items(), key=lambda item: natural(item[0]))
    return [(name, ref) for name, ref in ordered if ref not in known]


def _free(stem: str, taken: set[str], spelled: Callable[[str], str]) -> str:
    """A name nobody has, with a number where it must be: nothing of Chinese names is left in Latin letters."""
    stems = chain((stem,), (f"{number}-{stem}" for number in count(2)))
    name = next(spelling for each in stems if (spelling := spelled(each)) not in taken)
    taken.add(name)
    return name


def _items(names: set[str], *, source: str) -> dict[str, int]:
    """Configuration items the log names; all it says of them is that name."""
    refs = {name: f"{source}:{name}"[:120] for name in names}
    known = dict(
        ConfigurationItem.objects.filter(external_ref__in=refs.values()).values_list("external_ref", "pk")
    )
    item_class = ItemClass.objects.filter(slug="imported").first()
    if item_class is None:
        item_class = ItemClass(slug="imported", name=bilingual(zh="导入的配置项", en="Imported items"))
        item_class.save()
    missing = [
        ConfigurationItem(name=name[:120], item_class=item_class, external_ref=ref)
        for name, ref in _missing(refs, known)
    ]
    for item in ConfigurationItem.objects.bulk_create(missing):
        known[item.external_ref] = item.pk
    return {name: known[ref] for name, ref in refs.items()}


def _memberships(pairs: set[tuple[int, int]]) -> None:
    known = set(Membership.objects.values_list("team_id", "person_id"))
    Membership.objects.bulk_create(
        [Membership(team_id=team, person_id=person) for team, person in sorted(pairs - known)], batch_size=500
    )
