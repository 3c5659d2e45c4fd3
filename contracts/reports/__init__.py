"""Reports: pure functions from a verdict to text.

`document` makes the JSON report, with secrets taken out; every other report is written from
that alone, and so can be written again later. `wording` says what a finding is, `escaping`
makes text from outside harmless, `writing` lists the formats, `merging` reads reports back and
puts several together.
"""
