"""Reports: pure functions from a verdict to text.

`document` makes the JSON report, with secrets taken out; every other report is written from that
alone, and so can be written again later. `reading` reads one back, `merging` puts several
together, `formats` has a module for each other format, `text` the words of all.
"""
