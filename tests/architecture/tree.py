"""Reads the sources once for all architecture tests: files, syntax trees, layers, exemptions."""

from __future__ import annotations

import ast
import subprocess
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "zhiheng"

# Packages below the domains: their inner layout is their own; whoever stands on them uses what they export.
MACHINERY = {"measure", "definitions", "analyze", "kernel", "platform", "ui", "records", "indicators"}


@cache
def layers() -> tuple[tuple[str, ...], ...]:
    """The layers of the import contract, lowest first; packages beside each other share one."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = settings["tool"]["importlinter"]["contracts"][0]
    rows = (tuple(name.strip(" ()") for name in row.split("|")) for row in contract["layers"])
    return tuple(reversed(tuple(rows)))


@cache
def rank() -> Mapping[str, int]:
    """Height of each package: a higher one may import a lower one."""
    return {name: height for height, row in enumerate(layers()) for name in row}


@cache
def packages() -> tuple[str, ...]:
    """Packages that exist, lowest first."""
    return tuple(name for row in layers() for name in row if (PACKAGE / name / "__init__.py").is_file())


def domains() -> tuple[str, ...]:
    """Packages laid out as a domain: everything above the machinery but the composition root."""
    return tuple(name for name in packages() if name not in MACHINERY and name != "config")


def package_of(path: Path) -> str:
    """The package a file belongs to."""
    return path.relative_to(PACKAGE).parts[0]


@cache
def python_files(*, tests: bool = False) -> tuple[Path, ...]:
    """Python files of the package; migrations never, tests only on request."""
    skipped = {"migrations"} if tests else {"migrations", "tests"}
    return tuple(
        path for path in sorted(PACKAGE.rglob("*.py")) if not skipped & set(path.relative_to(PACKAGE).parts)
    )


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name_of(path: Path) -> str:
    """A file as people write it: relative to the repository, with forward slashes."""
    return path.relative_to(ROOT).as_posix()


@cache
def tracked_files() -> tuple[Path, ...]:
    """Files that are committed or about to be; without git (a source archive), every file of the sources."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        return tuple(
            path for folder in ("src", "scripts", "tests", "docs") for path in (ROOT / folder).rglob("*")
        )
    names = listed.stdout.decode().split("\0")
    return tuple(ROOT / name for name in names if name and (ROOT / name).is_file())


def enclosing_functions(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """Every node that lies inside a function, with that function's dotted name."""

    def walk(node: ast.AST, names: tuple[str, ...], *, inside: bool) -> Iterator[tuple[ast.AST, str]]:
        for child in ast.iter_child_nodes(node):
            if inside:
                yield child, ".".join(names)
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                yield from walk(child, (*names, child.name), inside=True)
            elif isinstance(child, ast.ClassDef):
                yield from walk(child, (*names, child.name), inside=inside)
            else:
                yield from walk(child, names, inside=inside)

    yield from walk(tree, (), inside=False)


def check_exemptions(findings: Mapping[str, str] | Iterable[str], exempt: Mapping[str, str]) -> None:
    """Fail on a finding that is not exempt, and on an exemption that nothing needs any more."""
    found = dict.fromkeys(findings, "") if not isinstance(findings, Mapping) else dict(findings)
    new = [f"{key}  {what}".rstrip() for key, what in sorted(found.items()) if key not in exempt]
    stale = sorted(set(exempt) - set(found))
    assert not new, "against the rule:\n  " + "\n  ".join(new)
    assert not stale, "exemptions that are no longer needed, remove them:\n  " + "\n  ".join(stale)
    assert all(exempt.values()), "an exemption needs its reason"
