"""Storing published figures, and computing them again."""

from zhiheng.indicators.services.stored import (
    Difference,
    pinned_snapshots,
    replay,
    store_figures,
    store_last_month,
)

__all__ = ["Difference", "pinned_snapshots", "replay", "store_figures", "store_last_month"]
