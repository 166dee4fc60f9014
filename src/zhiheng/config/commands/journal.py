"""The journal from the command line: verify, seal or archive it, or replay what a handler gave up or passed."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from zhiheng.config.commands import journal_archive
from zhiheng.config.commands.start import CannotStart, refuse_unless_upgraded, say
from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.platform.journal.cursors import replay_handler
from zhiheng.platform.journal.handlers import handlers
from zhiheng.platform.journal.parking import replay_dead_letters
from zhiheng.platform.journal.sealing import seal_journal
from zhiheng.platform.journal.verification import verify_journal


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="zhiheng journal", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    verifying = commands.add_parser(
        "verify", help="find any alteration, deletion or insertion; 1 if there is one"
    )
    verifying.add_argument("--anchors", type=Path, help="a copy of the signed heads kept elsewhere")
    commands.add_parser("seal", help="seal what was written since and sign the head")
    replaying = commands.add_parser("replay", help="let handlers have entries again")
    replaying.add_argument("--handler", help="only this handler")
    replaying.add_argument(
        "--after",
        type=int,
        metavar="ENTRY",
        help="all entries after this one, not only what was given up (needs --handler)",
    )
    journal_archive.add_commands(commands)
    options = parser.parse_args(argv)
    refuse_unless_upgraded()
    with acting(SYSTEM, Cause.COMMAND):
        return COMMANDS[options.command](options)


def verify(anchors: Path | None) -> int:
    """Say what was checked and every problem. 0 only if nothing is wrong."""
    if anchors is not None and not anchors.exists():
        raise CannotStart(
            f"there is no file {anchors}. Name the copy of anchors/journal.jsonl that you kept."
        )
    found = verify_journal(anchors=anchors)
    say(
        f"{found.entries} entries under {found.seals} seals, {found.anchors} signed heads; "
        f"protected up to entry {found.anchored_to}, {found.unsealed} not sealed yet"
    )
    if found.files:
        say(f"{found.files} archive files were read")
    for problem in found.problems:
        say(f"{problem.kind}: {problem.text}")
    say("nothing is wrong" if found.ok else f"{len(found.problems)} problems")
    return 0 if found.ok else 1


def seal() -> int:
    """Seal and anchor."""
    sealed = seal_journal()
    head = f"; head {sealed.anchor.digest[:16]} at entry {sealed.anchor.last_entry}" if sealed.anchor else ""
    say(f"{sealed.entries} entries sealed in {sealed.seals} seals{head}")
    return 0


def replay(name: str | None, after: int | None) -> int:
    """Put dead letters back, or move a handler's cursors back. The worker then delivers."""
    if name is not None and name not in handlers:
        raise CannotStart(f"there is no handler {name!r}. Known are: {', '.join(sorted(handlers))}")
    if after is not None:
        if name is None or after < 0:
            raise CannotStart(
                "--after needs --handler and an entry number: all handlers at once would repeat too much."
            )
        say(f"{replay_handler(name=name, after=after)} cursors of {name} moved back to entry {after}")
        return 0
    say(f"{replay_dead_letters(handler=name)} dead letters will be tried again")
    return 0


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "verify": lambda options: verify(options.anchors),
    "seal": lambda _options: seal(),
    "replay": lambda options: replay(options.handler, options.after),
    "archive": journal_archive.archive,
    "unarchive": journal_archive.unarchive,
    "status": lambda _options: journal_archive.status(),
}
