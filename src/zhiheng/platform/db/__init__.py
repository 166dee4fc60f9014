"""Database engines: Django's own for SQLite and PostgreSQL, plus the journal buffer that is written just before commit.

Loaded by Django before any model: nothing in this package may import one.
"""
