"""Pages written in Markdown or MDX.

The form between a page and its operations that HTML is read through too.
"""
