"""Pages of the desk beyond those that follow from its declarations: ticket, board, my work."""
