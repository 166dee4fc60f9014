"""What this package tells lower ones at start-up. Imported once by its AppConfig."""

from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from zhiheng.accounts.services import offer_people
from zhiheng.indicators.groups import register_groups
from zhiheng.kernel.actor import ANONYMOUS, Actor, current_or_none
from zhiheng.platform.grants import Everyone, may, register_scopes
from zhiheng.platform.models import Entry, Job, Parked
from zhiheng.ui.navigation import Group, NavItem, Permission, configure_workspace, register_nav
from zhiheng.ui.shell import Counter, ShellLink, configure_shell, register_counter, register_portal_link
from zhiheng.web.queries import quality, work
from zhiheng.web.queries.places import has_workspace
from zhiheng.web.services.demo import demo_people

MEASURE = (
    (_("Overview"), "quality:overview", "gauge"),
    (_("Indicators"), "quality:indicators", "chart-line"),
    (_("Diagnosis"), "quality:diagnosis", "stethoscope"),
    (_("Process map"), "quality:map", "route"),
)


def who() -> Actor:
    """Who looks at the page."""
    acting = current_or_none()
    return acting.actor if acting else ANONYMOUS


def works_here(_request: HttpRequest) -> bool:
    """The permission of the whole workspace."""
    return has_workspace(who())


def reads(model: type[Model]) -> Permission:
    """The permission of a page about all rows of a model."""
    return lambda _request: may(who(), "view", model)


for _model in (Job, Parked, Entry):
    register_scopes(_model, Everyone())

offer_people(demo_people)
register_groups("service", quality.is_service)
register_groups("team", quality.is_team)
register_groups("priority", quality.is_priority)
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
register_counter(
    Counter(
        name="jobs",
        label=_("Jobs running"),
        icon="progress",
        url_name="web:jobs",
        count=lambda _request: work.live_count(who()),
        order=10,
        permission=works_here,
    )
)
for order, (label, url_name, icon, permission) in enumerate(
    (
        (_("Settings"), "web:settings", "settings", works_here),
        (_("Jobs"), "web:jobs", "progress", reads(Job)),
        (_("Journal"), "web:journal", "history", reads(Entry)),
        (_("State of the journal"), "web:journal_state", "shield-check", reads(Parked)),
    )
):
    register_nav(
        NavItem(
            group=Group.SETTINGS,
            label=label,
            url_name=url_name,
            icon=icon,
            order=200 + order,
            permission=permission,
        )
    )
for order, (label, url_name, icon) in enumerate(MEASURE):
    register_nav(
        NavItem(
            group=Group.MEASURE,
            label=label,
            url_name=url_name,
            icon=icon,
            order=10 * order,
            permission=works_here,
        )
    )
