"""How modules import: at the top, by full name, and from another domain only what it shows."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import (
    PACKAGE,
    check_exemptions,
    domains,
    enclosing_functions,
    name_of,
    package_of,
    parsed,
    python_files,
)

# What a domain shows to others. Rules are pure (see below): whoever imports them gets no row and no effect.
SURFACE = {"models", "queries", "services", "events", "choices", "rules"}
# What no rule may know: rows, requests, the clock, the journal and everything that reads or changes them.
IMPURE = {"models", "queries", "services", "handlers", "jobs", "panels", "records", "views", "wiring"}
PURE_DJANGO = {"django.utils.functional", "django.utils.translation"}
PURE_PACKAGES = {"measure", "definitions", "kernel"}

# "file function": reason. Besides these three kinds nothing may import inside a function.
HIDDEN_IMPORTS: dict[str, str] = {
    "src/zhiheng/ui/apps.py UiConfig.ready": "discovery when the apps are ready",
}

# "file call": reason. Classes and modules are named by import, not by string.
LOOKUPS_BY_STRING: dict[str, str] = {
    "src/zhiheng/measure/__init__.py import_module": "PEP 562: loads a module when it is first named",
    "src/zhiheng/measure/proportion.py import_module": "PEP 562: SciPy is loaded for exact intervals only",
    "src/zhiheng/measure/distributions.py import_module": "PEP 562: SciPy is loaded for Student's t and F only",
    "src/zhiheng/analyze/readers/sources.py import_module": "openpyxl is loaded for workbooks only",
    "src/zhiheng/analyze/calendar/named.py import_module": "holidays is loaded for the Chinese calendar only",
    "src/zhiheng/analyze/command.py import_module": "figures alone start without DuckDB and templates",
    "src/zhiheng/analyze/facts/build.py import_module": "figures alone do without DuckDB",
    "src/zhiheng/analyze/report/__init__.py import_module": "PEP 562: figures alone do without DuckDB",
    "src/zhiheng/config/commands/measure.py import_module": "a new file of published values is found by being there",
    "src/zhiheng/config/cli.py import_module": "the dispatcher: `analyze` must not load Django",
    "src/zhiheng/platform/apps.py import_module": "discovery when the apps are ready",
    "src/zhiheng/platform/links.py get_model": "a link names its two records by type and id",
    "src/zhiheng/platform/jobs/definition.py import_string": "a row names its job; only jobs are returned",
}

# "package → imported": reason.
BEYOND_THE_SURFACE: dict[str, str] = {}


def imported_names(node: ast.AST) -> Iterator[str]:
    """Dotted names an import statement brings in."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_imports_stand_at_the_top_of_the_file() -> None:
    """An import inside a function hides a dependency from readers and from the contract."""
    found = {
        f"{name_of(path)} {function}": f"line {node.lineno}"
        for path in python_files(tests=True)
        for node, function in enclosing_functions(parsed(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    check_exemptions(found, HIDDEN_IMPORTS)


def test_no_star_and_no_relative_parent() -> None:
    """Every name can be traced to the file it comes from."""
    found = {
        f"{name_of(path)} line {node.lineno}"
        for path in python_files(tests=True)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom) and (node.level > 1 or any(a.name == "*" for a in node.names))
    }
    check_exemptions(found, {})


def test_nothing_is_looked_up_by_string() -> None:
    """`import_string("…")` and `get_model("…")` escape the type checker and the layers."""
    lookups = {"import_string", "import_module", "__import__", "get_model"}
    found = set()
    for path in python_files():
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call):
                called = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                if called in lookups:
                    found.add(f"{name_of(path)} {called}")
    check_exemptions(found, LOOKUPS_BY_STRING)


def test_domains_show_only_their_surface() -> None:
    """From another domain come its models, queries, services, events and choices, nothing else."""
    found = {
        f"{package_of(path)} → {name}": name_of(path)
        for path in python_files()
        for name in reaches_beyond(path)
    }
    check_exemptions(found, BEYOND_THE_SURFACE)


def test_rules_are_pure() -> None:
    """A rule decides from what it is given: it knows no rows, no clock and no Django but its texts."""
    found = {
        f"{name_of(path)} {name}"
        for path in python_files()
        if package_of(path) in domains() and is_rule(path)
        for node in ast.walk(parsed(path))
        for name in imported_names(node)
        if not is_pure(name)
    }
    check_exemptions(found, {})


def is_rule(path: Path) -> bool:
    """Whether a file belongs to the rules of its package."""
    return path.relative_to(PACKAGE).with_suffix("").parts[1] == "rules"


def is_pure(name: str) -> bool:
    """Whether a rule may import this."""
    parts = name.split(".")
    if parts[0] == "django":
        return any(name.startswith(f"{allowed}.") for allowed in PURE_DJANGO)
    if parts[0] != "zhiheng" or parts[1] in PURE_PACKAGES:
        return name not in {"zhiheng.kernel.time.now", "zhiheng.kernel.actor.current"}
    return parts[1] in domains() and not IMPURE & set(parts[2:])


def reaches_beyond(path: Path) -> Iterator[str]:
    """Names a file imports from the inside of another domain; the composition root may reach everywhere."""
    own = package_of(path) if path.parent != PACKAGE else ""
    if own == "config":
        return
    for node in ast.walk(parsed(path)):
        for name in imported_names(node):
            parts = name.split(".")
            if parts[0] != "zhiheng" or len(parts) < 3 or parts[1] not in domains() or parts[1] == own:
                continue
            if parts[2] not in SURFACE:
                yield ".".join(parts[:3])
