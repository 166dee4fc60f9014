"""Ticket kinds and process definitions: versions, states and transitions as data."""
