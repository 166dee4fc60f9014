"""What the statistics of `zhiheng.measure` take at size, beside the best public package. See README.md here."""
