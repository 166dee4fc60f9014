"""Pure decisions: what the portal calls a state, how a service is doing, how health is judged."""
