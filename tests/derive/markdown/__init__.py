"""Tests of the reader of Markdown."""
