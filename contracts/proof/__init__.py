"""Is every clause able to bite? Every fault, and every mutant of an answer, against the suite."""
