"""`zhiheng measure check`: every published value beside ours, computed anew on this machine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from zhiheng.analyze.wording import padded, preferred_language
from zhiheng.config.commands.parsers import add_command, parser_of
from zhiheng.config.texts import Words, text
from zhiheng.measure import oracles
from zhiheng.measure.oracles import Oracle

COLUMNS = ("what", "function", "published", "ours", "difference", "allowed", "source")


@dataclass(frozen=True, slots=True)
class Checked:
    """A published value beside ours."""

    oracle: Oracle
    value: float

    @property
    def difference(self) -> float:
        """By how much ours differs."""
        return abs(self.value - self.oracle.published)

    @property
    def agrees(self) -> bool:
        """Whether it differs by no more than is allowed; what is not a number never agrees."""
        return self.difference <= self.oracle.tolerance

    @property
    def cells(self) -> tuple[str, ...]:
        """The row of a table."""
        oracle = self.oracle
        numbers = (
            f"{oracle.published:.10g}",
            f"{self.value:.10g}",
            f"{self.difference:.1e}",
            f"{oracle.tolerance:.1e}",
        )
        return (oracle.name, oracle.function, *numbers, oracle.source)


def published_values() -> tuple[Oracle, ...]:
    """Every value that the library is held against, by module; a new file of them is found by being there."""
    names = sorted(found.name for found in iter_modules(oracles.__path__))
    modules = (import_module(f"{oracles.__name__}.{name}") for name in names)
    # A file without the name holds a data set that several of them share.
    return tuple(oracle for module in modules for oracle in getattr(module, "ORACLES", ()))


def checked(values: Iterable[Oracle]) -> list[Checked]:
    """Compute our value of each."""
    return [Checked(oracle, oracle.value) for oracle in values]


def page(rows: Sequence[Checked], *, language: str = "en") -> str:
    """The page of proofs, in Markdown. Names and sources stand as they are cited."""
    words = Words(language)
    wrong = sum(not row.agrees for row in rows)
    head = [words(f"proof_{column}") for column in COLUMNS]
    lines = [f"# {words('proofs_title')}", "", words("proofs_intro", count=len(rows), wrong=wrong)]
    modules = sorted({row.oracle.function.split(".")[0] for row in rows})
    for module in modules:
        lines += ["", f"## {module}", "", _line(head), _line(["---"] * len(head))]
        lines += [_line(row.cells) for row in rows if row.oracle.function.split(".")[0] == module]
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def main(argv: Sequence[str]) -> int:
    """0 when every value agrees, 1 when one does not."""
    parser = parser_of("measure")
    check = add_command(
        parser.add_subparsers(
            dest="act", metavar="COMMAND", required=True, help=text("help_measure_command")
        ),
        "check",
    )
    check.add_argument("words", nargs="*", metavar="WORD", help=text("help_words"))
    check.add_argument("--markdown", action="store_true", help=text("help_markdown"))
    options = parser.parse_args(argv)
    wanted = [word.casefold() for word in options.words]
    rows = checked(
        oracle
        for oracle in published_values()
        if all(word in f"{oracle.name} {oracle.function}".casefold() for word in wanted)
    )
    if options.markdown:
        print(page(rows, language=preferred_language()), end="")  # noqa: T201
    else:
        for row in rows:
            print(_described(row))  # noqa: T201
        print(text("proofs_agree", agree=sum(row.agrees for row in rows), count=len(rows)))  # noqa: T201
    return 0 if rows and all(row.agrees for row in rows) else 1


def _described(row: Checked) -> str:
    oracle = row.oracle
    verdict = text("proof_agrees" if row.agrees else "proof_differs")
    described = text(
        "proof",
        function=f"{oracle.function:<36}",
        name=oracle.name,
        published=f"{oracle.published:.10g}",
        ours=f"{row.value:.10g}",
        allowed=f"{oracle.tolerance:.1e}",
        source=oracle.source,
    )
    return f"{padded(verdict, 4)}  {described}"
