"""What this package tells lower ones at start-up. Imported once by its AppConfig."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from zhiheng.accounts import events
from zhiheng.accounts.models import Membership, Organisation, Person, Team
from zhiheng.accounts.queries import organisation_ids_of, team_ids_of
from zhiheng.accounts.services.tokens import delegation_of
from zhiheng.kernel.actor import ActorKind
from zhiheng.platform.grants import Own, register_delegate, register_scope, register_scopes
from zhiheng.platform.models import SavedView
from zhiheng.platform.notifications import unread_count
from zhiheng.ui.shell import Counter, ShellLink, configure_shell, register_counter, register_person_link

__all__ = ["events"]


def _unread(request: HttpRequest) -> int | None:
    return unread_count(person_id=request.user.pk) if isinstance(request.user, Person) else None


register_scope("team", ids_for=team_ids_of, depends_on=(Membership, Team))
register_scope("organisation", ids_for=organisation_ids_of, depends_on=(Organisation, Person))
register_scopes(SavedView, Own("owner"), actions={"share": _("Share with everyone")})
register_delegate(ActorKind.TOKEN, delegation_of)

register_counter(
    Counter(
        name="notifications",
        label=_("Notifications"),
        icon="bell",
        url_name="accounts:notifications",
        count=_unread,
        order=20,
    )
)
for order, (label, url_name, icon) in enumerate(
    (
        (_("My preferences"), "accounts:me", "user-circle"),
        (_("Two-factor sign-in"), "mfa_index", "shield-lock"),
        (_("Sessions"), "usersessions_list", "device-desktop"),
        (_("API tokens"), "accounts:tokens", "key"),
    )
):
    register_person_link(ShellLink(label=label, url_name=url_name, icon=icon, order=10 + order))
register_person_link(
    ShellLink(label=_("Sign out"), url_name="account_logout", icon="logout", order=90, post=True)
)
configure_shell(sign_in="account_login")
