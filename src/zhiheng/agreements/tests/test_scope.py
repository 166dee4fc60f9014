"""Whose a contract is: its manager's, and everybody's in the customer's organisation above or at it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from zhiheng.accounts.models import Organisation, Person
from zhiheng.agreements.models import Contract
from zhiheng.agreements.queries import contract_ids_of
from zhiheng.kernel.actor import SYSTEM, Actor, ActorKind, Cause, acting
from zhiheng.platform.grants.holdings import holdings_of, remembering

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def by_system() -> Iterator[None]:
    with acting(SYSTEM, Cause.SETUP):
        yield


def contract(number: str, organisation: Organisation, **given: object) -> Contract:
    return Contract.objects.create(
        number=number, name=number, organisation=organisation, starts_on=date(2026, 1, 1), **given
    )


def ids_of(person: Person) -> set[int]:
    """The contracts that are the person's, and proof that grants get the same answer."""
    actor = Actor(ActorKind.PERSON, person.pk)
    found = contract_ids_of(actor)
    assert set(holdings_of(actor).ids("contract")) == found
    return found


def test_a_contract_is_its_managers_and_its_customers() -> None:
    group, other = Organisation.objects.create(name="Group"), Organisation.objects.create(name="Other")
    branch = Organisation.objects.create(name="Branch", parent=group)
    manager = Person.objects.create(username="manager")
    at_group = Person.objects.create(username="at_group", organisation=group)
    at_branch = Person.objects.create(username="at_branch", organisation=branch)
    of_group, of_branch = contract("G", group), contract("B", branch)
    managed = contract("O", other, manager=manager)
    assert ids_of(at_group) == {of_group.pk, of_branch.pk}
    assert ids_of(at_branch) == {of_branch.pk}
    assert ids_of(manager) == {managed.pk}


def test_a_contract_that_is_handed_over_changes_hands_at_once() -> None:
    first, second = Person.objects.create(username="first"), Person.objects.create(username="second")
    managed = contract("O", Organisation.objects.create(name="Other"), manager=first)
    with remembering():
        assert ids_of(first) == {managed.pk}
        managed.manager = second
        managed.save()
        assert (ids_of(first), ids_of(second)) == (set(), {managed.pk})


def test_the_system_has_no_contracts_of_its_own() -> None:
    contract("O", Organisation.objects.create(name="Other"))
    assert contract_ids_of(SYSTEM) == set()
