"""Errors a person can act on: a translatable message, a stable code and, where there is one, a remedy."""

from __future__ import annotations

from typing import ClassVar

from django.utils.functional import Promise

Text = str | Promise  # plain or lazily translated


class DomainError(Exception):
    """A rule of the domain says no. `code` is stable for clients; `field` names the input at fault."""

    default_code: ClassVar[str] = "error"
    status: ClassVar[int] = 400

    def __init__(self, message: Text, *, code: str = "", field: str | None = None, remedy: Text = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.field = field
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class NotAllowed(DomainError):  # noqa: N818 - read as a statement
    """The actor lacks the grant."""

    default_code = "not_allowed"
    status = 403


class NotFound(DomainError):  # noqa: N818 - read as a statement
    """No such record, or none the actor may see: the two are not told apart."""

    default_code = "not_found"
    status = 404


class Conflict(DomainError):  # noqa: N818 - read as a statement
    """The record is no longer in the state that the act needs."""

    default_code = "conflict"
    status = 409


class InvalidInput(DomainError):  # noqa: N818 - read as a statement
    """The input breaks a rule."""

    default_code = "invalid"
    status = 400
