"""How often something may be done: buckets that empty with every call and fill up again with time.

Kept in the memory of the process, so that a read writes nothing: with several web processes each counts for itself.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from math import ceil

MOST_KEYS = 10_000
"""The key used longest ago is forgotten first: a flood of names cannot fill the memory."""


class Buckets:
    """One bucket a key. A full one holds a minute's calls at once; it fills evenly over a minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, *, most_keys: int = MOST_KEYS) -> None:
        self._clock = clock
        self._most = most_keys
        self._lock = threading.Lock()
        self._held: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def take(self, key: Hashable, *, per_minute: int) -> int:
        """Take one call. Returns 0, or in how many seconds there is one again. No limit when `per_minute` is 0."""
        if per_minute <= 0:
            return 0
        moment = self._clock()
        with self._lock:
            level, at = self._held.pop(key, (float(per_minute), moment))
            level = min(float(per_minute), level + (moment - at) * per_minute / 60)
            allowed = level >= 1
            self._held[key] = (level - 1 if allowed else level, moment)
            if len(self._held) > self._most:
                self._held.popitem(last=False)
        return 0 if allowed else ceil((1 - level) * 60 / per_minute)

    def clear(self) -> None:
        """Forget all calls: for tests."""
        with self._lock:
            self._held.clear()
