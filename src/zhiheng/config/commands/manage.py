"""Django's management commands, with the platform's settings."""

from __future__ import annotations

from django.core.management import execute_from_command_line


def main(argv: list[str]) -> int:
    execute_from_command_line(["zhiheng manage", *argv])
    return 0
