"""Indicators and defects as data: one TOML file each, one SQL each over the facts schema, texts in Chinese and English.

Public: `schema` (the facts, column by column), `loader.load_indicators`, `loader.load_defects`, `engine.run`
(figures by scope), `engine.trend` (one figure per period), `engine.run_and_trend` (both at once), `engine.rows` (the
tickets behind a figure), `targets` (an organisation's own targets), `diagnosis.diagnose` (common defects). Knows
nothing of Django: the same code runs on the in-memory tables of `analyze` and on the platform's snapshots. Adding an
indicator is adding a file.
"""
