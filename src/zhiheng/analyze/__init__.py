"""The `analyze` command: readers, mappings, report. Knows nothing of Django."""
