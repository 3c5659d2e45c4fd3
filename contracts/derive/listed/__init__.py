"""The rendering that lists members: name, type, flags, description."""
