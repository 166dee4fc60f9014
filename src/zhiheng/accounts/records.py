"""Pages, API and imports of people, organisations, teams, roles and tokens."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiheng.accounts import services
from zhiheng.accounts.models import ApiToken, Membership, Organisation, Person, Team
from zhiheng.kernel.actor import Actor
from zhiheng.platform.grants import Everyone, Own
from zhiheng.platform.grants import Organisation as InOrganisation
from zhiheng.platform.grants import Team as InTeam
from zhiheng.platform.grants.services import grant_permission, revoke_permission
from zhiheng.platform.models import Grant, Role, RoleAssignment, Tag
from zhiheng.records import Act, Column, Fields, Menu, RecordType, Related, Section, Timeline, View, register


class PasswordForm(forms.Form):
    """A password given to somebody who cannot set one by mail."""

    password = forms.CharField(
        label=_("New password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Tell it in person. It ends all sessions."),
    )


def _active(actor: Actor) -> Q:  # noqa: ARG001 - the signature of a view
    return Q(is_active=True)


def _inactive(actor: Actor) -> Q:  # noqa: ARG001
    return Q(is_active=False)


def _working(actor: Actor) -> Q:  # noqa: ARG001
    return Q(retired_at=None)


def _is_active(person: Person, actor: Actor) -> bool:  # noqa: ARG001 - the signature of an act's condition
    return person.is_active


def _is_closed(person: Person, actor: Actor) -> bool:  # noqa: ARG001
    return not person.is_active


def _works(record: Any, actor: Actor) -> bool:  # noqa: ARG001
    return record.retired_at is None


def _is_open(token: ApiToken, actor: Actor) -> bool:  # noqa: ARG001
    return token.revoked_at is None


PERSON = register(
    RecordType(
        model=Person,
        about=_("Everybody who works here or asks for help."),
        scope=[Own("id"), InOrganisation("organisation")],
        columns=[Column("name", grow=True), "username", "organisation", "email", "phone", "is_active"],
        views=[View("active", _("Active"), where=_active), View("inactive", _("Inactive"), where=_inactive)],
        filters=["organisation", "superior"],
        search={"name": 3, "username": 2, "email": 2, "phone": 1, "job_title": 1},
        order="name",
        form=[
            Section(_("Person"), ["name", "username", "organisation", "job_title", "superior"]),
            Section(_("How to reach them"), ["email", "phone"]),
            Section(pgettext_lazy("preferences", "Pages"), ["language", "time_zone", "theme"]),
            Section(_("Elsewhere"), ["external_ref"]),
        ],
        panels=[
            Fields("name", "username", "organisation", "job_title", "superior", "email", "phone"),
            Related("memberships"),
            Related("role_assignments"),
            Timeline(),
        ],
        acts=[
            Act(
                "deactivate",
                services.deactivate_person,
                title=_("Deactivate"),
                allowed=_is_active,
                bulk=True,
                confirm=_("The person can no longer sign in; tokens and sessions end."),
            ),
            Act("reactivate", services.reactivate_person, title=_("Reactivate"), allowed=_is_closed),
            Act("set_password", services.set_password, title=_("Set a password"), form=PasswordForm),
            Act("end_sessions", services.end_sessions, title=_("Sign out everywhere")),
            Act(
                "reset_second_factor",
                services.reset_second_factor,
                title=_("Reset two-factor sign-in"),
                confirm=_("Signing in takes the password alone until they set it up again."),
            ),
        ],
        create=services.create_person,
        delete=False,
        import_key=["username"],
        redact=["password", "last_login"],
        menu=Menu("organise", _("People"), order=20, icon="users"),
        icon="user",
        plural="people",
    )
)

ORGANISATION = register(
    RecordType(
        model=Organisation,
        about=_("The provider and the customers it serves."),
        scope=[InOrganisation("id")],
        columns=[Column("name", grow=True), "code", "kind", "parent", "tier"],
        views=[View("working", _("Current"), where=_working)],
        filters=["parent", "kind", "tier"],
        search={"name": 3, "code": 2},
        form=[
            Section(_("Organisation"), ["name", "code", "kind", "parent", "tier"]),
            Section(_("How to reach them"), ["phone", "address", "language"]),
            Section(_("Elsewhere"), ["external_ref"]),
        ],
        panels=[
            Fields("name", "code", "kind", "parent", "tier", "phone", "address"),
            Related("children"),
            Related("people"),
            Timeline(),
        ],
        acts=[Act("retire", services.retire_organisation, title=_("Retire"), allowed=_works)],
        import_key=["code"],
        menu=Menu("organise", _("Organisations"), order=10, icon="building"),
        icon="building",
        small=True,
    )
)

TEAM = register(
    RecordType(
        model=Team,
        about=_("Groups that share a queue; tickets are assigned to a team, then to a person in it."),
        scope=[InTeam("id"), InOrganisation("organisation")],
        columns=[Column("name", grow=True), "line", "organisation", "email"],
        views=[View("working", _("Current"), where=_working)],
        filters=["organisation", "line"],
        search={"name": 3, "description": 1},
        form=[Section(_("Team"), ["name", "description", "line", "organisation", "email", "external_ref"])],
        panels=[
            Fields("name", "description", "line", "organisation", "email"),
            Related("memberships"),
            Timeline(),
        ],
        acts=[Act("retire", services.retire_team, title=_("Retire"), allowed=_works)],
        import_key=["name"],
        menu=Menu("organise", _("Teams"), order=30, icon="users-group"),
        icon="users-group",
        small=True,
    )
)

MEMBERSHIP = register(
    RecordType(
        model=Membership,
        scope=[InTeam("team"), Own("person")],
        columns=["team", "person", "role"],
        filters=["team", "person", "role"],
        form=[Section(_("Membership"), ["team", "person", "role"])],
        panels=[Fields("team", "person", "role"), Timeline()],
        create=services.join_team,
        delete=services.end_membership,
        import_key=["team", "person"],
        icon="users",
        small=True,
    )
)

ROLE = register(
    RecordType(
        model=Role,
        about=_("What people may do, bundled. Grants say which records each permission covers."),
        scope=Everyone(),
        columns=[Column("name", grow=True), "slug", "administrative", "held_by_everyone"],
        filters=["administrative"],
        search={"slug": 2},
        form=[Section(_("Role"), ["slug", "name", "description", "administrative", "held_by_everyone"])],
        panels=[
            Fields("description", "administrative", "held_by_everyone"),
            Related("grants"),
            Related("assignments"),
            Timeline(),
        ],
        texts=["name", "description"],
        change=services.change_role,
        menu=Menu("settings", _("Roles"), order=10, icon="shield-lock"),
        icon="shield-lock",
        small=True,
    )
)

GRANT = register(
    RecordType(
        model=Grant,
        scope=Everyone(),
        columns=["role", Column("permission", grow=True), "scope"],
        filters=["role", "scope"],
        search={"permission": 1},
        form=[Section(_("Grant"), ["role", "permission", "scope"])],
        panels=[Fields("role", "permission", "scope"), Timeline()],
        create=grant_permission,
        change=False,
        delete=revoke_permission,
        icon="key",
        small=True,
    )
)

ROLE_ASSIGNMENT = register(
    RecordType(
        model=RoleAssignment,
        about=_("Who holds which role, and until when."),
        scope=Own("person"),
        columns=["person", "role", "valid_from", "valid_until"],
        filters=["person", "role"],
        form=[Section(_("Role of a person"), ["person", "role", "valid_from", "valid_until"])],
        panels=[Fields("person", "role", "valid_from", "valid_until"), Timeline()],
        create=services.give_role,
        change=False,
        delete=services.take_role,
        menu=Menu("settings", _("Who holds which role"), order=20, icon="user-check"),
        icon="user-check",
        small=True,
    )
)

API_TOKEN = register(
    RecordType(
        model=ApiToken,
        scope=Own("person"),
        columns=[Column("name", grow=True), "person", "prefix", "expires_at", "revoked_at", "last_used_on"],
        filters=["person"],
        panels=[
            Fields("name", "person", "prefix", "permissions", "expires_at", "revoked_at", "last_used_on"),
            Timeline(),
        ],
        acts=[Act("revoke", services.revoke_token, title=_("Revoke"), allowed=_is_open, bulk=True)],
        create=False,
        change=False,
        delete=False,
        redact=["digest"],
        menu=Menu("settings", _("API tokens"), order=30, icon="api"),
        icon="key",
        small=True,
    )
)

TAG = register(
    RecordType(
        model=Tag,
        scope=Everyone(),
        columns=[Column("name", grow=True), "colour"],
        search={"name": 1},
        form=[Section(_("Tag"), ["name", "colour"])],
        panels=[Fields("name", "colour"), Timeline()],
        import_key=["name"],
        menu=Menu("settings", _("Tags"), order=60, icon="tags"),
        icon="tag",
        small=True,
    )
)
