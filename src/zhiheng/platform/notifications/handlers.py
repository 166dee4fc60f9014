"""Turns journal entries into notifications."""

from __future__ import annotations

from zhiheng.kernel.actor import Cause
from zhiheng.platform.journal import EntryView
from zhiheng.platform.journal.handlers import handler
from zhiheng.platform.notifications.services import notify

# Setting up and importing tell nobody: thousands of lines would hide the one that matters.
SILENT = frozenset({Cause.SETUP, Cause.IMPORT, Cause.SIGN_IN})


@handler("notifications", acts=("*",))
def tell(entry: EntryView) -> None:
    """Tell watchers and whoever the act concerns."""
    if entry.cause not in SILENT and entry.record_id is not None:
        notify(entry)
