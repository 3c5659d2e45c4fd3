"""Contracts of one's own: started from a page, and looked over."""
