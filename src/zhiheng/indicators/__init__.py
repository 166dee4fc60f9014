"""Facts mirror, running of definitions over it, stored measurements."""
