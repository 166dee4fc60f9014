"""Mappings: which column of an export plays which role. Each is one TOML file here, or one a user saved.

Import `Mapping`, `load`, `shipped` and the role names from this package.
"""

from zhiheng.analyze.mappings.model import (
    CATEGORIES,
    COUNT_ROLES,
    FLAG_ROLES,
    ROLES,
    TEXT_ROLES,
    TIME_ROLES,
    Mapping,
    load,
    shipped,
)

__all__ = [
    "CATEGORIES",
    "COUNT_ROLES",
    "FLAG_ROLES",
    "ROLES",
    "TEXT_ROLES",
    "TIME_ROLES",
    "Mapping",
    "load",
    "shipped",
]
