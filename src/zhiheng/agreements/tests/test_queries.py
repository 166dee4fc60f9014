"""Which commitments apply to a case, read from the database: order, organisation tree, priority, contract."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from zhiheng.accounts.models import Organisation
from zhiheng.accounts.queries import ancestors_of
from zhiheng.agreements.models import Commitment, Contract
from zhiheng.agreements.queries import commitments_for, terms_in_force
from zhiheng.agreements.rules import Case
from zhiheng.catalog.models import Service
from zhiheng.kernel.actor import SYSTEM, Cause, acting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def by_system() -> Iterator[None]:
    with acting(SYSTEM, Cause.SETUP):
        yield


def promised(name: str, **given: Any) -> Commitment:
    """A commitment to resolve within an hour."""
    values = {"promise": "resolution", "target_seconds": 3600, **given}
    return Commitment.objects.create(name={"en": name}, **values)


def chosen(**case: Any) -> list[str]:
    """Names of the commitments that apply, in the order of their ids."""
    found = commitments_for(case=Case(**{"kind": "incident", "priority": 3, **case}))
    return [str(each) for each in sorted(found, key=lambda each: each.pk)]


def test_the_first_match_in_order_applies_per_level_and_promise() -> None:
    promised("general", order=90)
    promised("urgent", order=10, priority=1)
    promised("inside", order=10, level="ola")
    promised("answer", order=50, promise="response")
    assert chosen(priority=1) == ["urgent", "inside", "answer"]
    assert chosen(priority=2) == ["general", "inside", "answer"]


def test_a_commitment_to_an_organisation_holds_for_its_parts_and_the_nearer_one_wins_by_order() -> None:
    group = Organisation.objects.create(name="Group")
    company = Organisation.objects.create(name="Company", parent=group)
    branch = Organisation.objects.create(name="Branch", parent=company)
    other = Organisation.objects.create(name="Other")
    promised("everybody", order=90)
    promised("group", order=50, organisation=group)
    promised("company", order=40, organisation=company)
    assert chosen(organisations=ancestors_of(branch.pk)) == ["company"]
    assert chosen(organisations=ancestors_of(group.pk)) == ["group"]
    assert chosen(organisations=ancestors_of(other.pk)) == ["everybody"]
    assert chosen() == ["everybody"]


def test_contract_service_and_kind_narrow_a_commitment() -> None:
    customer = Organisation.objects.create(name="Customer")
    contract = Contract.objects.create(
        number="C-1", name="Support", organisation=customer, starts_on=date(2026, 1, 1)
    )
    service = Service.objects.create(slug="oa", name={"en": "OA"})
    promised("contract", order=10, contract=contract)
    promised("service", order=20, service=service)
    promised("requests", order=30, kind="request")
    assert chosen(contract=contract.pk, service=service.pk) == ["contract"]
    assert chosen(service=service.pk, kind="request") == ["service"]
    assert chosen(kind="request") == ["requests"]
    assert chosen() == []


def test_a_retired_commitment_applies_to_nothing_new() -> None:
    old = promised("old", order=1)
    promised("new", order=2)
    assert chosen() == ["old"]
    old.retired = True
    old.save()
    assert chosen() == ["new"]


def test_terms_are_read_in_one_query_and_may_be_given() -> None:
    first = promised("first")
    promised("second", level="ola")
    with CaptureQueriesContext(connection) as queries:
        held = terms_in_force()
        assert {str(each.calendar) for each in held.values()} == {"None"}
        found = commitments_for(case=Case(kind="incident", priority=3), among=[first])
    assert len(queries) == 1
    assert found == [first]


def test_what_the_database_refuses() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        promised("hasty", target_seconds=59)
    customer = Organisation.objects.create(name="Customer")
    backwards = Contract(
        number="C-2",
        name="Backwards",
        organisation=customer,
        starts_on=date(2026, 2, 1),
        ends_on=date(2026, 1, 1),
    )
    with pytest.raises(ValidationError, match="contract_ends_after_it_starts"):
        backwards.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        backwards.save()
