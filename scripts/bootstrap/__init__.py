"""What `make setup` does, in the standard library alone: checks, steps, stamps and the words it speaks in."""
