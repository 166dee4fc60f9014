"""Where rows and the time come from: rows from models, queries and services; now from the clock."""

from __future__ import annotations

import ast

from tests.architecture.tree import (
    MACHINERY,
    PACKAGE,
    check_exemptions,
    name_of,
    package_of,
    parsed,
    python_files,
)

MANAGERS = {"objects"}
# Machinery works on whatever model it is given, and says so by `_default_manager`; a domain knows its models.
MANAGERS_OF_ANY_MODEL = {"_default_manager", "_base_manager"}
MAY_USE_MANAGERS = {"models", "queries", "services"}
CLOCKLESS = {"measure", "definitions", "analyze"}

# "file": reason. Machinery whose whole work is rows has no queries module of its own.
MANAGERS_ELSEWHERE: dict[str, str] = {}

# "file call": reason.
OTHER_CLOCKS: dict[str, str] = {"src/zhiheng/kernel/time.py timezone.now": "this is the clock"}


def test_managers_are_used_behind_models_queries_and_services_only() -> None:
    """A view that asks a manager for rows can forget who may see them."""
    found = {}
    for path in python_files():
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if len(parts) == 1 or MAY_USE_MANAGERS & set(parts):
            continue
        refused = MANAGERS if package_of(path) in MACHINERY else MANAGERS | MANAGERS_OF_ANY_MODEL
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Attribute) and node.attr in refused:
                found[name_of(path)] = f"line {node.lineno}"
    check_exemptions(found, MANAGERS_ELSEWHERE)


def test_now_comes_from_the_clock() -> None:
    """`kernel.time.now` is the only source of now, so that a test can hold it still."""
    found = set()
    for path in python_files():
        if path.parent == PACKAGE or package_of(path) in CLOCKLESS:
            continue
        for node in ast.walk(parsed(path)):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            called = ast.unparse(node.func)
            if called in {"timezone.now", "datetime.now", "datetime.utcnow", "date.today", "datetime.today"}:
                found.add(f"{name_of(path)} {called}")
    check_exemptions(found, OTHER_CLOCKS)
