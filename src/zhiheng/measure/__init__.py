"""Pure statistics and process mining: arrays in, frozen results out. No Django, no I/O."""
