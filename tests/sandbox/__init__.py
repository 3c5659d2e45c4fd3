"""Tests of the sandboxes that are served and mocked."""
