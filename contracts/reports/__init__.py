"""Reports: pure functions from a verdict to text.

``document`` makes the JSON report, with secrets taken out; all others are written from it.
"""
