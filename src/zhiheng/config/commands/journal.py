"""The journal from the command line: verify, seal or archive it, or replay what a handler gave up or passed."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from zhiheng.config.commands import journal_archive
from zhiheng.config.commands.parsers import add_command, parser_of, whole_number
from zhiheng.config.commands.start import CannotStart, refuse_unless_upgraded, say
from zhiheng.config.texts import text
from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.platform.journal.cursors import replay_handler
from zhiheng.platform.journal.handlers import handlers
from zhiheng.platform.journal.parking import replay_dead_letters
from zhiheng.platform.journal.sealing import seal_journal
from zhiheng.platform.journal.verification import Verification, verify_journal


def main(argv: list[str]) -> int:
    parser = parser_of("journal")
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", required=True, help=text("help_journal_command")
    )
    verifying = add_command(commands, "verify")
    verifying.add_argument("--anchors", type=Path, metavar="FILE", help=text("help_anchors"))
    add_command(commands, "seal")
    replaying = add_command(commands, "replay")
    replaying.add_argument("--handler", metavar="NAME", help=text("help_handler"))
    replaying.add_argument("--after", type=whole_number(0), metavar="ENTRY", help=text("help_after"))
    journal_archive.add_commands(commands)
    options = parser.parse_args(argv)
    refuse_unless_upgraded()
    with acting(SYSTEM, Cause.COMMAND):
        return COMMANDS[options.command](options)


def verify(anchors: Path | None) -> int:
    """Say what was checked and every problem. 0 only if nothing is wrong."""
    if anchors is not None and not anchors.exists():
        raise CannotStart(text("anchors_missing", path=anchors))
    found = verify_journal(anchors=anchors)
    say(
        text(
            "verified",
            entries=found.entries,
            seals=found.seals,
            anchors=found.anchors,
            anchored_to=found.anchored_to,
            unsealed=found.unsealed,
        )
    )
    if found.files:
        say(text("verified_files", files=found.files))
    say(say_problems(found))
    return 0 if found.ok else 1


def say_problems(found: Verification) -> str:
    """Say every problem. Returns how many there are, in words."""
    for problem in found.problems:
        say(text("problem", kind=text(f"problem_{problem.kind}"), text=problem.text))
    return text("nothing_wrong") if found.ok else text("problems", count=len(found.problems))


def seal() -> int:
    """Seal and anchor."""
    sealed = seal_journal()
    counts = {"entries": sealed.entries, "seals": sealed.seals}
    if sealed.anchor is None:
        say(text("sealed", **counts))
    else:
        digest, last = sealed.anchor.digest[:16], sealed.anchor.last_entry
        say(text("sealed_head", **counts, digest=digest, last=last))
    return 0


def replay(name: str | None, after: int | None) -> int:
    """Put dead letters back, or move a handler's cursors back. The worker then delivers."""
    if name is not None and name not in handlers:
        raise CannotStart(text("handler_unknown", name=name, known=", ".join(sorted(handlers))))
    if after is not None:
        if name is None:
            raise CannotStart(text("after_needs_handler"))
        moved = replay_handler(name=name, after=after)
        say(text("cursors_moved", count=moved, name=name, after=after))
        return 0
    say(text("letters_replayed", count=replay_dead_letters(handler=name)))
    return 0


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "verify": lambda options: verify(options.anchors),
    "seal": lambda _options: seal(),
    "replay": lambda options: replay(options.handler, options.after),
    "archive": journal_archive.archive,
    "unarchive": journal_archive.unarchive,
    "status": lambda _options: journal_archive.status(),
}
