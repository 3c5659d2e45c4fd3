"""``python -m contracts`` is the command ``contracts``."""

from contracts.cli.main import main

if __name__ == "__main__":
    main()
