"""Which commitments apply, and who may decide on an exemption: pure, over plain values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Terms:
    """A commitment's conditions; None or an empty kind means "any". ``order`` decides, then the id."""

    id: int
    order: int
    level: str
    promise: str
    contract: int | None = None
    organisation: int | None = None
    service: int | None = None
    kind: str = ""
    priority: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """What of a ticket decides which commitments apply; ``organisations`` runs from its own up to the root."""

    kind: str
    priority: int | None
    organisations: tuple[int, ...] = ()
    contract: int | None = None
    service: int | None = None


def applies(terms: Terms, case: Case) -> bool:
    """Whether every stated condition of the commitment holds for the case."""
    return (
        (not terms.kind or terms.kind == case.kind)
        and (terms.priority is None or terms.priority == case.priority)
        and (terms.contract is None or terms.contract == case.contract)
        and (terms.organisation is None or terms.organisation in case.organisations)
        and (terms.service is None or terms.service == case.service)
    )


def choose(terms: Iterable[Terms], case: Case) -> dict[tuple[str, str], Terms]:
    """The commitment that applies for each (level, promise): the first match in order."""
    chosen: dict[tuple[str, str], Terms] = {}
    for each in sorted(terms, key=lambda item: (item.order, item.id)):
        if applies(each, case):
            chosen.setdefault((each.level, each.promise), each)
    return chosen


class Refusal(StrEnum):
    """Why an exemption is not changed or decided on."""

    NO_PERSON = "no_person"
    OWN_PROPOSAL = "own_proposal"
    ALREADY_DECIDED = "already_decided"


def refuses_decision(*, proposed: bool, proposer: int, decider: int | None) -> Refusal | None:
    """What speaks against a decision: it was made before, nobody makes it, or who proposed would decide."""
    if not proposed:
        return Refusal.ALREADY_DECIDED
    if decider is None:
        return Refusal.NO_PERSON
    return Refusal.OWN_PROPOSAL if decider == proposer else None
