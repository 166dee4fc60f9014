"""Judging what a health check found."""

from __future__ import annotations

WORKER_SILENT_S = 60.0
"""A worker beats every second; one that stood still this long is gone, or the machine is overwhelmed."""


def problems_of(*, database: bool, migrated: bool, worker_age_s: float | None) -> list[str]:
    """What is wrong, as stable words for monitoring; the first two mean that no page can be trusted."""
    if not database:
        return ["database"]
    found = [] if migrated else ["migrations"]
    if worker_age_s is None:
        found.append("no_worker")
    elif worker_age_s > WORKER_SILENT_S:
        found.append("worker_silent")
    return found
