"""The language of the terminal, argparse in Chinese, and lines that count Chinese characters double."""

import argparse
import ast
import inspect
import locale
import string

import pytest

from zhiheng.analyze.arguments import CHINESE, HelpFormatter, argparse_speaks, wrapped
from zhiheng.analyze.wording import padded, preferred_language, width_of


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_TW"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, "zh"),
        ({"ZHIHENG_LANGUAGE": "zh-hans", "LANG": "C.UTF-8"}, "en"),  # that is the language of pages
    ],
)
def test_the_environment_of_the_terminal_chooses(monkeypatch, environment, expected):
    """As gettext does, and whether or not the machine has that locale installed."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "ZHIHENG_LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert preferred_language() == expected


@pytest.mark.parametrize(
    ("name", "expected"), [("Chinese (Simplified)_China", "zh"), ("en_US", "en"), (None, "en")]
)
def test_without_variables_the_system_chooses(monkeypatch, name, expected):
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(locale, "getlocale", lambda: (name, "UTF-8"))
    assert preferred_language() == expected


def spoken_by_argparse():
    """What argparse of this Python says to people; what it raises for programmers is left out."""
    tree = ast.parse(inspect.getsource(argparse))
    programmers = {
        id(node)
        for statement in ast.walk(tree)
        if isinstance(statement, ast.Raise)
        and isinstance(statement.exc, ast.Call)
        and getattr(statement.exc.func, "id", "") in {"ValueError", "TypeError", "NotImplementedError"}
        for node in ast.walk(statement)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"_", "ngettext"}:
            texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
            yield from (each for each in texts if isinstance(each, str) and id(node) not in programmers)


# Wrong declarations of a parser, which no wrong call can bring about.
FOR_PROGRAMMERS = (
    "conflicting", "cannot have multiple", "cannot merge", "'required' is", "invalid option string",
    "dest= is required", "invalid conflict", "mutually exclusive", "%r is not callable",
)  # fmt: skip


def test_all_that_argparse_says_to_people_is_translated():
    said = {each for each in spoken_by_argparse() if not each.startswith(FOR_PROGRAMMERS)}
    assert len(said) > 20, "its source was not understood"
    assert said - set(CHINESE) == set()


def test_placeholders_of_argparse_survive_translation():
    for english, chinese in CHINESE.items():
        names = [{part.split(")")[0] for part in text.split("%(")[1:]} for text in (english, chinese)]
        assert names[0] == names[1], english
        assert english.count("%s") == chinese.count("%s"), english
        assert english.count("%r") == chinese.count("%r"), english


def parser():
    made = argparse.ArgumentParser(prog="zhiheng x", formatter_class=HelpFormatter, description="做" * 60)
    made.add_argument("file", metavar="FILE", help="一个很长的说明，" * 12)
    made.add_argument("--port", type=int, help="端口")
    return made


def test_argparse_speaks_chinese_inside_only(capsys):
    with argparse_speaks("zh"):
        said = parser().format_help()
        with pytest.raises(SystemExit):
            parser().parse_args(["a", "--port", "x"])
        assert "错误：参数 --port：'x' 不是有效的 int 值" in capsys.readouterr().err
        with argparse_speaks("en"), pytest.raises(SystemExit):
            parser().parse_args([])
        assert "error: the following arguments are required: FILE" in capsys.readouterr().err
    assert said.startswith("用法: zhiheng x") and "显示本帮助后退出" in said
    assert parser().format_help().startswith("usage: zhiheng x")


def test_no_line_of_help_is_wider_than_the_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    with argparse_speaks("zh"):
        lines = parser().format_help().splitlines()
    assert max(width_of(line) for line in lines) <= 60
    assert any(width_of(line) > 50 for line in lines), "lines are filled"


def test_usage_goes_on_below_its_beginning(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    made = argparse.ArgumentParser(prog="p", formatter_class=HelpFormatter)
    for name in string.ascii_lowercase[:6]:
        made.add_argument(f"--{name * 4}")
    with argparse_speaks("zh"):
        first, second, *_others = made.format_usage().splitlines()
    # Two Chinese characters, a colon, a space, the name, a space: eight columns.
    assert first.startswith("用法: p [") and second.startswith(" " * 8 + "[")


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("one two three", 7, ["one two", "three"]),
        ("归档最旧的条目", 6, ["归档最", "旧的条", "目"]),
        ("归档条目，再来", 8, ["归档条", "目，再来"]),  # no line begins with a comma
        ("运行 zhiheng upgrade 之后", 10, ["运行", "zhiheng", "upgrade 之", "后"]),
        ("甲（乙）丙", 6, ["甲", "（乙）", "丙"]),
        ("", 5, [""]),
    ],
)
def test_text_is_wrapped_by_columns(text, width, lines):
    assert wrapped(text, width) == lines


def test_padding_counts_columns():
    assert padded("一致", 6) + "|" == "一致  |"
    assert padded("ok", 4) + "|" == "ok  |"
