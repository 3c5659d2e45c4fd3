"""One module a command of ``contracts``: options in, exit status out."""
