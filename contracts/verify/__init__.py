"""Several targets in, one report out: what the command line and pytest call."""
