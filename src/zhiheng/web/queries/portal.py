"""What a person sees in the portal: services and how they are doing, what can be asked for, their tickets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from zhiheng.accounts.models import Person
from zhiheng.accounts.queries import organisation_ids_of
from zhiheng.catalog.choices import LifecycleStage
from zhiheng.catalog.models import Offering, Service
from zhiheng.desk.choices import Priority
from zhiheng.desk.models import Ticket
from zhiheng.desk.models.tickets import IS_OPEN
from zhiheng.desk.queries import portal_tickets
from zhiheng.kernel.actor import Actor
from zhiheng.kernel.text import localized
from zhiheng.platform.grants import branches, visible_to
from zhiheng.records import registry
from zhiheng.records.search.matching import holding
from zhiheng.records.search.tokens import terms
from zhiheng.web.rules.plain import WORKS, Condition, condition_of

PAGE = 30
FOUND = 8


@dataclass(frozen=True, slots=True)
class Disturbance:
    """What is wrong with a service now, and since when."""

    condition: Condition = WORKS
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Something that can be asked for, in the reader's language."""

    offering: Offering

    @property
    def text(self) -> str:
        """Its description."""
        return localized(self.offering.description)


@dataclass(frozen=True, slots=True)
class ServiceCard:
    """A service as the portal shows it."""

    service: Service
    offerings: Sequence[Asked]
    disturbance: Disturbance = field(default_factory=Disturbance)

    @property
    def summary(self) -> str:
        """What the user gets, in the reader's language."""
        return localized(self.service.summary)


def service_cards(actor: Actor) -> list[ServiceCard]:
    """The services of the portal: those with something to ask for first, then by key. Three queries."""
    offered = visible_to(actor, "view", Offering.objects.filter(retired=False)).order_by("slug")
    rows = visible_to(
        actor, "view", Service.objects.filter(in_portal=True).exclude(stage=LifecycleStage.RETIREMENT)
    ).prefetch_related(Prefetch("offerings", queryset=offered, to_attr="asked_for"))
    disturbed = disturbances()
    cards = [
        ServiceCard(
            service, [Asked(each) for each in service.asked_for], disturbed.get(service.pk, Disturbance())
        )
        for service in rows.order_by("slug")
    ]
    cards.sort(key=lambda card: not card.offerings)
    return cards


def disturbances() -> dict[int, Disturbance]:
    """The services with an open critical fault, for everybody: only that and since when, nothing of the tickets."""
    rows = Ticket.objects.filter(
        IS_OPEN,
        priority=Priority.P1,
        kind__about_faults=True,
        restored_at=None,
        is_test=False,
        service__in_portal=True,
    ).order_by()
    found: dict[int, list[tuple[str, datetime]]] = {}
    for service_id, effect, onset, received in rows.values_list(
        "service_id", "service_effect", "onset_at", "received_at"
    ):
        found.setdefault(service_id, []).append((effect, onset or received))
    return {
        service_id: Disturbance(
            condition_of(effect for effect, _at in faults), min(at for _effect, at in faults)
        )
        for service_id, faults in found.items()
    }


def card_of(actor: Actor, slug: str) -> ServiceCard | None:
    """One service of the portal."""
    return next((card for card in service_cards(actor) if card.service.slug == slug), None)


def offering_of(actor: Actor, slug: str) -> Offering | None:
    """One thing that can be asked for, if it is offered in the portal."""
    rows = Offering.objects.filter(slug=slug, retired=False, service__in_portal=True).select_related(
        "service", "team"
    )
    return visible_to(actor, "view", rows).first()


def cards_matching(cards: Sequence[ServiceCard], words: str) -> tuple[list[Asked], list[ServiceCard]]:
    """The offerings and services whose name or description, in either language, holds all the words."""
    wanted = words.casefold().split()

    def holds(*texts: dict[str, str]) -> bool:
        text = " ".join(localized(each, language) for each in texts for language in ("zh", "en")).casefold()
        return all(word in text for word in wanted)

    offerings = [
        each
        for card in cards
        for each in card.offerings
        if holds(each.offering.name, each.offering.description, card.service.name)
    ]
    services = [card for card in cards if holds(card.service.name, card.service.summary)]
    return offerings[:FOUND], services[:FOUND]


def tickets_matching(actor: Actor, person: Person, words: str) -> list[Ticket]:
    """A person's own tickets, and those of their organisation where they may see them, that hold the words."""
    asked = terms(words)
    condition = Q(number__iexact=words.strip())
    if asked:
        condition |= holding(registry["desk.ticket"], asked)
    return list(tickets_of(actor, person, whose="all").filter(condition)[:FOUND])


def sees_organisation(actor: Actor) -> bool:
    """Whether the person may follow the tickets of their whole organisation."""
    return any(branch.field.startswith("organisation") for branch in branches(actor, "view", Ticket).items)


def tickets_of(
    actor: Actor, person: Person, *, whose: str = "mine", open_only: bool = False
) -> QuerySet[Ticket]:
    """A person's tickets, newest first: "mine", those of the "organisation", or "all" that they may follow here."""
    if whose == "mine" or not sees_organisation(actor):
        return portal_tickets(person, open_only=open_only)
    rows = Ticket.objects.select_related("service", "kind", "requester").order_by("-received_at", "-id")
    theirs = Q(organisation_id__in=organisation_ids_of(actor))
    rows = visible_to(
        actor, "view", rows.filter(theirs if whose == "organisation" else theirs | Q(requester=person))
    )
    return rows.filter(closed_at=None) if open_only else rows


def page_before(
    rows: QuerySet[Ticket], *, before: int | None, limit: int = PAGE
) -> tuple[list[Ticket], int | None]:
    """A page of tickets older than the one named, and the id that the next page begins after."""
    last = Ticket.objects.filter(pk=before).values_list("received_at", "pk").first() if before else None
    if last is not None:
        rows = rows.filter(Q(received_at__lt=last[0]) | Q(received_at=last[0], pk__lt=last[1]))
    found = list(rows[: limit + 1])
    return found[:limit], found[limit - 1].pk if len(found) > limit else None


def ticket_numbered(actor: Actor, number: str) -> Ticket | None:
    """The ticket of that number, if the person may see it."""
    rows = Ticket.objects.filter(number=number.strip().upper())
    rows = rows.select_related("service", "offering", "kind", "requester", "organisation", "assignee")
    return visible_to(actor, "view", rows).first()
