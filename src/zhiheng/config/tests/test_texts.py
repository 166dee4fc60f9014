"""Commands speak Chinese on a Chinese terminal: help is checked by walking all parsers, the rest by reading code."""

from __future__ import annotations

import argparse
import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from zhiheng.analyze.arguments import argparse_speaks
from zhiheng.analyze.wording import width_of
from zhiheng.config import cli
from zhiheng.config.texts import Words

CONFIG = Path(cli.__file__).parent
PLATFORM = CONFIG.parent / "platform"
CHINESE = re.compile("[\u4e00-\u9fff]")
# Django's own commands speak as Django does.
OF_OTHERS = {"manage"}
OURS = [command for command in cli.COMMANDS if command.name not in OF_OTHERS]


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Chinese terminal of 80 columns."""
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.setenv("COLUMNS", "80")


class Parsed(Exception):  # noqa: N818 - not an error
    """A command got as far as parsing its arguments; `parser` is what it parses them with."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        super().__init__()
        self.parser = parser


def parser_of(command: cli.Command, monkeypatch: pytest.MonkeyPatch) -> argparse.ArgumentParser:
    """The parser of a command as it stands when the command parses."""

    def stop(self: argparse.ArgumentParser, *_arguments: object, **_named: object) -> None:
        raise Parsed(self)

    monkeypatch.setattr(argparse.ArgumentParser, "parse_args", stop)
    with pytest.raises(Parsed) as caught:
        cli.run(command, [])
    return caught.value.parser


def with_parts(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """A parser and those of its subcommands."""
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for part in action.choices.values():
                yield from with_parts(part)


@pytest.mark.parametrize("command", OURS, ids=lambda command: command.name)
def test_every_option_of_every_command_is_explained_in_chinese(
    command: cli.Command, monkeypatch: pytest.MonkeyPatch, chinese: None
) -> None:
    for parser in with_parts(parser_of(command, monkeypatch)):
        assert CHINESE.search(parser.description or ""), parser.prog
        for action in parser._actions:
            assert CHINESE.search(action.help or ""), f"{parser.prog} {action.dest}"
            if isinstance(action, argparse._SubParsersAction):
                for each in action._choices_actions:
                    assert CHINESE.search(each.help or ""), f"{parser.prog} {each.dest}"
        with argparse_speaks("zh"):
            assert max(width_of(line) for line in parser.format_help().splitlines()) <= 80


def test_usage_is_chinese_line_by_line_and_fits(chinese: None) -> None:
    lines = [line for line in cli.usage().splitlines() if line]
    assert len(lines) == len(cli.COMMANDS) + 1
    for line in lines:
        assert CHINESE.search(line), line
        assert width_of(line) <= 80, line


def test_usage_fits_in_english_too() -> None:
    assert max(len(line) for line in cli.usage().splitlines()) <= 80


def test_a_wrong_call_is_answered_in_chinese(chinese: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["sevre"]) == 2
    assert capsys.readouterr().err.startswith("zhiheng: 没有命令“sevre”。")


# What says something to a person; words in a call of it must come from the table or a catalogue.
SPEAKERS = {
    "say", "fail", "print", "CannotStart", "ConfigurationError", "add_argument", "add_parser", "ArgumentParser",
    "BackupError", "AnchorDamaged", "ArchiveError", "ArchiveUnreadable", "UnknownRecord", "Stop", "Problem",
}  # fmt: skip
TRANSLATED = {"text", "words", "_", "gettext_lazy"}
# Names of options and the like are no words; nor is the name of the program, nor which kind a problem is.
SILENT_ARGUMENTS = {"dest", "metavar", "action", "prog", "file", "kind"}
# Asked about each of `SPEAKERS`: how many of its positional arguments are not words.
SILENT_FIRST = {"add_argument": 9, "add_parser": 1, "Problem": 1, "Stop": 1}
NO_WORDS = {"zhiheng"}


def sources() -> list[Path]:
    """The code that speaks to the terminal."""
    places = [CONFIG, PLATFORM / "backup", PLATFORM / "journal"]
    files = [path for place in places for path in place.rglob("*.py") if "tests" not in path.parts]
    return [*files, CONFIG.parent / "records" / "show.py"]


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def literal_words(node: ast.AST) -> Iterator[str]:
    """Words in literals of an expression that nothing translates."""
    if isinstance(node, ast.Call) and name_of(node) in TRANSLATED:
        return
    if isinstance(node, ast.Subscript | ast.Attribute | ast.Dict):
        return  # a key or a name; what a dictionary fills in was made elsewhere
    if isinstance(node, ast.FormattedValue):
        yield from literal_words(node.value)  # not the format behind the colon
        return
    if isinstance(node, ast.Call):
        children: list[ast.AST] = [node.func, *node.args, *(each.value for each in node.keywords)]
        # Joining, splitting and such take marks, no words.
        for child in children if name_of(node) not in {"join", "get", "split"} else [*node.args]:
            yield from literal_words(child)
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from (word for word in re.findall("[A-Za-z]{2,}", node.value) if word not in NO_WORDS)
        return
    for child in ast.iter_child_nodes(node):
        yield from literal_words(child)


def said_untranslated(tree: ast.AST) -> Iterator[str]:
    """Words that calls of speakers in this code say without translation."""
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or name_of(call) not in SPEAKERS:
            continue
        values = [*call.args[SILENT_FIRST.get(name_of(call), 0) :]]
        values += [each.value for each in call.keywords if each.arg not in SILENT_ARGUMENTS | {"default"}]
        for value in values:
            yield from (f"line {call.lineno}: {word}" for word in literal_words(value))


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(CONFIG.parent)))
def test_nothing_is_said_that_is_not_translated(path: Path) -> None:
    assert list(said_untranslated(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    "code",
    [
        'say(f"{count} entries")',
        'raise CannotStart("the port is taken")',
        'parser.add_argument("--to", help="where")',
        'say("done" if ok else text("broken"))',
        'raise BackupError("damaged: " + name)',
        'print(f"{row:<36} ours {value:.1e}")',
    ],
)
def test_the_reader_of_code_finds_words(code: str) -> None:
    assert list(said_untranslated(ast.parse(code)))


def calls_of_text() -> Iterator[tuple[str, ast.Call, str]]:
    """Each call of the table with a key that stands in the code."""
    for path in CONFIG.rglob("*.py"):
        if "tests" in path.parts:
            continue
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and name_of(call) in {"text", "words"}:
                for node in ast.walk(call.args[0]) if call.args else ():
                    if isinstance(node, ast.Constant) and node.value in Words.catalogue():
                        yield str(node.value), call, path.name


def test_each_call_fills_in_what_its_text_asks_for() -> None:
    """A name that is missing would be an error in front of the user, often on the way to say what is wrong."""
    count = 0
    for key, call, place in calls_of_text():
        if any(each.arg is None for each in call.keywords):
            continue  # **counts
        given = {each.arg for each in call.keywords}
        asked = {name for _, name, _, _ in Formatter().parse(Words("en").catalogue()[key]["en"]) if name}
        assert given == asked, f"{place}: {key}"
        count += 1
    assert count > 40


def test_the_table_has_no_text_that_nobody_says() -> None:
    said = {key for key, _call, _place in calls_of_text()}
    made = ("about_", "describe_", "help_", "problem_", "proof_")  # keys put together from a name
    assert {key for key in Words.catalogue() if not key.startswith(made)} - said == set()


def test_every_kind_of_problem_has_a_word() -> None:
    tree = ast.parse((PLATFORM / "journal" / "verification.py").read_text(encoding="utf-8"))
    kinds = {
        call.args[0].value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and name_of(call) == "Problem"
        and isinstance(call.args[0], ast.Constant)
    }
    assert len(kinds) > 5
    assert {f"problem_{kind}" for kind in kinds} <= set(Words.catalogue())


@pytest.mark.parametrize(
    ("arguments", "not_loaded"),
    [
        (["--help"], {"django", "numpy", "pyarrow", "duckdb", "zoneinfo"}),
        (["sevre"], {"django", "numpy", "pyarrow", "duckdb", "zoneinfo"}),
        (["measure", "check", "--help"], {"django", "pyarrow", "duckdb"}),
        (["analyze", "--help"], {"django", "duckdb"}),
    ],
)
def test_texts_load_nothing_that_a_command_does_without(arguments: list[str], not_loaded: set[str]) -> None:
    code = (
        "import sys, contextlib; from zhiheng.config import cli\n"
        f"with contextlib.suppress(SystemExit): cli.main({arguments!r})\n"
        "sys.exit(' '.join(sorted({name.split('.')[0] for name in sys.modules})))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    loaded = set(done.stderr.splitlines()[-1].split())
    assert "zhiheng" in loaded
    assert not loaded & not_loaded
