"""From what the desk knows to what a page draws: clocks, states, the story of a ticket, the strip of its process."""
