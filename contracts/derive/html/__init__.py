"""Pages saved as HTML: their text, block by block, and the operations in it."""
