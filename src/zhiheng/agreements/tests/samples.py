"""Values of sample rows that the kinds of their fields do not tell."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from zhiheng.agreements.models import Commitment, Contract, Exemption
from zhiheng.kernel.text import bilingual
from zhiheng.records.testing import sample_values

sample_values(
    Commitment,
    lambda number: {
        "name": bilingual(zh=f"承诺 {number}", en=f"Commitment {number}"),
        "target_seconds": 3600 * number,
        "priority": None,
        "kind": "",
    },
)
sample_values(
    Contract,
    lambda number: {
        "starts_on": date(2026, 1, 1) + timedelta(days=number),
        "ends_on": date(2027, 1, 1) + timedelta(days=number),
    },
)
sample_values(
    Exemption,
    lambda number: {
        "starts_at": datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number),
        "ends_at": datetime(2026, 1, 2, tzinfo=UTC) + timedelta(days=number),
        "state": "proposed",
        "decided_by": None,
        "decided_at": None,
        "kind": "",
    },
)
