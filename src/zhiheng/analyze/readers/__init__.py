"""Read exports of any service desk into an `EventLog`: `read(paths, mapping=None, timezone=None)`."""

from zhiheng.analyze.readers.read import read

__all__ = ["read"]
