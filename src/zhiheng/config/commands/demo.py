"""The platform with a sample organisation: people to sign in as, and a real service desk's log moved to these days."""

from __future__ import annotations

import os
from pathlib import Path

from zhiheng.config.commands.parsers import parser_of
from zhiheng.config.commands.serve import add_address, check_free, serve
from zhiheng.config.commands.start import CannotStart, say
from zhiheng.config.commands.upgrade import upgrade
from zhiheng.config.texts import text
from zhiheng.desk.models import Ticket
from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.platform.jobs import enqueue
from zhiheng.web.jobs import load_demo
from zhiheng.web.services.demo import DEMO_PASSWORD, PEOPLE, set_up_demo

SAMPLE = "servicenow_incident_events.csv.gz"


def main(argv: list[str]) -> int:
    parser = parser_of("demo")
    add_address(parser)
    parser.add_argument("--sample", type=Path, default=Path("samples") / SAMPLE, help=text("help_sample"))
    parser.add_argument("--prepare-only", action="store_true", help=text("help_prepare_only"))
    options = parser.parse_args(argv)
    if not options.prepare_only:
        check_free(options.host, options.port)
    sample = options.sample.resolve()
    if not sample.exists():
        raise CannotStart(text("sample_missing", path=sample))
    upgrade(backup=False)
    with acting(SYSTEM, Cause.SETUP):
        set_up_demo()
        if not Ticket.objects.filter(external_ref__startswith="servicenow:").exists():
            enqueue(load_demo, path=str(sample))
            say(text("sample_loading"))
    names = ", ".join(each.username for each in PEOPLE)
    say(text("sign_in_as", names=names, password=DEMO_PASSWORD))
    if not options.prepare_only:
        serve(host=options.host, port=options.port, workers=os.cpu_count() or 1)
    return 0
