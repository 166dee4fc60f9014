"""Identifiers made outside the database."""

from __future__ import annotations

import secrets
import time
from uuid import UUID


def new_correlation() -> UUID:
    """A UUID of version 7 (RFC 9562 §5.7): milliseconds first, so that an index on it grows at one end."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (1 << 48) - 1) << 80
    value |= 0x7 << 76 | secrets.randbits(12) << 64
    value |= 0b10 << 62 | secrets.randbits(62)
    return UUID(int=value)
