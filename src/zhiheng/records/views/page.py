"""What the panels of a detail page may ask: properties, related rows, entries, the record, the person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db.models import ForeignKey, Model, Q
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from zhiheng.kernel.actor import Actor, ActorKind
from zhiheng.platform.files import attachments_of
from zhiheng.platform.grants import may, person_of
from zhiheng.platform.journal import entries_for
from zhiheng.platform.notifications import watchers_of, watches
from zhiheng.platform.tags import tags_of
from zhiheng.records.fields import FieldInfo, Kind, editable_fields, field_of
from zhiheng.records.listing.keyset import Order
from zhiheng.records.listing.rows import visible_rows
from zhiheng.records.panels import Panel, Property, RelatedRows, Slot
from zhiheng.records.registry import registry
from zhiheng.records.routes import record_url
from zhiheng.records.timeline import actor_names, names_of, told_changes, words_of
from zhiheng.ui import components

if TYPE_CHECKING:
    from zhiheng.records.declaration import RecordType


class DetailPage:
    """One record as one person sees it."""

    def __init__(self, request: HttpRequest, record_type: RecordType, record: Any, actor: Actor) -> None:
        self.request = request
        self.record_type = record_type
        self.record = record
        self.actor = actor

    @cached_property
    def may_change(self) -> bool:
        """Whether the person may edit records like this one by hand, be this one fixed or not."""
        return self.record_type.change is not False and may(self.actor, "change", self.record)

    @cached_property
    def _open_to_change(self) -> bool:
        return self.may_change and not self.record_type.why_fixed(self.record)

    def may(self, action: str) -> bool:
        """Whether the person may do this with the record."""
        return may(self.actor, action, self.record)

    @cached_property
    def _editable(self) -> frozenset[str]:
        declared = {name for section in self.record_type.form for name in section.fields}
        free = {info.name for info in editable_fields(self.record_type)}
        return frozenset(free & declared if declared else free)

    def properties(self, names: Iterable[str]) -> list[Property]:
        """The properties of that name, each with its place to edit it if the person may."""
        return [self.property(field_of(self.record_type, name)) for name in names]

    def property(self, info: FieldInfo) -> Property:
        """One property."""
        value = info.raw(self.record)
        editable = info.own and info.name in self._editable and self._open_to_change
        return Property(
            name=info.path,
            label=info.label,
            words=self._words(info, value),
            url=record_url(value) if isinstance(value, Model) and may(self.actor, "view", value) else "",
            edit_url=record_url(self.record, "field", name=info.name) if editable else "",
            long=info.kind in {Kind.LONG_TEXT, Kind.JSON} and value not in (None, ""),
        )

    def _words(self, info: FieldInfo, value: Any) -> str:
        words = self.record_type.words.get(info.path)
        return str(words([self.record])[self.record.pk]) if words else info.shown(value)

    def related(self, name: str, *, limit: int) -> RelatedRows | None:
        """The first rows of a reverse relation that the person may see; None without the right to see any."""
        relation = self.record_type.model._meta.get_field(name)
        other = registry.of(relation.related_model)  # type: ignore[arg-type]
        if other is None or not may(self.actor, "view", other.model):
            return None
        link = relation.remote_field
        assert isinstance(link, ForeignKey)
        order = Order(None, descending=True)
        rows = list(visible_rows(other, self.actor, Q(**{link.name: self.record.pk}), order, limit + 1))
        query = f"?{link.name}={self.record.pk}"
        may_add = other.create is not False and may(self.actor, "add", other.model)
        return RelatedRows(
            title=str(other.title_plural),
            rows=[(record_url(row), str(row)) for row in rows[:limit]],
            more=len(rows) > limit,
            all_url=record_url(other, "list") + query,
            add_url=record_url(other, "add") + query if may_add else "",
        )

    def entries(self, *, limit: int) -> Sequence[Any]:
        """The latest entries of the journal about the record."""
        return entries_for(self.record, limit=limit)

    def timeline(self, *, limit: int) -> components.Timeline:
        """The latest entries, oldest first, as the component draws them."""
        entries = list(reversed(self.entries(limit=limit)))
        names = actor_names(entries)
        linked = names_of(
            self.record_type, (told_changes(entry, self.record_type) for entry in entries), self.actor
        )
        return components.Timeline(
            tuple(
                components.ActLine(
                    at=entry.occurred_at,
                    text=words_of(entry, self.record_type, linked),
                    actor=names.get(entry.actor.id, "") if entry.actor.kind is ActorKind.PERSON else "",
                    icon=entry.icon,
                )
                for entry in entries
            )
        )

    def tags(self) -> Sequence[Any]:
        """The tags on the record."""
        return tags_of(self.record)

    def attachments(self) -> Sequence[Any]:
        """The files on the record."""
        return attachments_of(self.record)

    def watchers(self) -> list[str]:
        """The names of the people who watch the record."""
        people = get_user_model()._default_manager.filter(pk__in=watchers_of(self.record))
        return [str(person) for person in people]

    def watching(self) -> bool:
        """Whether the person is one of them."""
        person_id = person_of(self.actor)
        return person_id is not None and watches(person_id=person_id, record=self.record)

    def draw(self, panels: Iterable[Panel]) -> SafeString:
        """The panels one below the other; slots are filled with what higher packages added."""
        drawn: list[str] = []
        for panel in panels:
            if isinstance(panel, Slot):
                drawn.append(self.draw(panel.panels(self.record_type.slots)))
                continue
            context = panel.context(self)
            if context is not None:
                drawn.append(self._draw_one(panel, context))
        return mark_safe("".join(drawn))  # noqa: S308 - joins what templates have escaped

    def _draw_one(self, panel: Panel, context: Mapping[str, Any]) -> str:
        shared = {
            "page": self,
            "record": self.record,
            "record_type": self.record_type,
            "panel": panel,
            "links": {"list": record_url(self.record_type, "list")},
        }
        return render_to_string(panel.template, {**shared, **context}, request=self.request)
