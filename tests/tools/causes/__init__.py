"""Combinations of seeded faults, told as that many causes."""
