"""How the command takes memory and gives it back: a long file is read in small blocks, a log is a few large arrays."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pyarrow as pa

# Parameters of mallopt in the GNU C library.
_TRIM_THRESHOLD = -1
_MMAP_THRESHOLD = -3
_ARENA_MAX = -8
# While blocks of text are read, the heap keeps what the work on one takes: else every block would ask the system for
# its memory anew, and much of the time would go by in having pages cleared.
_LARGEST_IN_A_BLOCK = 1 << 22
_SPARE_BYTES = 1 << 23
# Afterwards, a column of a log that is large enough to matter comes from the system and goes back to it.
_LARGE_BYTES = 3 << 19


def take_memory_sparingly() -> None:
    """Set up this process: for the command, which ends with it; not for a server."""
    # Arrow's own pool keeps what it has freed: a quarter more memory at the peak, for no less time.
    pa.set_memory_pool(pa.system_memory_pool())
    # Every thread would have a heap of its own.
    _set(_ARENA_MAX, 1)
    expect_blocks()


def expect_blocks() -> None:
    """Say that blocks of text are going to be read; nothing in a process that is not set up for it."""
    if _is_sparing():
        _set(_MMAP_THRESHOLD, _LARGEST_IN_A_BLOCK)
        _set(_TRIM_THRESHOLD, _SPARE_BYTES)


def give_back_memory() -> None:
    """Return to the system what was freed: blocks of text leave holes, and the next arrays are large."""
    if _is_sparing():
        # Left alone, the C library learns to keep large arrays in its heap, where the small things between them
        # stop it from giving them back.
        _set(_MMAP_THRESHOLD, _LARGE_BYTES)
    pa.default_memory_pool().release_unused()


def _is_sparing() -> bool:
    return bool(pa.default_memory_pool().backend_name == "system")


def _set(option: int, value: int) -> None:
    # Nothing with another C library or on another system.
    set_option = _mallopt()
    if set_option is not None:
        set_option(option, value)


@cache
def _mallopt() -> Callable[[int, int], int] | None:
    try:
        found: Callable[[int, int], int] = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return None
    return found


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
