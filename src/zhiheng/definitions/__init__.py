"""Indicators and defects as data over the facts schema. Knows nothing of Django."""
