"""Tests of the reports: each format, the words, and that nothing from outside is obeyed."""
