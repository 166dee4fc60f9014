"""The parsers of the commands, with texts in the language of the terminal. No Django."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TypeAlias

from zhiheng.analyze.arguments import HelpFormatter
from zhiheng.config.texts import text

Subcommands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def parser_of(name: str) -> argparse.ArgumentParser:
    """The parser of a command; the text `describe_NAME` says what the command does."""
    return argparse.ArgumentParser(
        prog=f"zhiheng {name}", description=text(f"describe_{name}"), formatter_class=HelpFormatter
    )


def whole_number(least: int, most: int | None = None) -> Callable[[str], int]:
    """Reads a number that an option gives; refuses others with words that say which ones will do."""
    wanted = (
        text("whole_from", least=least) if most is None else text("whole_between", least=least, most=most)
    )

    def read(given: str) -> int:
        try:
            number = int(given)
        except ValueError:
            number = None
        if number is None or number < least or (most is not None and number > most):
            raise argparse.ArgumentTypeError(text("not_whole", given=given, wanted=wanted))
        return number

    return read


def add_command(commands: Subcommands, name: str) -> argparse.ArgumentParser:
    """The parser of a command below another; the text `help_NAME` is one line about it."""
    about = text(f"help_{name}")
    return commands.add_parser(name, help=about, description=about, formatter_class=HelpFormatter)
