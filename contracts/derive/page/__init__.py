"""The page as text: its lines, its samples and its commands."""
