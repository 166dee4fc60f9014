"""Read exports of any service desk into an `EventLog`.

`read(paths, mapping=None, timezone=None, progress=None)` reads; `propose_mapping(path)` says how it would.
"""

from zhiheng.analyze.readers.read import propose_mapping, read

__all__ = ["propose_mapping", "read"]
