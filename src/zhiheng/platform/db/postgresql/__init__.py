"""PostgreSQL, with journal ids in commit order."""
