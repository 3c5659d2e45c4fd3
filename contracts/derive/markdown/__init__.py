"""Pages written in Markdown or MDX, and the form between a page and its operations that HTML is read through too."""
