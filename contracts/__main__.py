"""``python -m contracts`` is the command ``contracts``."""

from contracts.cli import main

if __name__ == "__main__":
    main()
