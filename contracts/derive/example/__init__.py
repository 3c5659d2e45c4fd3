"""The rendering of a sample with descriptions behind it."""
