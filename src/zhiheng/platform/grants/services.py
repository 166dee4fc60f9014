"""Composing roles, giving them to people, and naming the persons a confidential record concerns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from zhiheng.kernel.actor import current
from zhiheng.kernel.errors import Conflict, InvalidInput, NotAllowed
from zhiheng.platform.grants.holdings import forget_holdings, person_of
from zhiheng.platform.grants.permissions import parse, permissions
from zhiheng.platform.grants.rules import refusal
from zhiheng.platform.models.grants import (
    Administrative,
    ConcernedPerson,
    Grant,
    Role,
    RoleAssignment,
    ScopeName,
)

_WHY = {
    "audit_reads_only": _("Audit administration only reads."),
    "reserved_for_security": _("Only security administration may change roles, grants and tokens."),
    "reserved_for_system": _("Only system administration may handle jobs and dead letters."),
    "reserved_for_audit": _("Only audit administration may read the whole journal."),
}


def grant_permission(*, role: Role, permission: str, scope: str) -> Grant:
    """Add a permission to a role. Raises InvalidInput when it is unknown or reserved for another role."""
    check_permission(role=role, permission=permission, scope=scope)
    with transaction.atomic():
        found = Grant.objects.filter(role=role, permission=permission, scope=scope).first()
        grant = found or Grant.objects.create(role=role, permission=permission, scope=scope)
    forget_holdings()
    return grant


def change_grant(*, grant: Grant, permission: str, scope: str) -> Grant:
    """Change what a grant allows or how far it reaches. Raises InvalidInput like `grant_permission`."""
    check_permission(role=grant.role, permission=permission, scope=scope)
    grant.permission, grant.scope = permission, scope
    grant.save()
    forget_holdings()
    return grant


def check_permission(*, role: Role, permission: str, scope: str) -> None:
    """Raise InvalidInput unless the role may hold this permission in this scope."""
    if not permissions.is_known(permission):
        raise InvalidInput(
            _("There is no permission “%(permission)s”.") % {"permission": permission},
            code="unknown_permission",
            field="permission",
            remedy=_("Write app.model:action, for example desk.ticket:view."),
        )
    if scope not in ScopeName.values:
        raise InvalidInput(
            _("There is no scope “%(scope)s”.") % {"scope": scope}, code="unknown_scope", field="scope"
        )
    reason = refusal(role.administrative, parse(permission))
    if reason:
        raise InvalidInput(_WHY[reason], code=reason, field="permission")


def revoke_permission(*, grant: Grant) -> None:
    """Take a permission out of its role."""
    grant.delete()
    forget_holdings()


def assign_role(
    *, role: Role, person_id: int, valid_from: datetime | None = None, valid_until: datetime | None = None
) -> RoleAssignment:
    """Give a person a role, or an existing assignment another period.

    Raises NotAllowed for oneself, Conflict for a second administrative role, InvalidInput for the period.
    """
    _refuse_self(person_id)
    if valid_from is not None and valid_until is not None and valid_from >= valid_until:
        raise InvalidInput(_("The end lies before the start."), code="bad_period", field="valid_until")
    with transaction.atomic():
        # One decision about a person at a time, so that two roles given at once are both seen.
        get_user_model()._base_manager.select_for_update().filter(pk=person_id).first()
        held = (
            RoleAssignment.objects.filter(person_id=person_id).exclude(administrative="").exclude(role=role)
        )
        if role.administrative != Administrative.NONE and held.exists():
            raise Conflict(
                _("A person may hold only one of the three administrative roles."),
                code="administrative_roles_are_separate",
                remedy=_("End the other one first, or choose another person."),
            )
        found = RoleAssignment.objects.filter(person_id=person_id, role=role).first()
        assignment = found or RoleAssignment(person_id=person_id, role=role)
        assignment.valid_from, assignment.valid_until = valid_from, valid_until
        assignment.save()
    forget_holdings()
    return assignment


def end_assignment(*, assignment: RoleAssignment) -> None:
    """Take a role from a person. Raises NotAllowed for one's own account."""
    _refuse_self(assignment.person_id)
    assignment.delete()
    forget_holdings()


def name_concerned(*, record: Model, person_ids: Iterable[int]) -> None:
    """Say whom a record concerns, in place of what was said; while confidential it is hidden from them."""
    wanted = set(person_ids)
    record_type = record._meta.label_lower
    with transaction.atomic():
        stated = ConcernedPerson.objects.filter(record_type=record_type, record_id=record.pk)
        known = set(stated.values_list("person_id", flat=True))
        stated.exclude(person_id__in=wanted).delete()
        for person_id in sorted(wanted - known):
            ConcernedPerson.objects.create(record_type=record_type, record_id=record.pk, person_id=person_id)
    forget_holdings()


def _refuse_self(person_id: int) -> None:
    if person_of(current().actor) == person_id:
        raise NotAllowed(
            _("Nobody changes their own roles."),
            code="own_roles",
            remedy=_("Ask another person of security administration."),
        )
