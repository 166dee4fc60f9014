"""Installs the small shop as an app, and gives the tests people with and without grants."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.test import Client

from zhiheng.kernel.actor import SYSTEM, Actor, ActorKind, Cause, acting
from zhiheng.kernel.time import now
from zhiheng.platform.models import Grant, Role, RoleAssignment
from zhiheng.records.registry import registry
from zhiheng.records.tests.shop.install import install_shop

install_shop()
assert "shop.order" in registry


@pytest.fixture
def by_system() -> Iterator[None]:
    """What the test writes itself is written by the system."""
    with acting(SYSTEM, Cause.SETUP):
        yield


@pytest.fixture
def person(by_system: None) -> Callable[..., Any]:
    """`person("agent", "shop.order:*", scope="all")`: a person who holds these permissions."""

    def make(name: str, *permissions: str, scope: str = "all") -> Any:
        user = get_user_model().objects.create_user(username=name, name=name.capitalize(), language="en")
        if permissions:
            role = Role.objects.create(slug=f"role-{name}", name={"en": name})
            for permission in permissions:
                Grant.objects.create(role=role, permission=permission, scope=scope)
            RoleAssignment.objects.create(role=role, person=user)
        return user

    return make


@pytest.fixture
def signed_in() -> Callable[[Any], Client]:
    """A browser in which this person is signed in."""

    def make(user: Any) -> Client:
        client = Client(raise_request_exception=True)
        client.force_login(user)
        return client

    return make


@pytest.fixture
def actor_of() -> Callable[[Any], Actor]:
    """The person as an actor."""
    return lambda user: Actor(ActorKind.PERSON, user.pk, str(user))


@pytest.fixture
def orders(by_system: None) -> Callable[..., list[Any]]:
    """`orders(3, stage="paid")`: so many orders, numbered from 1."""

    def make(count: int, **values: Any) -> list[Any]:
        order_model: Any = apps.get_model("shop", "Order")
        start = order_model.objects.count()
        rows = []
        for index in range(start + 1, start + count + 1):
            fixed = {"number": f"O-{index:04d}", "title": f"Order {index}", "placed_at": now()}
            rows.append(order_model(**{**fixed, **values}))
        return order_model.objects.bulk_create(rows)

    return make
