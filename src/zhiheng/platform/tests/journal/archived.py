"""A random journal, and everything its readers say of it, for the tests of the archive."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from zhiheng.kernel.actor import Actor, ActorKind, Cause, acting
from zhiheng.kernel.ids import new_correlation
from zhiheng.kernel.time import EPOCH, now
from zhiheng.platform.journal import (
    NewEntry,
    act,
    append_history,
    entries_for,
    entries_of_operation,
    entry_with,
)
from zhiheng.platform.models import Entry
from zhiheng.platform.tests.journal.sample import Note

WORDS = (
    "打印机卡纸",
    "VPN 断开\n重启",
    'quoted "text"',
    "",
    "\u2028 line",
    "é" * 40,
    "x" * 4_100,
    '{"id":1,',
)


def random_journal(random: Random, *, steps: int) -> list[Note]:
    """Write entries of many shapes: by persons and the system, one or many records an operation, loaded history."""
    notes = [Note.objects.create(title=f"note {number}") for number in range(3)]
    for _step in range(steps):
        who = random.choice((Actor(ActorKind.PERSON, random.randrange(1, 4)), Actor(ActorKind.SYSTEM)))
        with acting(who, random.choice((Cause.PAGE, Cause.API, Cause.JOB)), correlation=new_correlation()):
            for _entry in range(random.choice((1, 1, 2, 5))):
                _write(random, notes)
    return notes


def _write(random: Random, notes: list[Note]) -> None:
    note = random.choice(notes)
    kind = random.randrange(5)
    if kind == 0:
        notes.append(Note.objects.create(title="new", body=random.choice(WORDS)))
    elif kind == 1:
        note.title, note.labels = (
            random.choice(WORDS)[:50],
            {"n": random.random(), "deep": [None, {"a": 1.5}]},
        )
        note.save()
    elif kind == 2:
        with act(
            "platform.note.renamed", record=note, data={"n": random.randrange(9), "big": 2**60, "half": 2.0}
        ):
            pass
    elif kind == 3:
        with act("platform.note.renamed", record=Note, data={"why": random.choice(WORDS)[:50]}):
            pass
    else:
        at = EPOCH - timedelta(days=400, microseconds=1) + timedelta(seconds=random.randrange(10**9))
        append_history(
            [NewEntry("platform.note.renamed", "platform.note", note.pk, at, data={"n": n}) for n in range(3)]
        )


def told(notes: list[Note], ids: list[int]) -> dict[str, Any]:
    """What every reader says of these records and entries."""
    said: dict[str, Any] = {"notes": [], "entries": [entry_with(number) for number in ids]}
    for note in notes:
        whole = entries_for(note)
        said["notes"].append(whole)
        said["notes"] += [entries_for(note, limit=limit) for limit in (1, 2, 5)]
        said["notes"] += [entries_for(note, public=public) for public in (True, False)]
        said["notes"] += [entries_for(note, before_id=view.id, limit=2) for view in whole[::3]]
    said["operations"] = [
        entries_of_operation(each) for each in sorted({view.correlation for view in said["entries"]})
    ]
    return said


def all_ids() -> list[int]:
    """The ids in the table."""
    return list(Entry.objects.order_by("pk").values_list("pk", flat=True))


def tomorrow() -> Any:
    """A moment before which everything was recorded."""
    return now() + timedelta(days=1)
