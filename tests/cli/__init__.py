"""Tests of the front ends from outside: the command, served sandboxes, the pytest suite."""
