"""Tests of single modules: what each one promises, and how each one fails."""
