"""The four people of the matrix: nobody, one without a role, one with it, one whose role reaches other rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client

from zhiheng.platform.grants import Everyone, Scope
from zhiheng.platform.models import Grant, Role, RoleAssignment
from zhiheng.records.declaration import RecordType
from zhiheng.records.registry import registry


@dataclass(frozen=True)
class People:
    """A browser for each, made when a test first asks for it: most tests need one or two of the four."""

    record_type: RecordType
    language: str = "en"

    @cached_property
    def anonymous(self) -> Client:
        """Nobody."""
        return Client()

    @cached_property
    def no_role(self) -> Client:
        """Signed in, and no more."""
        return self._browser("no-role")

    @cached_property
    def role(self) -> Client:
        """May do everything with the records of this type, and see what they point to."""
        linked = [(f"{label}:view", "all") for label in linked_types(self.record_type)]
        return self._browser("with-role", (f"{self.record_type.label}:*", "all"), ("*:view", "all"), *linked)

    @cached_property
    def out_of_scope(self) -> Client:
        """May do everything, but with other rows."""
        return self._browser("elsewhere", (f"{self.record_type.label}:*", narrow_scope(self.record_type)))

    def _browser(self, name: str, *grants: tuple[str, str]) -> Client:
        return signed_in(make_person(name, grants, self.language))


def make_person(name: str, grants: Sequence[tuple[str, str]] = (), language: str = "en") -> Any:
    """A person who holds (permission, scope)."""
    person = get_user_model()._default_manager.create_user(username=name, name=name, language=language)
    if grants:
        role = Role.objects.create(slug=f"matrix-{name}", name={"zh": name, "en": name})
        for permission, scope in grants:
            Grant.objects.create(role=role, permission=permission, scope=scope)
        RoleAssignment.objects.create(role=role, person=person)
    return person


def signed_in(person: Any) -> Client:
    """A browser in which this person is signed in."""
    browser = Client()
    browser.force_login(person)
    return browser


def linked_types(record_type: RecordType) -> list[str]:
    """What its links point to: types reserved to an administrative role are covered by no `*`."""
    models = [field.related_model for field in record_type.model._meta.concrete_fields if field.related_model]
    found = (registry.of(model) for model in models if isinstance(model, type))
    return sorted({each.label for each in found if each is not None})


def scopes_of(record_type: RecordType) -> list[Any]:
    """The scopes as a list."""
    declared = record_type.scope or Everyone()
    return list(declared) if isinstance(declared, list | tuple) else [declared]


def narrow_scope(record_type: RecordType) -> str:
    """A scope in which the person reaches none of the sample rows."""
    names = [scope.name for scope in scopes_of(record_type) if isinstance(scope, Scope)]
    return "team" if "team" in names else names[-1] if names else "own"


def read_by_everyone(record_type: RecordType) -> bool:
    """True where any grant reads all rows, so that only changing them can be out of scope."""
    return any(isinstance(scope, Everyone) for scope in scopes_of(record_type))
