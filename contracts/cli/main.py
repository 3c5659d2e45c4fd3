"""The command ``contracts``: parses, calls, exits.

Every command lives in a module of its own, which is imported when the command is called:
``contracts --help`` loads none of the libraries that a run needs. Exit status: 0 held, 1 violated,
2 wrong use, 3 not carried out.
"""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from typing import Any

import click

from contracts.errors import RunAborted, UsageError

# new objects between two looks for cyclic garbage: a run is short and keeps what it makes
UNCOLLECTED = 50_000

# name -> (module, what it does)
COMMANDS = {
    "verify": (
        "contracts.cli.verify",
        "Verify contracts against a sandbox, or against the embedded one.",
    ),
    "serve": ("contracts.cli.serve", "Serve the embedded sandbox of an API over HTTP."),
    "openapi": ("contracts.cli.openapi", "Write a contract as an OpenAPI 3.1 document."),
    "prove": ("contracts.cli.prove", "Run every seeded fault: is each clause able to bite?"),
    "derive": (
        "contracts.cli.derive",
        "Read a docs page into schemas, each keyword with its lines.",
    ),
    "new": ("contracts.cli.new", "Start a contract for another operation from its docs page."),
    "diff": (
        "contracts.cli.diff",
        "Compare two revisions: what breaks callers, and what does not.",
    ),
    "lint": (
        "contracts.cli.lint",
        "Look contracts over: what is undescribed, contradicts itself, never bites.",
    ),
    "draw": ("contracts.cli.draw", "Draw the generated requests of a usual run, and keep them."),
    "init": ("contracts.cli.init", "Write an example of a targets file."),
    "report": (
        "contracts.cli.report",
        "Write a JSON report again, in any format; nothing is sent.",
    ),
    "explain": ("contracts.cli.explain", "Show where a clause comes from."),
}


class _LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in COMMANDS.items()])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="order-contracts", message="%(prog)s %(version)s")
def contracts() -> None:
    """Test a sandbox against the contract that a docs page makes."""


def run(arguments: list[str]) -> int:
    """Run one command; give the exit status.

    What goes wrong on purpose is one line on standard error.
    """
    try:
        status: Any = contracts.main(arguments, prog_name="contracts", standalone_mode=False)
    except click.ClickException as error:
        return _complain(error.format_message(), 2)
    except UsageError as error:
        return _complain(str(error), 2)
    except RunAborted as error:
        return _complain(str(error), 3)
    except (
        OSError
    ) as error:  # of a file or folder that the caller named, or of a defect of ours, which has none
        if error.filename is None:
            raise
        return _complain(f"{error.filename}: {error.strerror}", 2)
    except click.Abort:
        return _complain("interrupted", 130)
    return status if isinstance(status, int) else 0


def _complain(message: str, status: int) -> int:
    click.echo(f"contracts: {' '.join(message.split())}", err=True)
    return status


def main() -> None:
    """Be the console script."""
    gc.set_threshold(UNCOLLECTED)
    sys.exit(run(sys.argv[1:]))
