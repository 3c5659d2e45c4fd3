"""Pages written in Markdown or MDX, and the blocks through which HTML and text are read."""
