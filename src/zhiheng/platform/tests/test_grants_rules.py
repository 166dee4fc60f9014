"""Permission strings and the separation of the administrative roles."""

from __future__ import annotations

import pytest

from zhiheng.platform.grants.permissions import (
    RESERVED,
    PermissionRegistry,
    both,
    either,
    kinds_allowed,
    parse,
)
from zhiheng.platform.grants.rules import refusal


@pytest.mark.parametrize(
    "text",
    ["desk.ticket:view", "desk.ticket.request:assign", "desk.*:view", "*:view", "*:*", "desk.ticket.*:view"],
)
def test_a_permission_reads_back_as_it_was_written(text: str) -> None:
    assert str(parse(text)) == text.replace("ticket.*:", "ticket:")
    assert parse(str(parse(text))) == parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "view",
        "desk:view",
        "desk.ticket",
        "desk.ticket:",
        "*.ticket:view",
        "desk.ticket.a.b:view",
        "desk.ticket:VIEW",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no permission"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "record_type", "action", "covers"),
    [
        ("desk.ticket:view", "desk.ticket", "view", True),
        ("desk.ticket:view", "desk.ticket", "change", False),
        ("desk.ticket:view", "desk.message", "view", False),
        ("desk.*:*", "desk.message", "delete", True),
        ("desk.*:*", "cmdb.message", "delete", False),
        ("*:view", "cmdb.item", "view", True),
        ("*:*", "platform.role", "change", False),
        ("platform.*:*", "platform.entry", "view", False),
        ("platform.role:*", "platform.role", "change", True),
    ],
)
def test_what_a_permission_covers(text: str, record_type: str, action: str, covers: bool) -> None:
    assert parse(text).covers(record_type, action) is covers


def test_kinds_add_up_and_narrow() -> None:
    some, more = frozenset({"request"}), frozenset({"request", "incident"})
    assert either(some, more) == more
    assert either(some, None) is None
    assert both(some, more) == some
    assert both(None, some) == some
    assert both(some, None) == some
    assert both(None, None) is None
    held = [parse("desk.ticket.request:view"), parse("desk.ticket.incident:*")]
    assert kinds_allowed(held, "desk.ticket", "view") == more
    assert kinds_allowed(held, "desk.ticket", "change") == {"incident"}
    assert kinds_allowed([*held, parse("*:view")], "desk.ticket", "view") is None
    assert kinds_allowed(held, "desk.message", "view") == frozenset()


def test_only_declared_acts_are_known() -> None:
    registry = PermissionRegistry()
    registry.register("desk.ticket", {"view": "View", "assign": "Assign"})
    registry.register("platform.role", {"change": "Change"})
    assert registry.knows("desk.ticket", "assign")
    assert not registry.knows("desk.ticket", "asign")
    assert not registry.knows("desk.tickets", "view")
    assert [registry.is_known(text) for text in ("desk.ticket.any:assign", "*:view", "platform.role:*")] == [
        True
    ] * 3
    assert [
        registry.is_known(text) for text in ("desk.ticket:asign", "*:change", "cmdb.*:*", "nonsense")
    ] == [False] * 4
    assert list(registry.all()) == ["desk.ticket", "platform.role"]


@pytest.mark.parametrize(
    ("administrative", "permission", "reason"),
    [
        ("", "desk.ticket:*", ""),
        ("", "*:*", ""),
        ("", "platform.role:view", ""),
        ("", "platform.role:change", "reserved_for_security"),
        ("", "platform.entry:view", "reserved_for_audit"),
        ("", "platform.job:*", "reserved_for_system"),
        ("system", "platform.job:*", ""),
        ("system", "platform.roleassignment:add", "reserved_for_security"),
        ("security", "platform.grant:*", ""),
        ("security", "platform.entry:view", "reserved_for_audit"),
        ("security", "platform.parked:change", "reserved_for_system"),
        ("audit", "platform.entry:view", ""),
        ("audit", "*:view", ""),
        ("audit", "platform.role:view", ""),
        ("audit", "desk.ticket:change", "audit_reads_only"),
        ("audit", "*:*", "audit_reads_only"),
    ],
)
def test_administrative_roles_are_mutually_separate(
    administrative: str, permission: str, reason: str
) -> None:
    assert refusal(administrative, parse(permission)) == reason


def test_no_administrative_role_may_change_what_is_anothers() -> None:
    for record_type, owner in RESERVED.items():
        allowed = [
            role
            for role in ("", "system", "security", "audit")
            if not refusal(role, parse(f"{record_type}:change"))
        ]
        assert allowed == ([] if owner == "audit" else [owner])
