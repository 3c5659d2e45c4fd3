"""The cases of a plan, a module for each region, for authorization and for sequences."""
