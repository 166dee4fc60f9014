"""Pure decisions of the desk: priority, what a move does to a ticket's times, clock events, guards. No database."""
