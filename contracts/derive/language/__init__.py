"""What words and sentences of a page state."""
