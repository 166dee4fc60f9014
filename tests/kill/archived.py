"""Archiving as a process of a kill test does it: small files, and a pause at the step where it is to be killed."""

import signal
from pathlib import Path

from tests.kill import sample
from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.kernel.ids import new_correlation
from zhiheng.kernel.time import EPOCH
from zhiheng.platform.journal.archive import archiving, planning, unarchiving
from zhiheng.platform.journal.archive.archiving import archive_journal
from zhiheng.platform.journal.archive.unarchiving import unarchive_journal
from zhiheng.platform.tests.backup import elsewhere

ENTRIES_A_FILE = 12
LATER = EPOCH.replace(year=2100)
STEPS = {
    "archive": ("written", "registered", "placing", "placed", "counted", "deleting"),
    "unarchive": ("inserting", "returned", "uncounted", "deleting"),
}


def run(role: str, step: str, folder: Path) -> None:
    """Archive or take back; stop at the second file's step and wait to be killed, where `step` names one."""
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
        else:
            unarchive_journal(tell=tell)
    sample.say("done")


def partly(place, tell):
    """Half of the places, then the other half."""

    def wrapped(file, keys):
        half = len(keys) // 2
        place(file, keys[:half])
        tell("placing")
        place(file, keys[half:])

    return wrapped
