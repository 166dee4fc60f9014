"""Tickets, their clocks, conversation, queues, assignment, links and loading of history."""
