"""The parsers of the commands, with texts in the language of the terminal. No Django."""

from __future__ import annotations

import argparse
from typing import TypeAlias

from zhiheng.analyze.arguments import HelpFormatter
from zhiheng.config.texts import text

Subcommands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def parser_of(name: str) -> argparse.ArgumentParser:
    """The parser of a command; the text `describe_NAME` says what the command does."""
    return argparse.ArgumentParser(
        prog=f"zhiheng {name}", description=text(f"describe_{name}"), formatter_class=HelpFormatter
    )


def add_command(commands: Subcommands, name: str) -> argparse.ArgumentParser:
    """The parser of a command below another; the text `help_NAME` is one line about it."""
    about = text(f"help_{name}")
    return commands.add_parser(name, help=about, description=about, formatter_class=HelpFormatter)
