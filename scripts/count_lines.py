"""Counts lines of code: the machinery by package, and what each record type's declaration takes.

A line counts when it holds code: blank lines, comments, docstrings, tests and migrations do not.
"""

from __future__ import annotations

import ast
import io
import sys
import tokenize
import tomllib
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "src/zhiheng"
UNCOUNTED = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING,
    tokenize.ENDMARKER,
}  # fmt: skip


def packages() -> list[str]:
    """Names of the packages, lowest layer first, as the import contract lists them."""
    settings = tomllib.loads((PACKAGE.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    names = [name.strip(" ()") for layer in reversed(layers) for name in layer.split("|")]
    return [name for name in names if (PACKAGE / name).is_dir()]


def docstring_lines(tree: ast.AST) -> set[int]:
    """Lines taken by docstrings."""
    found: set[int] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        first = node.body[0] if node.body else None
        if not isinstance(first, ast.Expr) or not isinstance(first.value, ast.Constant):
            continue
        if isinstance(first.value.value, str):
            found.update(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    return found


def code_lines(source: str) -> set[int]:
    """Line numbers that hold code."""
    found: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in UNCOUNTED:
            found.update(range(token.start[0], token.end[0] + 1))
    return found - docstring_lines(ast.parse(source))


def modules(folder: Path) -> Iterator[Path]:
    """Python files of a package without its tests and migrations."""
    for path in sorted(folder.rglob("*.py")):
        if not {"tests", "migrations"} & set(path.relative_to(PACKAGE).parts):
            yield path


def declarations(path: Path) -> Iterator[tuple[str, int]]:
    """Each record type declared in a `records` module: the lines of every call of `RecordType(…)`."""
    source = path.read_text(encoding="utf-8")
    code = code_lines(source)
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name == "RecordType":
            lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
            yield record_name(node), len(code.intersection(lines))


def record_name(call: ast.Call) -> str:
    """The model a declaration is for, as written."""
    for keyword in call.keywords:
        if keyword.arg in {"model", "name"}:
            return ast.unparse(keyword.value)
    return ast.unparse(call.args[0]) if call.args else "?"


def main() -> None:
    """Print both tables."""
    total = 0
    sys.stdout.write("Lines of code by package (no blank lines, comments, docstrings, tests, migrations)\n")
    for layer in packages():
        files = list(modules(PACKAGE / layer))
        lines = sum(len(code_lines(path.read_text(encoding="utf-8"))) for path in files)
        total += lines
        sys.stdout.write(f"  {layer:<12} {lines:>6}  in {len(files)} files\n")
    sys.stdout.write(f"  {'all':<12} {total:>6}\n\nLines of each record type's declaration\n")
    for path in modules(PACKAGE):
        relative = path.relative_to(PACKAGE)
        if relative.parts[0] != "records" and "records" in (relative.stem, *relative.parts[1:-1]):
            for name, lines in declarations(path):
                sys.stdout.write(f"  {relative.parts[0]}.{name:<24} {lines:>4}\n")


if __name__ == "__main__":
    main()
