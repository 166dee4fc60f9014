"""How the command takes memory and gives it back: a long file is read in small blocks, a log is a few large arrays."""

from __future__ import annotations

import ctypes

import pyarrow as pa

# Parameters of mallopt in the GNU C library.
_MMAP_THRESHOLD = -3
_ARENA_MAX = -8
# Above a block of text, below a column of a log that is large enough to matter.
_LARGE_BYTES = 3 << 19


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
    set_option(_ARENA_MAX, 1)


def give_back_memory() -> None:
    """Return to the system what was freed: blocks of text leave holes, and the next arrays are large."""
    pa.default_memory_pool().release_unused()
