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

MANAGERS = {"objects", "_default_manager", "_base_manager"}
# Machinery is bound where it faces a person or a program; behind that, rows are its work. It is given any
# model, and says so by `_default_manager`; a domain knows its models.
FACING = {
    "views",
    "api",
    "forms",
    "listing",
    "panels",
    "components",
    "templatetags",
    "importing",
    "exporting",
}
MAY_USE_MANAGERS = {"models", "queries", "services"}
CLOCKLESS = {"measure", "definitions", "analyze"}

# "file": reason.
MANAGERS_ELSEWHERE: dict[str, str] = {
    "src/zhiheng/records/views/export.py": "a person's own export job, found by that person",
    "src/zhiheng/config/commands/demo.py": "asks as the system whether the demo is loaded already",
}

# "file call": reason.
OTHER_CLOCKS: dict[str, str] = {"src/zhiheng/kernel/time.py datetime.now": "this is the clock"}


def test_managers_are_used_behind_models_queries_and_services_only() -> None:
    """A view that asks a manager for rows can forget who may see them."""
    found = {}
    for path in python_files():
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if len(parts) == 1 or MAY_USE_MANAGERS & set(parts):
            continue
        machinery = package_of(path) in MACHINERY
        if machinery and not FACING & set(parts):
            continue
        refused = {"objects"} if machinery else MANAGERS
        bound = bound_to_an_actor(parsed(path))
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Attribute) and node.attr in refused and node not in bound:
                found[name_of(path)] = f"line {node.lineno}"
    check_exemptions(found, MANAGERS_ELSEWHERE)


def bound_to_an_actor(tree: ast.Module) -> set[ast.AST]:
    """Nodes within what is handed straight to `visible_to` or `page_of`, which leave what an actor may see."""
    calls = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"visible_to", "page_of"}
    )
    return {inner for call in calls for given in call.args for inner in ast.walk(given)}


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
