"""A long import in the background of `measure`: the sample log, loaded under a source name of its own."""

from __future__ import annotations

import os
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhiheng.config.settings")
django.setup()

from zhiheng.analyze import readers  # noqa: E402
from zhiheng.analyze.mappings import load  # noqa: E402
from zhiheng.desk.services import load_history  # noqa: E402
from zhiheng.kernel.actor import SYSTEM, Cause, acting  # noqa: E402
from zhiheng.processes.models import Kind  # noqa: E402

SAMPLE = Path(__file__).parents[2] / "samples" / "servicenow_incident_events.csv.gz"


def main() -> int:
    log = readers.read([SAMPLE], mapping=load("servicenow"), timezone="UTC")
    with acting(SYSTEM, Cause.JOB):
        load_history(log=log, kind=Kind.objects.get(slug="incident"), source=f"bench{os.getpid()}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
