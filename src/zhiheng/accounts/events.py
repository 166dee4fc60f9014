"""Acts of this domain, as the journal knows them. Imported at start-up."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhiheng.platform.journal import register_act

SIGNED_IN = "accounts.person.signed_in"
SIGNED_OUT = "accounts.person.signed_out"
SIGN_IN_FAILED = "accounts.person.sign_in_failed"
PASSWORD_SET = "accounts.person.password_set"  # noqa: S105 - the name of an act
SECOND_FACTOR_ADDED = "accounts.person.second_factor_added"
SECOND_FACTOR_REMOVED = "accounts.person.second_factor_removed"
RECOVERY_CODES_MADE = "accounts.person.recovery_codes_made"
SESSIONS_ENDED = "accounts.person.sessions_ended"
DEACTIVATED = "accounts.person.deactivated"
REACTIVATED = "accounts.person.reactivated"
ORGANISATION_MOVED = "accounts.organisation.moved"
ORGANISATION_RETIRED = "accounts.organisation.retired"
TEAM_RETIRED = "accounts.team.retired"
TOKEN_ISSUED = "accounts.apitoken.issued"  # noqa: S105 - the name of an act
TOKEN_REVOKED = "accounts.apitoken.revoked"  # noqa: S105 - the name of an act

LABELS = {
    SIGNED_IN: (_("signed in"), "login"),
    SIGNED_OUT: (_("signed out"), "logout"),
    SIGN_IN_FAILED: (_("sign-in failed"), "lock"),
    PASSWORD_SET: (_("password set"), "key"),
    SECOND_FACTOR_ADDED: (_("second factor added"), "shield-check"),
    SECOND_FACTOR_REMOVED: (_("second factor removed"), "shield-lock"),
    RECOVERY_CODES_MADE: (_("recovery codes made"), "key"),
    SESSIONS_ENDED: (_("sessions ended"), "logout"),
    DEACTIVATED: (_("account deactivated"), "user"),
    REACTIVATED: (_("account reactivated"), "user-check"),
    ORGANISATION_MOVED: (_("moved in the tree"), "sitemap"),
    ORGANISATION_RETIRED: (_("retired"), "folder"),
    TEAM_RETIRED: (_("retired"), "folder"),
    TOKEN_ISSUED: (_("API token issued"), "key"),
    TOKEN_REVOKED: (_("API token revoked"), "key"),
}

for _name, (_label, _icon) in LABELS.items():
    register_act(_name, label=_label, icon=_icon)
