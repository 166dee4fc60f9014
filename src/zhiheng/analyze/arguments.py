"""argparse in Chinese: its own words, and help texts wrapped by the columns that they take. No Django."""

import argparse
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from zhiheng.analyze.wording import width_of

# By argparse's own text; Python 3.11 to 3.13 differ in a few of them. What it says to programmers stays as it is.
CHINESE = {
    "usage: ": "用法: ",
    "positional arguments": "位置参数",
    "options": "选项",
    "subcommands": "子命令",
    "show this help message and exit": "显示本帮助后退出",
    "show program's version number and exit": "显示版本号后退出",
    "%(heading)s:": "%(heading)s：",
    " (default: %(default)s)": "（默认：%(default)s）",
    "%(prog)s: error: %(message)s\n": "%(prog)s：错误：%(message)s\n",
    "%(prog)s: warning: %(message)s\n": "%(prog)s：警告：%(message)s\n",
    "argument %(argument_name)s: %(message)s": "参数 %(argument_name)s：%(message)s",
    "the following arguments are required: %s": "缺少必需的参数：%s",
    "one of the arguments %s is required": "参数 %s 必须给出其中之一",
    "unrecognized arguments: %s": "不认识的参数：%s",
    "unexpected option string: %s": "意外的选项：%s",
    "not allowed with argument %s": "不能与参数 %s 同时使用",
    "ignored explicit argument %r": "此选项不带值，却给出了 %r",
    "expected one argument": "需要一个值",
    "expected at most one argument": "最多一个值",
    "expected at least one argument": "至少需要一个值",
    "expected %s argument": "需要 %s 个值",
    "expected %s arguments": "需要 %s 个值",
    "ambiguous option: %(option)s could match %(matches)s": "选项 %(option)s 不明确，可能是 %(matches)s",
    "invalid %(type)s value: %(value)r": "%(value)r 不是有效的 %(type)s 值",
    "invalid choice: %(value)r (choose from %(choices)s)": "没有 %(value)r 这个选择（可选：%(choices)s）",
    "unknown parser %(parser_name)r (choices: %(choices)s)": "没有子命令 %(parser_name)r（可选：%(choices)s）",
    "can't open '%(filename)s': %(error)s": "无法打开“%(filename)s”：%(error)s",
    'argument "-" with mode %r': "参数“-”不能用于模式 %r",
    "option '%(option)s' is deprecated": "选项“%(option)s”已不建议使用",
    "argument '%(argument_name)s' is deprecated": "参数“%(argument_name)s”已不建议使用",
    "command '%(parser_name)s' is deprecated": "命令“%(parser_name)s”已不建议使用",
}


class HelpFormatter(argparse.HelpFormatter):
    """Help of which no line is wider than the terminal, though Chinese takes two columns and has no spaces."""

    def _format_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None,
    ) -> str:
        # argparse indents by letters; what the first line takes beyond that, the others lack.
        first, *others = super()._format_usage(usage, actions, groups, prefix).split("\n")
        indent = " " * (width_of(first) - len(first))
        return "\n".join([first, *(indent + line if line else line for line in others)])

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrapped(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + line for line in wrapped(text, width - len(indent)))


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` columns. A line ends at a space or beside a wide character."""
    lines, line = [], ""
    for piece in _pieces(" ".join(text.split())):
        if line and width_of(line + piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return [*lines, line.rstrip()] if line.strip() else lines or [""]


# Marks that no line of Chinese begins with.
CLOSING = "，。；：、！？）》”’…"


def _pieces(text: str) -> Iterator[str]:
    """What must stay together: a word with the space behind it, a wide character with the marks that close it."""
    piece = ""
    for letter in text:
        ended = piece.endswith(" ") or _is_wide(piece[-1:]) or _is_wide(letter)
        if piece and ended and letter not in CLOSING and letter != " " and piece[-1] not in "（“《‘":
            yield piece
            piece = ""
        piece += letter
    if piece:
        yield piece


def _is_wide(letter: str) -> bool:
    return width_of(letter) == 2


@contextmanager
def argparse_speaks(language: str) -> Iterator[None]:
    """Inside, argparse's own words are in this language.

    It asks two functions of its module for them; the way it offers instead, compiled catalogues on disk that the
    environment chooses, could not follow `--lang`.
    """
    module = vars(argparse)
    kept = {name: module[name] for name in ("_", "ngettext")}
    if language == "zh":
        module["_"] = _in_chinese
        module["ngettext"] = lambda one, many, n: _in_chinese(one if n == 1 else many)
    else:
        module["_"] = lambda text: text
        module["ngettext"] = lambda one, many, n: one if n == 1 else many
    try:
        yield
    finally:
        module.update(kept)


def _in_chinese(text: str) -> str:
    return CHINESE.get(text, text)
