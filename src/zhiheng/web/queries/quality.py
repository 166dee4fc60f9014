"""What the quality pages ask: the lens that a person's choice of period and filters makes, names behind keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from zhiheng.accounts.models import Team
from zhiheng.accounts.queries import team_ids_of
from zhiheng.catalog.models import Service
from zhiheng.desk.choices import Priority
from zhiheng.desk.models import Ticket
from zhiheng.indicators.jobs import refresh_mirror
from zhiheng.indicators.mirror import Manifest, current
from zhiheng.indicators.queries import FILTERED_BY, Lens, lens_for
from zhiheng.indicators.rules import USUAL_WEEKS, weeks_before
from zhiheng.kernel.actor import Actor
from zhiheng.kernel.text import localized
from zhiheng.kernel.time import from_epoch
from zhiheng.platform.grants import visible_to
from zhiheng.platform.models import Job
from zhiheng.ui.navigation import Text

PERIODS: dict[str, Text] = {
    "4": _("Last 4 weeks"),
    "13": _("Last 13 weeks"),
    "26": _("Last 26 weeks"),
    "52": _("Last 52 weeks"),
}
PERIOD = str(USUAL_WEEKS)
LIVE_JOBS = ("waiting", "running")
_FILTERS: dict[str, Text] = {"service": _("Service"), "team": _("Team"), "priority": _("Priority")}
FILTERS = {name: _FILTERS[name] for name in FILTERED_BY}


@dataclass(frozen=True)
class Look:
    """What a person chose to look at; carried from page to page in the address."""

    manifest: Manifest
    lens: Lens
    period: str

    def query(self, **changes: str) -> str:
        """The choice as a query string, with changes; an empty value takes a filter off."""
        chosen = {"period": self.period if self.period != PERIOD else "", **self.lens.chosen, **changes}
        address = QueryDict(mutable=True)
        address.update({name: value for name, value in chosen.items() if value})
        text = address.urlencode()
        return f"?{text}" if text else ""

    @property
    def built_at(self) -> datetime:
        """When the facts were read."""
        return from_epoch(self.manifest.built_at_s)

    @property
    def tickets(self) -> int:
        """How many tickets the facts hold."""
        return self.manifest.rows("facts/tickets.parquet")

    @cached_property
    def names(self) -> Names:
        """The words for the keys that facts are grouped by."""
        return Names()


class Names:
    """The words for the keys that facts are grouped by."""

    @cached_property
    def services(self) -> dict[str, str]:
        """The names of services in the language of the page."""
        return {slug: localized(name) for slug, name in Service.objects.values_list("slug", "name")}

    @cached_property
    def service_ids(self) -> dict[str, int]:
        """The ids of services by slug."""
        return dict(Service.objects.values_list("slug", "pk"))

    @cached_property
    def teams(self) -> dict[str, int]:
        """The ids of teams by name."""
        return dict(Team.objects.values_list("name", "pk"))

    def of(self, scope: str, key: str) -> str:
        """The word for a key of a scope."""
        if not key:
            return str(_("Not stated"))
        if scope == "service":
            return self.services.get(key, key)
        if scope == "priority":
            return str(Priority(int(key)).label) if key.isdigit() and int(key) in Priority.values else key
        return key


def look_of(actor: Actor, asked: Mapping[str, str]) -> Look | None:
    """The look that an address asks for; None while there are no facts. Unknown choices fall back to the usual ones."""
    manifest = current()
    if manifest is None or not manifest.rows("facts/tickets.parquet"):
        return None
    period = asked.get("period", PERIOD)
    if period not in PERIODS:
        period = PERIOD
    teams = frozenset(Team.objects.filter(pk__in=team_ids_of(actor)).values_list("name", flat=True))
    lens = lens_for(
        actor,
        manifest,
        from_s=weeks_before(manifest.cut_s, int(period), settings.TIME_ZONE),
        filters={name: asked[name] for name in FILTERS if asked.get(name)},
        teams=teams,
        zone=settings.TIME_ZONE,
    )
    return Look(manifest, lens, period)


def is_service(key: str) -> bool:
    """Whether facts can be grouped by a service of that key."""
    return Service.objects.filter(slug=key).exists()


def is_team(key: str) -> bool:
    """Whether facts can be grouped by a team of that name."""
    return Team.objects.filter(name=key).exists()


def is_priority(key: str) -> bool:
    """Whether tickets can have the priority of that number."""
    return key.isdecimal() and int(key) in Priority.values


def tickets_by_id(actor: Actor, ids: list[int]) -> list[Ticket]:
    """Tickets in the order of their ids, as far as the actor may see them."""
    rows = visible_to(actor, "view", Ticket.objects.filter(pk__in=ids)).select_related("team", "assignee")
    found = {ticket.pk: ticket for ticket in rows}
    return [found[pk] for pk in ids if pk in found]


def newest_refresh(*, live_only: bool = False) -> Job | None:
    """The last refresh of the facts that was asked for; with `live_only` one that still waits or runs."""
    rows = Job.objects.filter(path=refresh_mirror.module_path)
    if live_only:
        rows = rows.filter(state__in=LIVE_JOBS)
    return rows.order_by("-id").first()


def refresh_by_id(job_id: int) -> Job | None:
    """One refresh, for its card."""
    return Job.objects.filter(path=refresh_mirror.module_path, pk=job_id).first()
