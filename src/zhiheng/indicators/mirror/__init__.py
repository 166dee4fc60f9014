"""The facts mirror: one read snapshot of tables and journal as Parquet, from which every figure is computed.

Public: `register_facts`, `FactsSource`, `MirrorTable` (what a domain contributes), `refresh` (build a snapshot and swap
the pointer), `store.current`, `store.sweep`.
"""

from zhiheng.indicators.mirror.refresh import refresh
from zhiheng.indicators.mirror.sources import FactsSource, MirrorTable, register_facts
from zhiheng.indicators.mirror.store import Manifest, current

__all__ = ["FactsSource", "Manifest", "MirrorTable", "current", "refresh", "register_facts"]
