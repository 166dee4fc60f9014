"""A background worker in a process of its own: jobs and journal handlers."""

from __future__ import annotations

from zhiheng.config.commands.journal_archive import refuse_missing_archive
from zhiheng.config.commands.parsers import parser_of
from zhiheng.config.commands.start import refuse_unless_upgraded
from zhiheng.platform.jobs import worker


def main(argv: list[str]) -> int:
    parser_of("worker").parse_args(argv)
    refuse_unless_upgraded()
    refuse_missing_archive()
    worker.run_worker()
    return 0
