"""The main path: send a plan, look closer at what came back, give one run."""
