"""Data files shipped with this package."""
