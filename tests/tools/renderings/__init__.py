"""What renderers print of documents, and how well it is read."""
