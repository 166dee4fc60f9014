"""Benchmarks of the running platform at scale: see bench/README.md."""
