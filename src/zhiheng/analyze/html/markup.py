"""The few shapes every section is made of: escaped text, tags, tables, cards. Nothing here knows a figure."""

from collections.abc import Iterable, Sequence
from html import escape

from zhiheng.analyze.texts import Texts

VERDICT_TAGS = {"met": ("ok", "✓"), "not_met": ("miss", "✕"), "no_target": ("none", "·")}
STATE_TAGS = {"confirmed": ("miss", "✕"), "watch": ("risk", "!"), "absent": ("ok", "✓")}
CAUSE_TAGS = {"supported": ("miss", "●"), "not_supported": ("ok", "○"), "no_data": ("none", "")}


def verdict_tag(verdict: str, uncertain: bool, texts: Texts) -> str:
    """The verdict as a mark: shape and word, never colour alone."""
    style, symbol = VERDICT_TAGS.get(verdict, ("none", ""))
    words = texts(f"verdict_{verdict}")
    if uncertain:
        style, symbol, words = "risk", "?", f"{words} · {texts('uncertain')}"
    return tag(style, symbol, words)


def state_tag(state: str, texts: Texts) -> str:
    """The state of a defect as a mark."""
    style, symbol = STATE_TAGS.get(state, ("none", ""))
    return tag(style, symbol, texts(f"state_{state}"))


def cause_tag(state: str, texts: Texts) -> str:
    """Whether a cause is supported, as a mark."""
    style, symbol = CAUSE_TAGS[state]
    return tag(style, symbol, texts(f"cause_{state}"))


def tag(style: str, symbol: str, words: str) -> str:
    """A small mark."""
    return f'<span class="tag {style}">{escape(f"{symbol} {words}".strip())}</span>'


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Sequence[int] = ()) -> str:
    """A table of ready markup; the columns in `numbers` are set right."""
    marks = [' class="num"' if place in numbers else "" for place in range(len(heads))]
    head = "".join(f"<th{mark}>{escape(text)}</th>" for text, mark in zip(heads, marks, strict=True))
    body = "".join(
        "<tr>" + "".join(f"<td{mark}>{cell}</td>" for cell, mark in zip(row, marks, strict=True)) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def card(content: str, *, title: str = "", flush: bool = False) -> str:
    """A framed block."""
    heading = f"<h3>{escape(title)}</h3>" if title else ""
    inner = f'<div class="head">{heading}</div>' if flush and title else heading
    return f'<div class="card{" flush" if flush else ""}">{inner}{content}</div>'


def section(name: str, title: str, answer: str, content: str) -> str:
    """A question, its answer in words, then the charts."""
    words = f'<p class="answer">{escape(answer)}</p>' if answer else ""
    return f'<section id="{name}"><h2>{escape(title)}</h2>{words}{content}</section>'
