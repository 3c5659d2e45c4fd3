"""The words that every report takes from one place."""
