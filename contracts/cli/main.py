"""The command ``contracts``: parses, calls, exits.

Every command lives in a module of its own, which is imported when the command is called:
``contracts --help`` loads none of the libraries that a run needs. `errors.EXIT_STATUSES` is
the table of exit statuses.
"""

import errno
import gc
import io
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import click

from contracts import errors

# new objects between two looks for cyclic garbage: a run is short and keeps what it makes
UNCOLLECTED = 50_000

NO_ROOM = (errno.ENOSPC, errno.EIO)  # of a device

# in modules of these names; what each does is told without loading them
COMMANDS = {
    "verify": "Verify contracts against a sandbox, or against the embedded one.",
    "explore": "Let Hypothesis look for defects of a sandbox, without the limits of a plan.",
    "check": "Judge a recording of exchanges that somebody else made.",
    "serve": "Serve the embedded sandbox of an API over HTTP.",
    "openapi": "Write a contract as an OpenAPI 3.1 document.",
    "prove": "Run every seeded fault: is each clause able to bite?",
    "derive": "Read a docs page into schemas, each keyword with its lines.",
    "new": "Start a contract for another operation from its docs page.",
    "confirm": "Confirm what was guessed of a page: a person has read it.",
    "diff": "Compare two revisions: what breaks callers, and what does not.",
    "lint": "Look contracts over: what is undescribed, contradicts itself, never bites.",
    "init": "Write an example of the configuration file.",
    "replay": "Send again what shows a cause, and say whether it is still there.",
    "report": "Write a JSON report again, in any format; nothing is sent.",
    "list": "List APIs, operations, clauses, faults, variants, operators or reports.",
    "explain": "Show where a clause comes from.",
}


class _LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"contracts.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            raise errors.UsageError(
                f"there is no command {args[0]!r}{errors.near_misses(args[0], COMMANDS)}"
            )
        name, command, rest = super().resolve_command(ctx, args)
        if command is not None and not ctx.resilient_parsing:
            _refuse_repeated_places(command, ctx, rest)
        return name, command, rest

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _refuse_repeated_places(
    command: click.Command, ctx: click.Context, arguments: list[str]
) -> None:
    """Raise UsageError for a file or an environment that is given twice.

    The last would be taken, and nobody would know. Of numbers the last is what is meant: a
    script adds its own to those of a line that it was given.
    """
    parser = command.make_parser(click.Context(command, ctx))
    _, _, order = parser.parse_args(list(arguments))
    single = [each for each in order if isinstance(each, click.Option) and not each.multiple]
    for option in single:
        is_place = isinstance(option.type, click.Path) or "--env" in option.opts
        if is_place and single.count(option) > 1:
            raise errors.UsageError(f"{option.opts[0]} is given more than once; give it once")


@click.group(
    cls=_LazyGroup,
    # as https://no-color.org has it; None leaves it to what the output is
    context_settings={
        "help_option_names": ["-h", "--help"],
        "color": False if os.environ.get("NO_COLOR") else None,
    },
    epilog=errors.explained_statuses(),
)
@click.version_option(package_name="order-contracts", message="%(prog)s %(version)s")
@click.pass_obj
def contracts(loaded: Callable[[], None]) -> None:
    """Test a sandbox against the contract that a docs page makes."""
    loaded()


def run(arguments: list[str], loaded: Callable[[], None] = lambda: None) -> int:
    """Run one command; return the exit status. `loaded` is called before the command begins.

    What goes wrong on purpose is one line on standard error. A defect of our own is one line
    as well, which names a file with the traceback.
    """
    try:
        status: Any = contracts.main(
            arguments or ["--help"], "contracts", standalone_mode=False, obj=loaded
        )
        sys.stdout.flush()
    except click.ClickException as error:
        return _complain(error.format_message(), errors.WRONG_USE)
    except errors.UsageError as error:
        return _complain(str(error), errors.WRONG_USE)
    except ModuleNotFoundError as error:
        missing = errors.missing_extra(error)
        return _complain(str(missing), errors.WRONG_USE) if missing else _defect(error)
    except errors.Interrupted as error:
        return _complain("interrupted", 128 + error.signal)
    except errors.RunAborted as error:
        return _complain(str(error), errors.exit_status("aborted"))
    except (click.Abort, KeyboardInterrupt):
        return _complain("interrupted", 128 + signal.SIGINT)
    except BrokenPipeError:
        return _without_reader()
    except OSError as error:
        return _of_system(error)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is no verdict
        return _defect(error)
    return status if isinstance(status, int) else 0


def _without_reader() -> int:
    """Return the status of a command whose output nobody reads any more, as a shell has it."""
    from contracts.cli.outputs import silence  # noqa: PLC0415 - takes time to load

    silence(sys.stdout)
    return 128 + signal.SIGPIPE


def _of_system(error: OSError) -> int:
    """Say what could not be read or written: a file that the caller named, or standard output."""
    if error.filename is not None:
        return _complain(f"{error.filename}: {error.strerror}", errors.WRONG_USE)
    if error.errno in NO_ROOM:
        _without_reader()
        return _complain(f"standard output can't be written: {error.strerror}", errors.WRONG_USE)
    return _defect(error)


def _defect(error: Exception) -> int:
    from contracts.engine.endings import remembered  # noqa: PLC0415 - takes time to load

    return _complain(remembered(error), errors.DEFECT)


def _complain(message: str, status: int) -> int:
    click.echo(f"contracts: {' '.join(message.split())}", err=True)
    return status


def _keep_hypothesis_away() -> None:
    """Let Hypothesis keep its tables in the user's cache, not in a new folder of the directory.

    A directory with a folder of Hypothesis' own, or a place set for it, is left as it is.
    """
    with suppress(RuntimeError):  # no home
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path("~", ".cache").expanduser())
        if not Path(".hypothesis").is_dir():
            place = cache / "order-contracts" / "hypothesis"
            os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", str(place))


def main(loaded: Callable[[], None]) -> None:
    """Be the console script; see `run`."""
    gc.set_threshold(UNCOLLECTED)
    # httpx loads a command line of its own, with a fifth of all that a run loads, where it can
    sys.modules.setdefault("httpx._main", cast("ModuleType", None))
    _keep_hypothesis_away()
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by the caller (``>&-``)
            nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - until the end
            setattr(sys, name, nowhere)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # what a terminal can't show is no reason to fail
    status = run(sys.argv[1:], loaded)
    for number in (signal.SIGINT, signal.SIGTERM):  # all is done: the status is what counts
        signal.signal(number, signal.SIG_IGN)
    sys.exit(status)
