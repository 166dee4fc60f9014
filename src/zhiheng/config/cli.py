"""The command line. Dispatches by name and imports a command only when it is called: `analyze` never loads Django."""

from __future__ import annotations

import importlib
import os
import sys
from dataclasses import dataclass, field

from zhiheng import __version__
from zhiheng.analyze.arguments import argparse_speaks
from zhiheng.analyze.wording import preferred_language
from zhiheng.config.texts import text


@dataclass(frozen=True, slots=True)
class Command:
    """A command and where its ``main(argv) -> exit status`` lives; the text `about_NAME` is one line about it."""

    name: str
    module: str
    platform: bool = True  # loads Django before the command's module, which imports models at its top
    environment: dict[str, str] = field(default_factory=dict)  # defaults that the settings read


COMMANDS = (
    Command("analyze", "zhiheng.analyze.command", platform=False),
    Command("measure", "zhiheng.config.commands.measure", platform=False),
    Command("serve", "zhiheng.config.commands.serve"),
    Command("worker", "zhiheng.config.commands.worker"),
    Command("demo", "zhiheng.config.commands.demo", environment={"ZHIHENG_DEMO": "1"}),
    Command("upgrade", "zhiheng.config.commands.upgrade"),
    Command("person", "zhiheng.config.commands.person"),
    Command("backup", "zhiheng.config.commands.backup"),
    Command("restore", "zhiheng.config.commands.restore"),
    Command("journal", "zhiheng.config.commands.journal"),
    Command("show-record", "zhiheng.config.commands.show_record"),
    Command("manage", "zhiheng.config.commands.manage"),
)


def usage() -> str:
    width = max(len(command.name) for command in COMMANDS)
    lines = [f"  {command.name:<{width}}  {text(f'about_{command.name}')}" for command in COMMANDS]
    return "\n".join([text("usage"), "", *lines])


def main(argv: list[str] | None = None) -> int:
    """Run one command; 0 is success, 2 a wrong call, anything else what the command answers."""
    arguments = sys.argv[1:] if argv is None else argv
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print(usage())  # noqa: T201
        return 0 if arguments else 2
    if arguments[0] in {"-V", "--version", "version"}:
        print(f"zhiheng {__version__}")  # noqa: T201
        return 0
    command = next((each for each in COMMANDS if each.name == arguments[0]), None)
    if command is None:
        print(f"zhiheng: {text('unknown_command', name=arguments[0])}\n\n{usage()}", file=sys.stderr)  # noqa: T201
        return 2
    for name, value in command.environment.items():
        os.environ.setdefault(name, value)
    if command.platform:
        start = importlib.import_module("zhiheng.config.commands.start")
        try:
            start.load_django()
            return run(command, arguments[1:])
        except start.CannotStart as error:
            return int(start.fail(error))
    return run(command, arguments[1:])


def run(command: Command, arguments: list[str]) -> int:
    with argparse_speaks(preferred_language()):
        result: int = importlib.import_module(command.module).main(arguments)
    return result


if __name__ == "__main__":
    sys.exit(main())
