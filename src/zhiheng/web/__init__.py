"""Pages of no domain: home, portal home, quality overview, process map, settings."""
