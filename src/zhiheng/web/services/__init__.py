"""Named acts of no domain: setting up the demo."""
