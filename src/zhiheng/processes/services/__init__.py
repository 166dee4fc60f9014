"""Named acts on processes: numbering, drawing up a version, activating it, the shipped kinds."""

from zhiheng.processes.services.defaults import install_processes
from zhiheng.processes.services.numbers import next_numbers
from zhiheng.processes.services.versions import (
    activate_version,
    change_draft,
    draft_version,
    drawing_up,
    revise_version,
)

__all__ = [
    "activate_version",
    "change_draft",
    "draft_version",
    "drawing_up",
    "install_processes",
    "next_numbers",
    "revise_version",
]
