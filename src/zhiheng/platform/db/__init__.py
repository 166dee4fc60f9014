"""Django's database engines for SQLite and PostgreSQL, plus the journal buffer written just before commit.

Loaded by Django before any model: nothing in this package may import one.
"""
