"""Values of sample rows that the kinds of their fields do not tell."""

from __future__ import annotations

from zhiheng.platform.models import Grant
from zhiheng.records.testing import sample_values

sample_values(Grant, lambda number: {"permission": "accounts.team:view"})
