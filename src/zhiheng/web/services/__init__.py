"""Services of the pages of no domain: what a requester does in the portal, and the demo."""
