"""From an event log to the facts schema: one row per ticket, one per entry, in DuckDB tables in memory.

Public: `build`, `CaseFacts`. What stands in for a missing column is told in the table `sources`.
"""

from zhiheng.analyze.facts.build import CaseFacts, build

__all__ = ["CaseFacts", "build"]
