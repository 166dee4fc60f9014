"""SQLite, tuned for many short writers."""
