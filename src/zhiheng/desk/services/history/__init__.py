"""Loading the history of another service desk: every row becomes an entry, the state follows by the same pure fold.

Public: ``load_history(log, …)``. Reading the export is the business of ``zhiheng.analyze.readers``.
"""

from zhiheng.desk.services.history.load import LoadResult, load_history

__all__ = ["LoadResult", "load_history"]
