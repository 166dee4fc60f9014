"""A lookup whose values stand in the statement itself, so that SQLite sees that a partial index fits.

SQLite compares the condition of a partial index with the statement before its parameters are known: under
`state IN (?, ?)` an index over `state IN ('closed', 'solved')` is never used, and a million rows are sorted instead.
"""

from __future__ import annotations

import re
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Lookup
from django.db.models.sql.compiler import SQLCompiler

CONSTANT = re.compile(r"[a-z][a-z0-9_-]*")


@CharField.register_lookup
class OneOf(Lookup[Any]):
    """`state__one_of=("closed", "solved")`: like `in`, for constants of the program only.

    Raises ValueError for anything but lower-case names, so that no text of a user can get here.
    """

    lookup_name = "one_of"
    prepare_rhs = False

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[str | int, ...]]:
        """`column IN ('a', 'b')`, with no parameters of its own."""
        for value in self.rhs:
            if not CONSTANT.fullmatch(value):
                raise ValueError(f"one_of takes names in lower case written in the program, not {value!r}")
        column, params = self.process_lhs(compiler, connection)
        names = ", ".join(f"'{value}'" for value in self.rhs)
        return f"{column} IN ({names})", tuple(params)
