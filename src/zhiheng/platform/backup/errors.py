"""What stops a backup or a restore."""

from __future__ import annotations


class BackupError(Exception):
    """The dump could not be written, read or restored; the message says what is wrong and what to do."""
