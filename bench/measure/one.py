"""One case: both sides in turn, with their processor times; or (with a side named) one run with its peak of memory."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

from bench.measure.cases import CASES, Case

IMPORTS = ("import numpy", "import zhiheng.measure", "import zhiheng.measure.spc, zhiheng.measure.survival")
IMPORT_ROUNDS = 7


def processor_s(work: Callable[[], object]) -> float:
    """Seconds of processor time: wall time on a busy machine says how busy it is."""
    started = time.process_time()
    work()
    return time.process_time() - started


def timed(name: str, case: Case) -> dict[str, object]:
    """Ours and theirs in turn, so that a slow minute of the machine falls on both; the median of each."""
    ours, theirs = case.prepare()
    mine, others = [], []
    for _ in range(case.rounds):
        mine.append(processor_s(ours))
        if theirs is not None:
            others.append(processor_s(theirs))
    row: dict[str, object] = {
        "name": name,
        "what": case.what,
        "ours_s": round(median(mine), 3),
        "rounds": case.rounds,
    }
    if theirs is not None:
        row |= {
            "beside": case.beside,
            "theirs_s": round(median(others), 3),
            "ratio": round(median(a / b for a, b in zip(mine, others, strict=True)), 3),
        }
    return row


def peak(case: Case, side: str) -> dict[str, object]:
    """How much a single run adds to the memory of a process that has its data ready."""
    ours, theirs = case.prepare()
    work = ours if side == "ours" else theirs
    if work is None:
        return {}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    work()
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"peak_mib": round((after - before) / 1024, 1)}


def imports() -> dict[str, object]:
    """What an import takes of a fresh interpreter beyond starting it, beside `import numpy`."""

    def seconds(statement: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", statement], check=True)  # noqa: S603 - our own statements
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    taken: dict[str, list[float]] = {statement: [] for statement in ("pass", *IMPORTS)}
    for _ in range(IMPORT_ROUNDS):
        for statement, times in taken.items():
            times.append(seconds(statement))
    idle, numpy, *ours = (median(times) for times in taken.values())
    return {
        "name": "import",
        "what": "processor time of an import in a fresh interpreter, less that of starting it",
        "numpy_s": round(numpy - idle, 4),
        **{statement: round(each - idle, 4) for statement, each in zip(IMPORTS[1:], ours, strict=True)},
        "ratio": round((ours[0] - idle) / (numpy - idle), 3),
        "ratio_with_modules": round((ours[1] - idle) / (numpy - idle), 3),
    }


def main(name: str, side: str = "") -> None:
    """Print what was measured as JSON."""
    if name == "import":
        answer = imports()
    elif side:
        answer = peak(CASES[name], side)
    else:
        answer = timed(name, CASES[name])
    sys.stdout.write(json.dumps(answer, ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:])
