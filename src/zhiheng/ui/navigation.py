"""The navigation at the left: pages register themselves, the person sees those they may open, in the order of
the loop.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from operator import attrgetter

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhiheng.kernel.registry import Registry

Text = str | Promise
Permission = Callable[[HttpRequest], bool]
Count = Callable[[HttpRequest], int | None]


def anyone(request: HttpRequest) -> bool:  # noqa: ARG001 - the signature of a permission
    """The permission of what everybody may see."""
    return True


def signed_in(request: HttpRequest) -> bool:
    """The permission of what any signed-in person may see."""
    user = getattr(request, "user", None)
    return bool(user is not None and user.is_authenticated)


class Group(Enum):
    """The groups of the navigation; their order is the loop that the product is about."""

    WORK = "work"
    SERVE = "serve"
    RUN = "run"
    MEASURE = "measure"
    IMPROVE = "improve"
    ORGANISE = "organise"
    SETTINGS = "settings"

    @property
    def label(self) -> Text:
        """The heading over the group."""
        return GROUP_LABELS[self]


GROUP_LABELS: dict[Group, Text] = {
    Group.WORK: _("Work"),
    Group.SERVE: _("Serve"),
    Group.RUN: _("Run"),
    Group.MEASURE: _("Measure"),
    Group.IMPROVE: _("Improve"),
    Group.ORGANISE: _("Organise"),
    Group.SETTINGS: _("Settings"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    """One page of the navigation. `badge` counts what waits there; `words` are further names the palette
    finds it by.

    `url_args` and `query` complete the address (`query` without "?"). `opens` names the page that a click opens where
    that is another one: it leads on to a page below the address.
    """

    group: Group
    label: Text
    url_name: str
    icon: str
    order: int = 100
    permission: Permission = signed_in
    badge: Count | None = None
    words: tuple[str, ...] = ()
    url_args: tuple[str, ...] = ()
    query: str = ""
    opens: str = ""

    @property
    def key(self) -> str:
        """Names the item in the page and in the counters."""
        return "-".join(
            (self.url_name.replace(":", "-"), *self.url_args, *([self.query] if self.query else []))
        )

    @property
    def url(self) -> str:
        """Its address."""
        return reverse(self.url_name, args=self.url_args) + (f"?{self.query}" if self.query else "")

    @property
    def target(self) -> str:
        """Where a click leads."""
        return reverse(self.opens) if self.opens else self.url


@dataclass(frozen=True, slots=True)
class NavLink:
    """A `NavItem` as one person sees it on one page."""

    item: NavItem
    url: str
    current: bool
    count: int | None

    @property
    def count_text(self) -> str:
        """The badge: capped, and empty rather than zero."""
        return capped(self.count)


@dataclass(frozen=True, slots=True)
class NavSection:
    """A group with at least one page that the person may see."""

    group: Group
    links: tuple[NavLink, ...]


NAV: Registry[NavItem] = Registry("navigation item")
_workspace: list[Permission] = [anyone]


def configure_workspace(permission: Permission) -> None:
    """Say who has work in the workspace; everybody else gets no navigation, only the portal."""
    _workspace[0] = permission


def register_nav(item: NavItem) -> NavItem:
    """Put a page into the navigation. Call it in `AppConfig.ready`."""
    return NAV.register(item.key, item)


def allowed_items(request: HttpRequest) -> list[NavItem]:
    """The pages that this person may see, in the order of the loop, then by `order`, then as registered."""
    groups = list(Group)
    items = sorted(NAV.values(), key=attrgetter("order"))
    items.sort(key=lambda item: groups.index(item.group))
    if not _workspace[0](request):
        return []
    return [item for item in items if item.permission(request)]


def sections_for(request: HttpRequest) -> list[NavSection]:
    """The navigation of this person on this page: only groups that are not empty."""
    items = allowed_items(request)
    urls = {item.key: item.url for item in items}
    current = current_key(request.get_full_path(), urls)
    sections = []
    for group in Group:
        links = tuple(
            NavLink(item, item.target, item.key == current, item.badge(request) if item.badge else None)
            for item in items
            if item.group is group
        )
        if links:
            sections.append(NavSection(group, links))
    return sections


def current_key(path: str, urls: dict[str, str]) -> str | None:
    """Key of the item whose address is the longest beginning of `path`; an item with a query needs the same
    query.
    """
    plain = path.split("?", 1)[0]
    best: tuple[int, str] | None = None
    for key, url in urls.items():
        fits = (
            url == path
            if "?" in url
            else plain == url or (url != "/" and plain.startswith(url.rstrip("/") + "/"))
        )
        if fits and (best is None or len(url) > best[0]):
            best = (len(url), key)
    return best[1] if best else None


def capped(count: int | None, most: int = 1000) -> str:
    """A count for a badge: "" for none, "1000+" from `most` on."""
    if not count:
        return ""
    return f"{most}+" if count >= most else str(count)
