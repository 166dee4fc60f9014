"""An exemption takes two people: who proposes never decides, and what is decided stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from zhiheng.accounts.models import Person
from zhiheng.agreements import services
from zhiheng.agreements.choices import ExemptionGround, ExemptionState
from zhiheng.agreements.models import Exemption
from zhiheng.agreements.queries import exemptions_waiting, may_decide
from zhiheng.agreements.rules import Refusal, refuses_decision
from zhiheng.kernel.actor import SYSTEM, Actor, ActorKind, Cause, acting
from zhiheng.kernel.errors import Conflict, InvalidInput, NotAllowed
from zhiheng.kernel.time import frozen
from zhiheng.platform.models import Entry
from zhiheng.records.testing import sample

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SPAN = {"starts_at": datetime(2026, 2, 1, tzinfo=UTC), "ends_at": datetime(2026, 2, 2, tzinfo=UTC)}


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with frozen(NOON), acting(SYSTEM, Cause.SETUP), translation.override("en"):
        yield


def actor(name: str) -> Actor:
    return Actor(ActorKind.PERSON, Person.objects.get_or_create(username=name)[0].pk)


def proposed(**given: Any) -> Exemption:
    values = {
        "ground": ExemptionGround.CUSTOMER,
        "reason": "power cut",
        "evidence": "letter 7",
        **SPAN,
        **given,
    }
    return services.propose_exemption(actor=actor("lin"), **values)


def acts(exemption: Exemption) -> list[str]:
    found = Entry.objects.filter(record_type="agreements.exemption", record_id=exemption.pk).order_by("id")
    return [entry.act for entry in found]


@pytest.mark.parametrize(
    ("service", "state", "act"),
    [
        (services.approve_exemption, ExemptionState.APPROVED, "agreements.exemption.approved"),
        (services.refuse_exemption, ExemptionState.REFUSED, "agreements.exemption.refused"),
    ],
)
def test_one_person_proposes_and_another_decides(service: Any, state: str, act: str) -> None:
    exemption = proposed()
    assert exemption.state == ExemptionState.PROPOSED
    assert Exemption.objects.filter(exemptions_waiting(SYSTEM)).get() == exemption
    assert may_decide(exemption, actor("wang"))
    decided = service(exemption=exemption, actor=actor("wang"))
    assert (decided.state, decided.decided_by_id, decided.decided_at) == (state, actor("wang").id, NOON)
    assert acts(exemption) == ["agreements.exemption.proposed", act]
    assert not may_decide(decided, actor("wang"))
    assert not Exemption.objects.filter(exemptions_waiting(SYSTEM)).exists()


def test_nobody_decides_on_their_own_proposal() -> None:
    exemption = proposed()
    assert not may_decide(exemption, actor("lin"))
    for service in (services.approve_exemption, services.refuse_exemption):
        with pytest.raises(InvalidInput, match="Nobody decides on what they proposed themselves"):
            service(exemption=exemption, actor=actor("lin"))
    exemption.refresh_from_db()
    assert exemption.state == ExemptionState.PROPOSED


def test_the_database_itself_refuses_one_person_or_nobody_for_both() -> None:
    exemption = proposed()
    for person, at in ((exemption.proposed_by_id, NOON), (None, None)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Exemption.objects.filter(pk=exemption.pk).update(
                state=ExemptionState.APPROVED, decided_by_id=person, decided_at=at
            )


def test_only_people_propose_and_decide() -> None:
    with pytest.raises(NotAllowed, match="Only a person"):
        services.propose_exemption(actor=SYSTEM, reason="x")
    with pytest.raises(NotAllowed, match="Only a person"):
        services.approve_exemption(exemption=proposed(), actor=SYSTEM)


def test_what_is_decided_stays_and_a_proposal_may_change_or_go() -> None:
    exemption = proposed()
    services.change_exemption(exemption=exemption, reason="storm")
    assert Exemption.objects.get().reason == "storm"
    decided = services.approve_exemption(exemption=exemption, actor=actor("wang"))
    for attempt in (
        lambda: services.change_exemption(exemption=decided, reason="other"),
        lambda: services.delete_exemption(exemption=decided),
        lambda: services.refuse_exemption(exemption=decided, actor=actor("zhao")),
    ):
        with pytest.raises(Conflict, match="decided already"):
            attempt()
    assert Exemption.objects.get().reason == "storm"
    services.delete_exemption(exemption=proposed())
    assert Exemption.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [({"ends_at": SPAN["starts_at"]}, "ends_at"), ({"reason": ""}, "reason"), ({"evidence": ""}, "evidence")],
)
def test_an_exemption_has_a_period_a_reason_and_evidence(given: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        proposed(**given)
    assert list(refused.value.message_dict) == [field]
    assert not Exemption.objects.exists()


@pytest.mark.parametrize(
    ("waits", "decider", "refusal"),
    [
        (True, 2, None),
        (True, 1, Refusal.OWN_PROPOSAL),
        (True, None, Refusal.NO_PERSON),
        (False, 2, Refusal.ALREADY_DECIDED),
    ],
)
def test_who_may_decide(*, waits: bool, decider: int | None, refusal: Refusal | None) -> None:
    assert refuses_decision(proposed=waits, proposer=1, decider=decider) is refusal


def test_the_sample_row_is_a_proposal() -> None:
    assert sample(Exemption, 1).state == ExemptionState.PROPOSED
