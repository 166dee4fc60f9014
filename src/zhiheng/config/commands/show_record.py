"""Print what is derived from a record declaration."""

from __future__ import annotations

import argparse

from zhiheng.config.commands.start import say
from zhiheng.records.show import UnknownRecord, show_record


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="zhiheng show-record", description=__doc__)
    parser.add_argument("label", help="for example desk.ticket")
    try:
        say(show_record(parser.parse_args(argv).label))
    except UnknownRecord as unknown:
        say(str(unknown))
        return 2
    return 0
