"""Turns journal entries into notifications."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from zhiheng.kernel.actor import Cause
from zhiheng.platform.journal import EntryView
from zhiheng.platform.journal.handlers import handler
from zhiheng.platform.notifications.telling import plan_to_tell

# Setting up and importing tell nobody: thousands of lines would hide the one that matters.
SILENT = frozenset({Cause.SETUP, Cause.IMPORT, Cause.SIGN_IN})


def plan(entries: Sequence[EntryView]) -> Callable[[], object]:
    """Read who is to be told of these; the answer writes it."""
    return plan_to_tell([entry for entry in entries if entry.cause not in SILENT])


@handler("notifications", acts=("*",), plan=plan)
def tell(entry: EntryView) -> None:
    """Tell watchers and whoever the act concerns."""
    plan([entry])()
