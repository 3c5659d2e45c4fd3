"""Exchanges and clauses in, outcomes and findings out."""
