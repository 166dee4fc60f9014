"""Pages of the documentation whose examples are executed."""
