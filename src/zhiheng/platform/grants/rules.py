"""Separation of the administrative roles. Pure."""

from __future__ import annotations

from zhiheng.platform.grants.permissions import READING_ACTIONS, RESERVED, Permission


def refusal(administrative: str, permission: Permission) -> str:
    """Why a role of this administrative kind ("" for none) may not hold a permission: a code; "" if it may.

    Security administration alone changes who may do what; system administration alone handles jobs; audit
    administration alone reads the whole journal, and changes nothing.
    """
    reads = permission.action in READING_ACTIONS
    if administrative == "audit" and not reads:
        return "audit_reads_only"
    owner = RESERVED.get(f"{permission.app}.{permission.model}", administrative)
    if owner == administrative or (reads and owner != "audit"):
        return ""
    return f"reserved_for_{owner}"
