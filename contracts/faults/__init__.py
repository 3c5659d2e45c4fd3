"""Defects that are seeded into the embedded sandbox."""
