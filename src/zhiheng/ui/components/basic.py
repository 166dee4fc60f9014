"""The small components: links, buttons, menus, chips, tabs, properties, people, empty states, notices, jobs,
pagers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from zhiheng.ui.navigation import Text


@dataclass(frozen=True, slots=True)
class Link:
    """A link with its words."""

    label: Text
    url: str
    icon: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActButton:
    """An act that may be done now. Exactly one of `url` (a page), `post_url` (a form of its own), `dialog`
    (id) is given.

    `key` is the key that does it (shown, and bound by the bundle); `get_url` loaded by htmx into `dialog`
    first.
    """

    label: Text
    url: str = ""
    post_url: str = ""
    dialog: str = ""
    load_url: str = ""
    name: str = ""
    value: str = ""
    icon: str = ""
    key: str = ""
    primary: bool = False
    danger: bool = False
    confirm: Text = ""
    disabled_reason: Text = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuEntry:
    """One line of a menu: a link, or an act by POST."""

    label: Text
    url: str = ""
    post_url: str = ""
    icon: str = ""
    key: str = ""
    current: bool = False
    danger: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """A button that opens a popover with entries. `id` is unique on the page."""

    id: str
    label: Text
    entries: tuple[MenuEntry, ...]
    icon: str = ""
    icon_only: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter chip: where it leads, whether it is on, how many rows it would show (None: not counted)."""

    label: Text
    url: str
    on: bool = False
    count: int | None = None
    count_capped: bool = False
    remove: bool = False
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Chips:
    """A row of filter chips; `label` names the row for screen readers."""

    choices: tuple[Choice, ...]
    label: Text = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: a saved view, or a part of a detail page."""

    label: Text
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Tabs:
    """Tabs, each a page of its own."""

    tabs: tuple[Tab, ...]
    label: Text = ""


@dataclass(frozen=True, slots=True)
class Property:
    """One property: text, optionally a link, a tag tone (ok, risk, miss, pause, state, none) and a place to
    edit it.
    """

    label: Text
    value: Text
    url: str = ""
    tone: str = ""
    edit_url: str = ""
    note: Text = ""


@dataclass(frozen=True, slots=True)
class Properties:
    """The list of properties at the right of a detail page; `across` puts the labels at the left of the
    values.
    """

    items: tuple[Property, ...]
    across: bool = False


@dataclass(frozen=True, slots=True)
class Avatar:
    """A person (or the system) by name. `kind`: staff, customer, system."""

    name: str
    kind: str = "staff"
    image_url: str = ""
    url: str = ""
    size: str = ""

    @property
    def initials(self) -> str:
        """One Chinese character (the surname), or up to two Latin initials."""
        name = self.name.strip()
        if not name:
            return "?"
        if not name[0].isascii():
            return name[0]
        words = [word for word in name.replace(".", " ").split() if word[0].isalnum()]
        return "".join(word[0].upper() for word in words[:2]) or name[0]


@dataclass(frozen=True, slots=True)
class Empty:
    """What stands where nothing is yet: what this is for, and the one thing to do first."""

    title: Text
    text: Text = ""
    act: ActButton | None = None
    icon: str = "inbox"
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A message in the page. `tone`: "", ok, risk, miss."""

    text: Text
    tone: str = ""
    title: Text = ""
    link: Link | None = None

    @property
    def icon(self) -> str:
        """The icon that goes with the tone, so that colour is not the only sign."""
        return {"ok": "circle-check", "risk": "alert-triangle", "miss": "alert-circle"}.get(
            self.tone, "info-circle"
        )


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    DEAD = "dead"
    CANCELLED = "cancelled"


JOB_ICONS = {
    JobState.WAITING: "hourglass",
    JobState.RUNNING: "progress",
    JobState.DONE: "circle-check",
    JobState.FAILED: "alert-triangle",
    JobState.DEAD: "circle-x",
    JobState.CANCELLED: "player-stop",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class JobCard:
    """Long work: how far, what it is doing, how long still, and where its result is."""

    name: Text
    state: JobState
    done: int | None = None
    total: int | None = None
    doing: Text = ""
    remaining_s: float | None = None
    url: str = ""
    poll_url: str = ""
    cancel_url: str = ""
    retry_url: str = ""
    result: Link | None = None
    error: Text = ""
    when: Text = ""
    """When it ended or will begin, and how long it took."""
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def share(self) -> float | None:
        """Progress from 0 to 1, None while unknown."""
        if self.done is None or not self.total:
            return None
        return min(1.0, self.done / self.total)

    @property
    def icon(self) -> str:
        """The icon of its state."""
        return JOB_ICONS[self.state]

    @property
    def tone(self) -> str:
        """Its class: running, done, failed or plain."""
        return "failed" if self.state is JobState.DEAD else self.state.value

    @property
    def live(self) -> bool:
        """Whether it will still change."""
        return self.state in {JobState.WAITING, JobState.RUNNING}


@dataclass(frozen=True, slots=True)
class Pager:
    """Keyset paging: there are newer and older rows, not page numbers. `total` may be capped ("1000+")."""

    first: int
    last: int
    newer_url: str = ""
    older_url: str = ""
    total: int | None = None
    total_capped: bool = False
