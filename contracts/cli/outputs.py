"""The options that name the files of reports, for every command that writes them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from contracts.reports.formats.files import FORMATS

Command = TypeVar("Command", bound=Callable[..., Any])


def file_options(command: Command) -> Command:
    """Add one option a format: ``--json FILE``, ``--html FILE`` and so on."""
    for name, (_, about) in reversed(FORMATS.items()):
        path = click.Path(path_type=Path, dir_okay=False)
        command = click.option(f"--{name}", f"{name}_file", type=path, metavar="FILE", help=about)(
            command
        )
    return command


def files(options: dict[str, Any]) -> dict[str, Path]:
    """Take the files out of a command's options; give those that were named, by format."""
    named = {name: options.pop(f"{name}_file") for name in FORMATS}
    return {name: path for name, path in named.items() if path is not None}
