"""The journal: one append-only table that is audit trail, timeline, event log and outbox at once.

Import from here: `JournaledModel`, `JournaledQuerySet`, `JournaledManager`; `act`, `register_act`;
`append_history`, `NewEntry`, `encode_history`, `append_encoded`, `Step`; `handler`, `entries_for`,
`entries_of_operation`, `EntryView`, `full_text`.
"""

from zhiheng.platform.journal.acts import (
    OpenAct,
    UnknownAct,
    act,
    act_type,
    acts,
    record_type_of,
    register_act,
)
from zhiheng.platform.journal.entries import (
    EntryView,
    entries_for,
    entries_of_operation,
    entry_with,
    full_text,
    view_of,
)
from zhiheng.platform.journal.handlers import handler
from zhiheng.platform.journal.history import NewEntry, Step, append_encoded, append_history, encode_history
from zhiheng.platform.journal.model import JournaledModel
from zhiheng.platform.journal.queryset import JournaledManager, JournaledQuerySet

__all__ = [
    "EntryView",
    "JournaledManager",
    "JournaledModel",
    "JournaledQuerySet",
    "NewEntry",
    "OpenAct",
    "Step",
    "UnknownAct",
    "act",
    "act_type",
    "acts",
    "append_encoded",
    "append_history",
    "encode_history",
    "entries_for",
    "entries_of_operation",
    "entry_with",
    "full_text",
    "handler",
    "record_type_of",
    "register_act",
    "view_of",
]
