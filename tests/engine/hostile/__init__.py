"""Runs against servers that break every rule there is."""
