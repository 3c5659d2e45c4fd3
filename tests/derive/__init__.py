"""Tests of the deriver: documents of our own, rendered as docs pages, derived and scored."""
