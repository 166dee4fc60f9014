"""Template tags of this package."""
