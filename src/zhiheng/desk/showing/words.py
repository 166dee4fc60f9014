"""What an entry of a ticket says happened, in one line, in the reader's language: states, people and teams by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _

from zhiheng.agreements.choices import Level, Promise
from zhiheng.desk import events
from zhiheng.desk.choices import Channel, LinkType
from zhiheng.desk.models import Ticket
from zhiheng.desk.queries.names import Names
from zhiheng.kernel.text import localized
from zhiheng.platform.journal import EntryView
from zhiheng.processes.rules import Definition
from zhiheng.records.fields import Kind, field_at

ARROW = " → "
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Telling:
    """What is needed to tell an entry: the process of the ticket and the names of those who took part."""

    definition: Definition
    names: Names

    def state(self, key: object) -> str:
        """The name of a state."""
        state = self.definition.states.get(str(key))
        return localized(dict(state.name)) if state else str(key)

    def move(self, data: Mapping[str, object]) -> str:
        """From which state to which, where the entry holds a move."""
        if "to" not in data:
            return ""
        before, after = data.get("from"), self.state(data["to"])
        return f"{self.state(before)}{ARROW}{after}" if before and before != data["to"] else after

    def owner(self, data: Mapping[str, object], prefix: str = "") -> str:
        """Team and person."""
        parts = self.names.team(data.get(f"{prefix}team")), self.names.person(data.get(f"{prefix}assignee"))
        return " · ".join(part for part in parts if part)


def words_of(entry: EntryView, telling: Telling) -> str:
    """The entry in one line."""
    tell = TELLERS.get(entry.act)
    if tell is not None:
        return tell(entry, telling)
    changed = changes_of(entry, telling)
    return f"{entry.label}{_(': ')}{changed}" if changed else str(entry.label)


def reason_of(entry: EntryView) -> str:
    """The reason given with an act."""
    # Loaded history holds a plain number here, a change of priority the old, the new and why.
    priority = entry.data.get("priority")
    held = entry.data.get("reason") or (priority.get("reason", "") if isinstance(priority, Mapping) else "")
    return str(held or "")


def changes_of(entry: EntryView, telling: Telling) -> str:
    """The fields that changed, from what to what."""
    parts = []
    for name, (before, after) in entry.changes.items():
        try:
            info = field_at(Ticket, name)
        except FieldDoesNotExist:
            continue
        if info.kind is Kind.RELATION or info.kind is Kind.LONG_TEXT:
            teller = {
                "team": telling.names.team,
                "assignee": telling.names.person,
                "requester": telling.names.person,
            }
            shown = teller.get(name)
            parts.append(
                f"{info.label} {shown(before) or '—'}{ARROW}{shown(after) or '—'}" if shown else info.label
            )
            continue
        values = [
            info.shown(None if value is None else info.field.to_python(value))[:LONGEST]
            for value in (before, after)
        ]
        parts.append(f"{info.label} {ARROW.join(values)}")
    return "; ".join(parts)


def _opened(entry: EntryView, telling: Telling) -> str:
    channel = (entry.changes.get("channel") or (None, None))[1]
    words = dict(Channel.choices).get(str(channel), "")
    opened = _("opened the ticket (%(channel)s)") % {"channel": words} if words else _("opened the ticket")
    owner = telling.owner(entry.data)
    return f"{opened}{ARROW}{owner}" if owner else opened


def _moved(entry: EntryView, telling: Telling) -> str:
    return telling.move(entry.data)


def _assigned(entry: EntryView, telling: Telling) -> str:
    owner = telling.owner(entry.data)
    said = _("assigned to %(owner)s") % {"owner": owner} if owner else _("took the assignment back")
    move = telling.move(entry.data)
    return f"{said} · {move}" if move else said


def _replied(entry: EntryView, telling: Telling) -> str:
    move = telling.move(entry.data)
    return f"{entry.label} · {move}" if move else str(entry.label)


def _prioritised(entry: EntryView, _telling: Telling) -> str:
    held = entry.data.get("priority") or {}
    return _("changed the priority P%(before)s → P%(after)s") % {
        "before": held.get("from", "?"),
        "after": held.get("to", "?"),
    }


def _linked(entry: EntryView, _telling: Telling) -> str:
    kind = dict(LinkType.choices).get(str(entry.data.get("link_type")), "")
    return f"{entry.label}{_(': ')}{kind} {entry.data.get('number') or entry.data.get('target')}"


def _item(entry: EntryView, _telling: Telling) -> str:
    return f"{entry.label}{_(': ')}{entry.data.get('name', '')}"


def _overdue(entry: EntryView, _telling: Telling) -> str:
    promise = dict(Promise.choices).get(str(entry.data.get("promise")), "")
    level = dict(Level.choices).get(str(entry.data.get("level")), "")
    return _("missed the commitment: %(commitment)s") % {"commitment": f"{level} {promise}".strip()}


def _recorded(entry: EntryView, telling: Telling) -> str:
    parts = [telling.move(entry.data), telling.owner(entry.data)]
    return " · ".join(part for part in parts if part) or str(entry.label)


def _confirmed(entry: EntryView, telling: Telling) -> str:
    move = telling.move(entry.data)
    return f"{entry.label} · {move}" if move else str(entry.label)


Teller = Callable[[EntryView, Telling], str]
TELLERS: dict[str, Teller] = {
    events.OPENED: _opened, events.TRANSITIONED: _moved, events.ASSIGNED: _assigned, events.REPLIED: _replied,
    events.PRIORITISED: _prioritised, events.LINKED: _linked, events.UNLINKED: _linked, events.ATTACHED: _item,
    events.DETACHED: _item, events.OVERDUE: _overdue, events.RECORDED: _recorded, events.CONFIRMED: _confirmed,
}  # fmt: skip
