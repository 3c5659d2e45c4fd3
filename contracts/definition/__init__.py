"""Contracts as data: found, loaded, checked, and made into clauses."""
