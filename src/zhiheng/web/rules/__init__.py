"""Pure decisions of the pages of no domain: what the portal calls a state, how a service is doing, how health is judged."""
