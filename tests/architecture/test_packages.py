"""What files there may be: names, sizes, docstrings."""

from __future__ import annotations

import ast
import re

from tests.architecture.tree import (
    PACKAGE,
    ROOT,
    check_exemptions,
    domains,
    name_of,
    parsed,
    python_files,
    tracked_files,
)

LONGEST = 400
SHAPELESS = re.compile(r"^_?(utils?|helpers?|misc|common|tools|stuff|lib)(\.py)?$")
SOURCE_SUFFIXES = {
    ".py",
    ".ts",
    ".js",
    ".mjs",
    ".css",
    ".html",
    ".sql",
    ".toml",
    ".md",
    ".txt",
    ".yml",
    ".sh",
}

# The names a domain package may hold (docs/decisions/0014), and the two that Django gives.
DOMAIN_NAMES = {
    "models", "choices", "rules", "queries", "services", "events", "handlers", "facts", "records", "panels",
    "jobs", "wiring", "api", "views", "urls", "templates", "locale", "tests", "apps", "migrations",
}  # fmt: skip

# "file": reason.
LONG_FILES: dict[str, str] = {
    "requirements/dev.txt": "compiled: one line for each hash",
    "requirements/runtime.txt": "compiled: one line for each hash",
}

# "package/name": reason.
OTHER_NAMES: dict[str, str] = {
    "accounts/adapter.py": "allauth finds it by setting",
    "accounts/middleware.py": "Django finds it by setting",
    "accounts/data": "the shipped roles",
    "desk/showing": "how clocks, states and acts read; its views, panels and columns share it",
    "web/quality_urls.py": "the addresses of the quality pages, in a namespace of their own",
}


def test_no_file_is_longer_than_400_lines() -> None:
    """A file that long holds two nouns."""
    found = {}
    for path in tracked_files():
        if path.suffix in SOURCE_SUFFIXES and "migrations" not in path.parts:  # Django writes those
            lines = path.read_text(encoding="utf-8").count("\n")
            if lines > LONGEST:
                found[name_of(path)] = f"{lines} lines"
    check_exemptions(found, LONG_FILES)


def test_every_module_says_what_it_is_for() -> None:
    """Modules and packages open with a docstring."""
    files = [*python_files(), *(ROOT / "scripts").rglob("*.py")]
    found = {name_of(path) for path in files if not ast.get_docstring(parsed(path))}
    check_exemptions(found, {})


def test_every_test_module_says_what_it_is_for() -> None:
    """So do modules of tests, unless they are empty."""
    files = [path for path in python_files(tests=True) if path.stat().st_size]
    found = {name_of(path) for path in files if not ast.get_docstring(parsed(path))}
    check_exemptions(found, {})


def test_no_shapeless_module() -> None:
    """A module is named after a noun of the domain, never after its being left over."""
    found = {
        name_of(path)
        for path in tracked_files()
        if any(SHAPELESS.match(part) for part in path.relative_to(ROOT).parts)
    }
    check_exemptions(found, {})


def test_domains_hold_only_the_agreed_names() -> None:
    """Whoever knows one domain finds their way in every other."""
    found = {
        f"{package}/{path.name}"
        for package in domains()
        for path in (PACKAGE / package).iterdir()
        if not path.name.startswith(("_", ".")) and path.stem not in DOMAIN_NAMES
    }
    check_exemptions(found, OTHER_NAMES)
