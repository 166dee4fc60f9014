"""How the command takes memory and gives it back: a long file is read in small blocks, a log is a few large arrays."""

from __future__ import annotations

import ctypes
from pathlib import Path

import pyarrow as pa

# Parameters of mallopt in the GNU C library.
_TRIM_THRESHOLD = -1
_MMAP_THRESHOLD = -3
_ARENA_MAX = -8
# Above a block of text, below a column of a log that is large enough to matter.
_LARGE_BYTES = 3 << 19
# What may stay free at the end of the heap: more than the work on a block takes, else every block would ask the
# system for its memory anew, and half of all time would go by in having pages cleared.
_SPARE_BYTES = 1 << 23


def take_memory_sparingly() -> None:
    """Set up this process: for the command, which ends with it; not for a server."""
    # Arrow's own pool keeps what it has freed: a quarter more memory at the peak, for no less time.
    pa.set_memory_pool(pa.system_memory_pool())
    # Left alone, the C library learns to keep large arrays in its heap, where the small things between them stop
    # it from giving them back; and every thread would have a heap of its own.
    try:
        set_option = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # another C library, another system
        return
    set_option(_MMAP_THRESHOLD, _LARGE_BYTES)
    set_option(_TRIM_THRESHOLD, _SPARE_BYTES)
    set_option(_ARENA_MAX, 1)


def left_bytes() -> int | None:
    """Return how many bytes the machine or a control group still has for this process; None = not known."""
    found = [_available(), *(_group_left(folder) for folder in _group_folders())]
    known = [value for value in found if value is not None]
    return min(known) if known else None


def _available() -> int | None:
    for line in _lines(Path("/proc/meminfo")):
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) << 10
    return None


def _group_folders() -> list[Path]:
    # The control group of this process and those above it (version 2).
    root = Path("/sys/fs/cgroup")
    own = next(
        (line[3:].strip("/") for line in _lines(Path("/proc/self/cgroup")) if line.startswith("0::")), ""
    )
    return [root / own, *list((root / own).parents)[: own.count("/") + 1 if own else 0]]


def _group_left(folder: Path) -> int | None:
    limit, used = (_lines(folder / name) for name in ("memory.max", "memory.current"))
    if not limit or not used or limit[0] == "max":
        return None
    # What it holds of files can be dropped.
    cached = [
        int(line.split()[1]) for line in _lines(folder / "memory.stat") if line.startswith("inactive_file ")
    ]
    return int(limit[0]) - int(used[0]) + sum(cached)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii").splitlines()
    except OSError:
        return []


def give_back_memory() -> None:
    """Return to the system what was freed: blocks of text leave holes, and the next arrays are large."""
    pa.default_memory_pool().release_unused()
