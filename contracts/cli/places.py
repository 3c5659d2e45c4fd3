"""Files and folders as arguments of commands."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

FILE = click.Path(path_type=Path, dir_okay=False, allow_dash=True)
FOLDER = click.Path(path_type=Path, file_okay=False)
EXISTING_FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)
METAVARS = {FILE: "FILE", FOLDER: "DIR", EXISTING_FOLDER: "DIR"}


Decorator = Callable[[Any], Any]


def place_option(flag: str, name: str, kind: "click.Path[Path]", about: str) -> Decorator:
    """Return the option of a file or folder, which the command gets by the name."""
    return click.option(flag, name, type=kind, metavar=METAVARS[kind], help=about)
