"""Properties that hold for contracts nobody wrote yet, and for the shipped ones."""
