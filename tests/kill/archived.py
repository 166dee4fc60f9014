"""Archiving and erasing as a process of a kill test does it: small files, a pause where it is to be killed."""

import signal
from pathlib import Path

from tests.kill import sample
from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.kernel.ids import new_correlation
from zhiheng.kernel.time import EPOCH
from zhiheng.platform.journal.archive import archiving, place, planning, rewriting, unarchiving
from zhiheng.platform.journal.archive.archiving import archive_journal
from zhiheng.platform.journal.archive.unarchiving import unarchive_journal
from zhiheng.platform.journal.erasure import erase_record
from zhiheng.platform.tests.backup import elsewhere

ENTRIES_A_FILE = 12
LATER = EPOCH.replace(year=2100)
STEPS = {
    "archive": ("written", "registered", "placing", "placed", "counted", "deleting"),
    "unarchive": ("inserting", "returned", "uncounted", "deleting"),
    "erase": ("rewritten", "in place", "removing"),
}


def run(role: str, step: str, folder: Path) -> None:
    """Archive, take back or erase; stop at the second file's step and wait to be killed, where `step` names one."""
    planning.ENTRIES_A_FILE = ENTRIES_A_FILE
    planning.handlers = {}
    met = []

    def tell(line: str) -> None:
        met.append(line)
        if line.startswith(step) and sum(each.startswith(step) for each in met) == 2:
            sample.say(f"at {step}")
            signal.pause()

    def told(name: str, work):
        def wrapped(*arguments):
            work(*arguments)
            tell(name)  # inside the transaction: what it did is undone with it

        return wrapped

    archiving.delete_rows = told("deleting", archiving.delete_rows)
    unarchiving._insert = told("inserting", unarchiving._insert)
    if step == "placing":
        archiving._place = partly(archiving._place, tell)
    with elsewhere.home(folder), acting(SYSTEM, Cause.COMMAND, correlation=new_correlation()):
        if role == "archive":
            archive_journal(before=LATER, tell=tell)
        elif role == "erase":
            pause_erasing(tell)
            erase_first_counter()
        else:
            unarchive_journal(tell=tell)
    sample.say("done")


def erase_first_counter() -> int:
    """Erase what entries say of the oldest counter's number."""
    first = sample.Counter.objects.earliest("pk")
    return erase_record(record=first, fields={"n"}, reason="asked")


def pause_erasing(tell) -> None:
    """Tell of each file that is written anew, that is put in the place of the old one, and that is about to go."""
    rewritten, put, remove = rewriting._rewritten, rewriting.Replacement.put_in_place, place.remove

    def rewrite(*arguments):
        replacement = rewritten(*arguments)
        tell("rewritten")
        return replacement

    def put_in_place(replacement):
        put(replacement)
        tell("in place")  # inside the transaction

    def removing(name):
        tell("removing")  # after the commit
        remove(name)

    rewriting._rewritten, rewriting.Replacement.put_in_place, place.remove = rewrite, put_in_place, removing


def partly(place, tell):
    """Half of the places, then the other half."""

    def wrapped(file, keys):
        half = len(keys) // 2
        place(file, keys[:half])
        tell("placing")
        place(file, keys[half:])

    return wrapped
