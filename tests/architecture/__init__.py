"""The rules of ARCHITECTURE.md as tests: each reads the sources, none needs a database."""
