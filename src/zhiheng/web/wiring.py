"""What this package tells lower ones at start-up. Imported once by its AppConfig."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from zhiheng.accounts.sign_in import offer_people
from zhiheng.kernel.actor import ANONYMOUS, current_or_none
from zhiheng.ui.navigation import Group, NavItem, configure_workspace, register_nav
from zhiheng.ui.shell import ShellLink, configure_shell, register_portal_link
from zhiheng.web.queries.places import has_workspace
from zhiheng.web.services.demo import demo_people


def works_here(_request: HttpRequest) -> bool:
    """The permission of the whole workspace."""
    acting = current_or_none()
    return has_workspace(acting.actor if acting else ANONYMOUS)


offer_people(demo_people)
configure_workspace(works_here)
configure_shell(home="web:home", portal_home="web:portal", workspace="web:home")
for order, (label, url_name, icon) in enumerate(
    (
        (_("Help"), "web:portal", "help-circle"),
        (_("Services"), "web:portal_services", "list-details"),
        (_("My tickets"), "web:portal_tickets", "ticket"),
    )
):
    register_portal_link(ShellLink(label=label, url_name=url_name, icon=icon, order=10 * order))
register_nav(
    NavItem(
        group=Group.SERVE,
        label=_("Portal"),
        url_name="web:portal",
        icon="heart-handshake",
        order=90,
        permission=works_here,
    )
)
