"""Values of sample rows that the kinds of their fields do not tell."""

from __future__ import annotations

from datetime import date, timedelta

from zhiheng.indicators.models import Target
from zhiheng.records.testing import sample_values

# Not in force yet: those that are cannot be changed.
FAR = date(2099, 1, 1)

sample_values(
    Target,
    lambda number: {
        "indicator": "closure_30d",
        "scope": "all",
        "group": "",
        "in_force_from": FAR + timedelta(days=number),
        "value": 0.9 + number / 1000,
        "alarm": None,
        "low": None,
        "high": None,
    },
)
