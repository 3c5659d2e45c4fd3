"""The text of a page that a docs renderer drew, as a person copies it from a browser."""
