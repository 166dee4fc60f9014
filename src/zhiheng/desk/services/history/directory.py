"""The people, teams and services that a log names: found by their name in the source, made where they are missing.

They are made in short transactions with rests. Each leaves whole people, teams or memberships behind, and whoever
starts again, or loads another log meanwhile, finds them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, count, islice
from typing import TypeVar

from django.utils.text import slugify

from zhiheng.accounts.models import Membership, Organisation, Person, Team
from zhiheng.catalog.models import Service
from zhiheng.cmdb.models import ConfigurationItem, ItemClass
from zhiheng.desk.services.history.cases import Case
from zhiheng.desk.services.history.invented import found_or_made, make_missing
from zhiheng.kernel.text import bilingual
from zhiheng.platform.jobs import checkpoint, paced

Named = TypeVar("Named", Person, Team, Service, ConfigurationItem)

NAMES_A_QUESTION = 500
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

    People made here cannot sign in until they are given a password. Raises Cancelled (see jobs) between two
    transactions when somebody stops it.
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
    known = _known(Person, refs.values())
    missing = [
        Person(name=name[:150], external_ref=ref, organisation=organisation, password=NO_SIGN_IN)
        for name, ref in _missing(refs, known)
    ]

    def spell(people: Iterable[Person]) -> None:
        taken = set(Person.objects.filter(username__endswith=f".{source}").values_list("username", flat=True))
        for person in people:
            stem = slugify(person.name) or "person"
            person.username = _free(stem, taken, lambda stem: f"{stem[:100]}.{source}"[:150])

    spell(missing)
    return _ids(refs, known | _make(Person, missing, respell=spell))


def _teams(names: set[str], *, source: str) -> dict[str, int]:
    """Teams of that name; one that is there already, from wherever it came, is the same team."""
    refs = {name: f"{source}:{name}"[:100] for name in names}
    wanted = [Team(name=name[:100], external_ref=ref) for name, ref in _missing(refs, {})]
    known = _known_teams(wanted)
    missing = [team for team in wanted if team.external_ref not in known]
    return _ids(refs, known | _make(Team, missing, there=_known_teams))


def _known_teams(teams: Sequence[Team]) -> dict[str, int]:
    by_name: dict[str, int] = {}
    for part in _parts(team.name for team in teams):
        by_name.update(Team.objects.filter(name__in=part).values_list("name", "pk"))
    namesakes = {team.external_ref: by_name[team.name] for team in teams if team.name in by_name}
    return namesakes | _known(Team, [team.external_ref for team in teams])


def _services(names: set[str], *, source: str) -> dict[str, int]:
    refs = {name: f"{source}:{name}"[:120] for name in names}
    known = _known(Service, refs.values())
    missing = [
        Service(
            name=bilingual(zh=name, en=name),
            external_ref=ref,
            # A source's categories are codes for staff, not something to ask for.
            in_portal=False,
        )
        for name, ref in _missing(refs, known)
    ]

    def spell(services: Iterable[Service]) -> None:
        taken = set(Service.objects.filter(slug__startswith=f"{source}-").values_list("slug", flat=True))
        for service in services:
            stem = slugify(service.name["en"]) or "service"
            service.slug = _free(stem, taken, lambda stem: f"{source}-{stem}"[:80])

    spell(missing)
    return _ids(refs, known | _make(Service, missing, respell=spell))


def _items(names: set[str], *, source: str) -> dict[str, int]:
    """Configuration items the log names; all it says of them is that name."""
    refs = {name: f"{source}:{name}"[:120] for name in names}
    known = _known(ConfigurationItem, refs.values())
    item_class = found_or_made(
        find=ItemClass.objects.filter(slug="imported").first,
        make=lambda: ItemClass.objects.create(
            slug="imported", name=bilingual(zh="导入的配置项", en="Imported items")
        ),
    )
    missing = [
        ConfigurationItem(name=name[:120], item_class=item_class, external_ref=ref)
        for name, ref in _missing(refs, known)
    ]
    return _ids(refs, known | _make(ConfigurationItem, missing))


def _memberships(pairs: set[tuple[int, int]]) -> None:
    known = set(Membership.objects.values_list("team_id", "person_id"))
    missing = [Membership(team_id=team, person_id=person) for team, person in sorted(pairs - known)]

    def without_known(chunk: Sequence[Membership]) -> list[Membership]:
        there = Membership.objects.filter(
            team__in={each.team_id for each in chunk}, person__in={each.person_id for each in chunk}
        )
        held = set(there.values_list("team_id", "person_id"))
        return [each for each in chunk if (each.team_id, each.person_id) not in held]

    def write(chunk: Sequence[Membership]) -> None:
        make_missing(chunk, without_known=without_known, write=Membership.objects.bulk_create)

    paced(missing, write, after=_stop_if_asked)


def _known(model: type[Named], refs: Iterable[str]) -> dict[str, int]:
    """The keys of the records that are there already, by their name in the source."""
    found: dict[str, int] = {}
    for part in _parts(refs):
        rows = model._base_manager.filter(external_ref__in=part)
        found.update(rows.values_list("external_ref", "pk"))
    return found


def _make(
    model: type[Named],
    missing: Sequence[Named],
    *,
    there: Callable[[Sequence[Named]], dict[str, int]] | None = None,
    respell: Callable[[Collection[Named]], object] | None = None,
) -> dict[str, int]:
    """Write new records. What another load made in the meantime is taken as it is."""
    made: dict[str, int] = {}

    def without_known(chunk: Sequence[Named]) -> list[Named]:
        held = there(chunk) if there else _known(model, [record.external_ref for record in chunk])
        made.update(held)
        return [record for record in chunk if record.external_ref not in held]

    def write(fresh: Sequence[Named]) -> None:
        for record in model.objects.bulk_create(fresh):
            made[record.external_ref] = record.pk

    def chunk_by_chunk(chunk: Sequence[Named]) -> None:
        make_missing(chunk, without_known=without_known, write=write, respell=respell)

    paced(missing, chunk_by_chunk, after=_stop_if_asked)
    return made


def _stop_if_asked(_count: int) -> None:
    checkpoint()


def _ids(refs: dict[str, str], known: dict[str, int]) -> dict[str, int]:
    return {name: known[ref] for name, ref in refs.items()}


def _parts(refs: Iterable[str]) -> Iterator[Collection[str]]:
    source = iter(refs)
    while part := list(islice(source, NAMES_A_QUESTION)):
        yield part


def _missing(refs: dict[str, str], known: dict[str, int]) -> list[tuple[str, str]]:
    # Names so long that they are cut to the same reference are one record.
    once = {ref: name for name, ref in sorted(refs.items(), key=lambda item: natural(item[0]), reverse=True)}
    return [(name, ref) for ref, name in reversed(once.items()) if ref not in known]


def _free(stem: str, taken: set[str], spelled: Callable[[str], str]) -> str:
    """A name nobody has, with a number where it must be: nothing of Chinese names is left in Latin letters."""
    stems = chain((stem,), (f"{number}-{stem}" for number in count(2)))
    name = next(spelling for each in stems if (spelling := spelled(each)) not in taken)
    taken.add(name)
    return name
