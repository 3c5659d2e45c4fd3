"""The suite's own tests, and its benchmarks."""
