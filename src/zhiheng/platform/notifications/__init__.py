"""Telling people what happened: in their inbox and by e-mail, per person and per act. Watchers of records.

Import from here: `register_recipients(acts, find)` names whom an act concerns (the new assignee);
`register_reader(record_type, may_read)` says who hears of acts that are not public (default: who may view);
`watch`, `unwatch`, `watchers_of`, `watched_by`; `inbox_of`, `unread_count`, `mark_read`, `mark_all_read`;
`preferences_of`, `set_preference`, `clear_preference`. Nobody is told of what they did themselves, nor of a record
they may not view. A journal handler makes the rows after commit; mail goes out by a job that tries again.
"""

from zhiheng.platform.notifications.queries import (
    inbox_of,
    preferences_of,
    unread_count,
    watched_by,
    watchers_of,
    watches,
)
from zhiheng.platform.notifications.recipients import register_reader, register_recipients
from zhiheng.platform.notifications.services import (
    clear_preference,
    mark_all_read,
    mark_read,
    set_preference,
    unwatch,
    watch,
)

__all__ = [
    "clear_preference",
    "inbox_of",
    "mark_all_read",
    "mark_read",
    "preferences_of",
    "register_reader",
    "register_recipients",
    "set_preference",
    "unread_count",
    "unwatch",
    "watch",
    "watched_by",
    "watchers_of",
    "watches",
]
