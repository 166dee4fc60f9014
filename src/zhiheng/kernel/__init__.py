"""No tables: who acts (actor, cause), what time it is, ids, errors, events, bilingual text."""
