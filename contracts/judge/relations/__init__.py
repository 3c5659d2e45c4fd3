"""Relations between requests, answers and the history of a run."""
