"""The platform with a sample organisation: people to sign in as, and a real service desk's log moved to these days."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from zhiheng.config.commands.serve import check_free, serve
from zhiheng.config.commands.start import CannotStart, say
from zhiheng.config.commands.upgrade import upgrade
from zhiheng.desk.models import Ticket
from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.platform.jobs import enqueue
from zhiheng.web.jobs import load_demo
from zhiheng.web.services.demo import DEMO_PASSWORD, PEOPLE, set_up_demo

SAMPLE = "servicenow_incident_events.csv.gz"


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="zhiheng demo", description=__doc__)
    parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    parser.add_argument("--sample", type=Path, default=Path("samples") / SAMPLE, help="the log to load")
    parser.add_argument("--prepare-only", action="store_true", help="set everything up, but do not serve")
    options = parser.parse_args(argv)
    if not options.prepare_only:
        check_free(options.host, options.port)
    sample = options.sample.resolve()
    if not sample.exists():
        raise CannotStart(
            f"the sample log {sample} is missing. Run this in the project's directory, or name it: --sample"
        )
    upgrade(backup=False)
    with acting(SYSTEM, Cause.SETUP):
        set_up_demo()
        if not Ticket.objects.filter(external_ref__startswith="servicenow:").exists():
            enqueue(load_demo, path=str(sample))
            say(
                "the sample log is loaded in the background; the quality overview is built when all of it is there"
            )
    say(f"sign in as {', '.join(each.username for each in PEOPLE)}; the password of all is {DEMO_PASSWORD}")
    if not options.prepare_only:
        serve(host=options.host, port=options.port, workers=os.cpu_count() or 1)
    return 0
