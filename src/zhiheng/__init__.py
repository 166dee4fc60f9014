"""Zhiheng 质衡 runs, measures and improves IT service."""

__version__ = "0.1.0"
