"""Reading what the pages of no domain show: the portal, background work, the journal, the health of the platform."""
