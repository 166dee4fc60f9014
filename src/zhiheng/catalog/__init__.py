"""Services and offerings: what is provided and what can be asked for."""
