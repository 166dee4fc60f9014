"""What else the frame of a page holds: creating, counters, the person's menu, the portal's links, and where
things are.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from django.http import HttpRequest
from django.urls import reverse

from zhiheng.kernel.registry import Registry
from zhiheng.ui.components.basic import Avatar
from zhiheng.ui.navigation import Count, NavSection, Permission, Text, capped, sections_for, signed_in


@dataclass(frozen=True, slots=True, kw_only=True)
class ShellLink:
    """A link of the frame: something to create, a page of the person, a page of the portal. `post` for acts
    (sign out).
    """

    label: Text
    url_name: str
    icon: str = ""
    order: int = 100
    permission: Permission = signed_in
    post: bool = False
    words: tuple[str, ...] = ()
    url_args: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Names the link."""
        return "-".join((self.url_name, *self.url_args))

    @property
    def url(self) -> str:
        """Its address."""
        return reverse(self.url_name, args=self.url_args)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """An icon of the top bar with a number that keeps itself up to date, such as jobs running or
    notifications.
    """

    name: str
    label: Text
    icon: str
    url_name: str
    count: Count
    order: int = 100
    permission: Permission = signed_in

    @property
    def url(self) -> str:
        """The page that it opens."""
        return reverse(self.url_name)


@dataclass(frozen=True, slots=True)
class Places:
    """Names of the addresses that the frame links to; "" hides the link."""

    home: str = "ui:start"
    search: str = ""
    sign_in: str = ""
    portal_home: str = ""
    workspace: str = ""


CREATES: Registry[ShellLink] = Registry("thing to create")
PERSON_LINKS: Registry[ShellLink] = Registry("link of the person's menu")
PORTAL_LINKS: Registry[ShellLink] = Registry("link of the portal")
COUNTERS: Registry[Counter] = Registry("counter")
_places: list[Places] = [Places()]


def register_create(link: ShellLink) -> ShellLink:
    """Offer something under "create" (`c`) and in the palette."""
    return CREATES.register(link.key, link)


def register_person_link(link: ShellLink) -> ShellLink:
    """Add a line to the menu of the person."""
    return PERSON_LINKS.register(link.key, link)


def register_portal_link(link: ShellLink) -> ShellLink:
    """Add a page to the head of the portal."""
    return PORTAL_LINKS.register(link.key, link)


def register_counter(counter: Counter) -> Counter:
    """Add an icon with a live number to the top bar."""
    return COUNTERS.register(counter.name, counter)


def configure_shell(**places: str) -> None:
    """Say where home, search, sign_in, portal_home and workspace are, by URL name."""
    _places[0] = replace(_places[0], **places)


def places() -> Places:
    """Where things are now."""
    return _places[0]


@dataclass(frozen=True, slots=True)
class CounterView:
    """A counter as one person sees it."""

    counter: Counter
    count: int | None

    @property
    def count_text(self) -> str:
        """The number on the icon."""
        return capped(self.count, 100)


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame of one page for one person. Everything is worked out only when a template asks for it."""

    request: HttpRequest
    theme: str = field(default="")
    nav_state: str = field(default="")

    @property
    def sections(self) -> list[NavSection]:
        """The navigation."""
        return sections_for(self.request)

    @property
    def person(self) -> Avatar:
        """The signed-in person, for the top bar."""
        return Avatar(str(getattr(self.request, "user", "")))

    @property
    def creates(self) -> list[ShellLink]:
        """What the person may create."""
        return allowed(CREATES, self.request)

    @property
    def person_links(self) -> list[ShellLink]:
        """The person's own pages."""
        return allowed(PERSON_LINKS, self.request)

    @property
    def portal_links(self) -> list[tuple[ShellLink, bool]]:
        """The pages of the portal, each with whether it is the one shown."""
        path = self.request.path
        return [(link, link.url == path) for link in allowed(PORTAL_LINKS, self.request)]

    @property
    def counters(self) -> list[CounterView]:
        """The numbers of the top bar."""
        return counters_for(self.request)

    @property
    def home_url(self) -> str:
        """Where the brand leads."""
        return reverse(places().home)

    @property
    def search_url(self) -> str:
        """The search page, or "" while there is none."""
        return reverse(places().search) if places().search else ""

    @property
    def sign_in_url(self) -> str:
        """The sign-in page, or ""."""
        return reverse(places().sign_in) if places().sign_in else ""

    @property
    def portal_url(self) -> str:
        """The portal, or ""."""
        return reverse(places().portal_home) if places().portal_home else ""

    @property
    def frame(self) -> str:
        """The template around pages that belong to everybody: whoever has no workspace stays in the portal."""
        return "ui/base.html" if self.workspace_url or not self.portal_url else "ui/portal.html"

    @property
    def workspace_url(self) -> str:
        """The workspace, or "" for whoever has no work there: nothing in the navigation."""
        if not places().workspace or not self.sections:
            return ""
        return reverse(places().workspace)


def allowed(links: Registry[ShellLink], request: HttpRequest) -> list[ShellLink]:
    """The links that this person may follow, in order."""
    return [link for link in sorted(links.values(), key=lambda link: link.order) if link.permission(request)]


def counters_for(request: HttpRequest) -> list[CounterView]:
    """The counters that this person may see, counted now."""
    shown = [counter for counter in COUNTERS.values() if counter.permission(request)]
    return [CounterView(each, each.count(request)) for each in sorted(shown, key=lambda each: each.order)]
