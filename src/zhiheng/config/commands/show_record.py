"""Print what is derived from a record declaration."""

from __future__ import annotations

from zhiheng.config.commands.parsers import parser_of
from zhiheng.config.commands.start import say
from zhiheng.config.texts import text
from zhiheng.records.show import UnknownRecord, show_record


def main(argv: list[str]) -> int:
    parser = parser_of("show-record")
    parser.add_argument("label", help=text("help_record"))
    try:
        say(show_record(parser.parse_args(argv).label))
    except UnknownRecord as unknown:
        say(str(unknown))
        return 2
    return 0
