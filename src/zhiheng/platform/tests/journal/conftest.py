"""Tables and an actor for the journal's tests."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from zhiheng.kernel.actor import Actor, ActorKind, Cause, acting
from zhiheng.platform.tests.journal import sample


@pytest.fixture(scope="session", autouse=True)
def sample_tables(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        sample.create_tables()


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Messages are compared in English whatever language the installation speaks."""
    with translation.override("en"):
        yield


@pytest.fixture
def person() -> Iterator[Actor]:
    actor = Actor(ActorKind.PERSON, 7)
    with acting(actor, Cause.PAGE):
        yield actor


@pytest.fixture
def clean(transactional_db):
    """A database in which transactions really commit."""
    yield
    sample.Note._base_manager.all()._raw_delete("default")
    sample.Folder._base_manager.all()._raw_delete("default")
