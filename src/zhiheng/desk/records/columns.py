"""Columns of the ticket list that a query computes."""

from __future__ import annotations

from dataclasses import dataclass

from zhiheng.records import Column


@dataclass(frozen=True, slots=True)
class Words(Column):
    """A computed column of words or drawn components: it stands at the left, unlike a computed number."""

    @property
    def style(self) -> str:
        return "words"
