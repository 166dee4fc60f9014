"""Collects marked texts: `_()` and its kin in Python, `translate` and `blocktranslate` in templates."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.template.base import Lexer, Token, TokenType
from django.utils.translation import trim_whitespace

# Function name -> positions of context, text and plural among its arguments.
FUNCTIONS: dict[str, tuple[int | None, int, int | None]] = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
IN_TAG = re.compile(r"""_\(\s*("([^"]*)"|'([^']*)')\s*\)""")
QUOTED = re.compile(r"""^("([^"]*)"|'([^']*)')""")
CONTEXT = re.compile(r"""\bcontext\s+("([^"]*)"|'([^']*)')""")


@dataclass(frozen=True, slots=True, order=True)
class Marked:
    """A marked text, its plural form and context where it has them, and where it was first found."""

    text: str
    plural: str = ""
    context: str = ""
    place: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What a catalogue is looked up by."""
        return (self.context, self.text)

    @property
    def line(self) -> int:
        """The line of the place."""
        return int(self.place.rpartition(":")[2])


def from_python(path: Path) -> Iterator[Marked]:
    """Marked texts of a Python file. Only constant texts can be extracted; that is what marking means."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in FUNCTIONS:
            continue
        context_at, text_at, plural_at = FUNCTIONS[name]
        text = _constant(node, text_at)
        if text:
            place = f"{path}:{node.lineno}"
            yield Marked(text, _constant(node, plural_at), _constant(node, context_at), place)


def _constant(call: ast.Call, position: int | None) -> str:
    if position is None or position >= len(call.args):
        return ""
    argument = call.args[position]
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else ""


def from_template(path: Path) -> Iterator[Marked]:
    """Marked texts of a template."""
    tokens = iter(Lexer(path.read_text(encoding="utf-8")).tokenize())
    for token in tokens:
        place = f"{path}:{token.lineno}"
        if token.token_type not in {TokenType.BLOCK, TokenType.VAR}:
            continue
        for found in IN_TAG.finditer(token.contents):
            yield Marked((found[2] or found[3] or "").replace("%", "%%"), place=place)
        word, _space, rest = token.contents.partition(" ")
        if token.token_type is not TokenType.BLOCK:
            continue
        if word in {"translate", "trans"} and (quoted := QUOTED.match(rest.strip())):
            yield Marked(
                (quoted[2] or quoted[3] or "").replace("%", "%%"), context=_context(rest), place=place
            )
        elif word in {"blocktranslate", "blocktrans"}:
            text, plural = _block(tokens, trimmed="trimmed" in rest.split())
            yield Marked(text, plural, _context(rest), place)


def _context(rest: str) -> str:
    found = CONTEXT.search(rest)
    return (found[2] or found[3] or "") if found else ""


def _block(tokens: Iterator[Token], *, trimmed: bool) -> tuple[str, str]:
    """Text and plural of a block, as Django looks them up: `%(name)s` for variables, `%%` for a percent sign."""
    parts: list[list[str]] = [[]]
    for token in tokens:
        if token.token_type is TokenType.BLOCK:
            if token.contents.startswith("end"):
                break
            parts.append([])
        elif token.token_type is TokenType.VAR:
            parts[-1].append(f"%({token.contents})s")
        elif token.token_type is TokenType.TEXT:
            parts[-1].append(token.contents.replace("%", "%%"))
    texts = ["".join(part) for part in parts]
    shown = [trim_whitespace(text) if trimmed else text for text in texts]
    return shown[0], shown[1] if len(shown) > 1 else ""
