"""Panels of a detail page as a domain declares them, and the slots higher packages fill.

A panel of one's own is a frozen dataclass with a `template` and a `context(page)`; it asks the page for rows,
so that it gets only what the person may see.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    from django.http import HttpRequest

    from zhiheng.kernel.actor import Actor
    from zhiheng.ui import components


@dataclass(frozen=True, slots=True)
class Property:
    """One property as drawn: its words, its value, where it leads and where it is edited."""

    name: str
    label: str
    words: str
    url: str = ""
    edit_url: str = ""
    long: bool = False


@dataclass(frozen=True, slots=True)
class RelatedRows:
    """The first rows of a reverse relation and the list that holds all of them."""

    title: str
    rows: Sequence[tuple[str, str]]
    more: bool
    all_url: str
    add_url: str


class RecordPage(Protocol):
    """What a panel may ask of the page it stands on: one record as one person sees it."""

    request: HttpRequest
    record: Any
    actor: Actor

    @property
    def may_change(self) -> bool:
        """Whether the person may edit this record by hand."""

    def may(self, action: str) -> bool:
        """Whether the person may do this with the record."""

    def properties(self, names: Iterable[str]) -> Sequence[Property]:
        """The properties of that name, each with its place to edit it if the person may."""

    def related(self, name: str, *, limit: int) -> RelatedRows | None:
        """The first rows of a reverse relation that the person may see; None without the right to see any."""

    def entries(self, *, limit: int) -> Sequence[Any]:
        """The latest entries of the journal about the record."""

    def timeline(self, *, limit: int) -> components.Timeline:
        """The latest entries, oldest first, as the component draws them."""

    def tags(self) -> Sequence[Any]:
        """The tags on the record."""

    def attachments(self) -> Sequence[Any]:
        """The files on the record."""

    def watchers(self) -> Sequence[str]:
        """The names of the people who watch the record."""

    def watching(self) -> bool:
        """Whether the person is one of them."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the detail page. `context` answers what the template needs, or None to leave the panel out."""

    template: ClassVar[str] = ""

    def context(self, page: RecordPage) -> Mapping[str, Any] | None:  # noqa: ARG002 - for subclasses
        """The data of the panel for this record and this person."""
        return {}


@dataclass(frozen=True, slots=True, init=False)
class Fields(Panel):
    """Properties with their names, each edited in place where the person may change it."""

    template: ClassVar[str] = "records/panels/fields.html"
    names: tuple[str, ...] = ()
    title: Any = ""

    def __init__(self, *names: str, title: Any = "") -> None:
        object.__setattr__(self, "names", names)
        object.__setattr__(self, "title", title)

    def context(self, page: RecordPage) -> Mapping[str, Any]:
        return {"title": self.title, "properties": page.properties(self.names)}


@dataclass(frozen=True, slots=True)
class Related(Panel):
    """The first rows of a reverse relation, with a link to all of them."""

    template: ClassVar[str] = "records/panels/related.html"
    name: str = ""
    title: Any = ""
    limit: int = 8

    def context(self, page: RecordPage) -> Mapping[str, Any] | None:
        rows = page.related(self.name, limit=self.limit)
        return None if rows is None else {"title": self.title or rows.title, "related": rows}


@dataclass(frozen=True, slots=True)
class Timeline(Panel):
    """What happened to the record, newest first, from the journal."""

    template: ClassVar[str] = "records/panels/timeline.html"
    title: Any = ""
    limit: int = 50

    def context(self, page: RecordPage) -> Mapping[str, Any]:
        return {"title": self.title, "timeline": page.timeline(limit=self.limit)}


@dataclass(frozen=True, slots=True)
class Tags(Panel):
    """The tags of the record; whoever may change it sets them."""

    template: ClassVar[str] = "records/panels/tags.html"

    def context(self, page: RecordPage) -> Mapping[str, Any]:
        return {"tags": page.tags()}


@dataclass(frozen=True, slots=True)
class Attachments(Panel):
    """The files of the record; whoever may change it adds and takes off."""

    template: ClassVar[str] = "records/panels/attachments.html"

    def context(self, page: RecordPage) -> Mapping[str, Any]:
        return {"attachments": page.attachments()}


@dataclass(frozen=True, slots=True)
class Watchers(Panel):
    """Who is told of what happens to the record, and the button to be one of them."""

    template: ClassVar[str] = "records/panels/watchers.html"

    def context(self, page: RecordPage) -> Mapping[str, Any]:
        return {"watchers": page.watchers(), "watching": page.watching()}


@dataclass(frozen=True, slots=True)
class Slot(Panel):
    """A named place that higher packages fill: `RECORD.slot(name).add(panel, order=20)`."""

    name: str = ""

    def panels(self, slots: Mapping[str, SlotContents]) -> Sequence[Panel]:
        """The panels that were added, in their order."""
        contents = slots.get(self.name)
        return contents.panels() if contents else ()


@dataclass(slots=True)
class SlotContents:
    """What was put into one slot."""

    entries: list[tuple[int, Panel]] = field(default_factory=list)

    def add(self, panel: Panel, *, order: int = 100) -> None:
        """Put a panel into the slot; adding the same panel twice has no effect."""
        if not any(panel == held for _, held in self.entries):
            self.entries.append((order, panel))

    def panels(self) -> list[Panel]:
        """The panels by order; equal orders keep the order in which they were added."""
        return [panel for _, panel in sorted(self.entries, key=lambda entry: entry[0])]
