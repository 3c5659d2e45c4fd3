"""Each format of a report: a pure function from the report to text."""
