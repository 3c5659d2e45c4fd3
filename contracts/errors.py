"""The suite's own errors, and the exit statuses of its commands.

What a sandbox does wrong is never an error here, but a finding.

::

    ContractsError              whatever the suite itself can not go on with
      UsageError                the caller asked for something that can't be (exit status 2)
        ContractError           contract data is wrong; names file and place
      RunAborted                the run could not be carried out (exit status 3)
        Unreachable             nothing answers at the target
        CredentialsRefused      the target refuses the credentials as such
        LiveModeMet             an answer says that this is no sandbox
        NotThisApi              no answer is as from this operation
        Interrupted             somebody ended the run by a signal
        PolitenessExhausted     the target asked to wait longer than the run may
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class ExitStatus:
    """One exit status, with the outcome that a report has then."""

    number: int
    outcome: str | None
    meaning: str


EXIT_STATUSES = (
    ExitStatus(0, "pass", "go: a valid request was accepted, and no clause that can fail the run "
               "is violated, undecided, or left out for want of budget, time or shares"),
    ExitStatus(1, "fail", "no go: a clause that can fail the run is violated and not waived"),
    ExitStatus(2, None, "wrong use or configuration: one line names what and the mend"),
    ExitStatus(3, "incomplete", "nothing is violated, but too little was decided for a go"),
    ExitStatus(3, "aborted", "the run could not be carried out"),
    ExitStatus(4, None, "the suite itself failed: a defect of ours, with a file that says where"),
    ExitStatus(130, "aborted", "interrupted by Ctrl-C; what is known is written"),
    ExitStatus(143, "aborted", "ended by a signal; what is known is written"),
)  # fmt: skip
WRONG_USE = 2
DEFECT = 4


def explained_statuses() -> str:
    """Return the table of exit statuses as click shows it: one a line."""
    lines = [f"{status.number:3}  {status.meaning}" for status in EXIT_STATUSES]
    return "\b\nExit status:\n" + "\n".join(lines)


def exit_status(outcome: str) -> int:
    """Return the exit status of an outcome: 0 for ``pass``."""
    return next(status.number for status in EXIT_STATUSES if status.outcome == outcome)


class ContractsError(Exception):
    """Base of every error that the suite raises on purpose; its text is one plain sentence."""


class UsageError(ContractsError):
    """What was asked for can't be done; the text says what to do instead."""


def near_misses(name: str, known: Iterable[str], *, otherwise_all: bool = False) -> str:
    """Return the end of a message about an unknown name: up to three that may be meant.

    Where none is like it, it is empty, or names them all.
    """
    names = list(known)
    if near := difflib.get_close_matches(name, names, n=3):
        return f"; did you mean {', '.join(near)}?"
    return f"; known are {', '.join(names)}" if otherwise_all and names else ""


# the module of a library that not everybody needs, and the extra that installs it
EXTRAS = {
    "flask_swagger_ui": "swagger",
    "harfile": "har",
    "hypothesis": "generate",
    "jsonschema_rs": "diff",
    "lxml": "pages",
    "markdown_it": "pages",
    "rstr": "generate",
    "schemathesis": "schemathesis",
    "yaml": "openapi",
}


def missing_extra(error: ModuleNotFoundError) -> UsageError | None:
    """Return what to install for a module that is not there; None where no extra has it."""
    name = (error.name or "").partition(".")[0]
    if name not in EXTRAS:
        return None
    return UsageError(
        f"this needs {name}, which is not installed: pip install 'order-contracts[all]', "
        f"or no more than [{EXTRAS[name]}]"
    )


class ContractError(UsageError):
    """Contract data does not hold together; the text names the file and the place in it."""


class RunAborted(ContractsError):  # noqa: N818 - what happened, and a word of the interface
    """The run can't go on; what is known so far is still reported.

    `word` stands for the kind of end in the JSON report. `outweighs` says whether no violation
    that was found before counts any more.
    """

    word: ClassVar[str] = "aborted"
    outweighs: ClassVar[bool] = False


class Unreachable(RunAborted):
    """Nothing answers at the target's address."""

    word = "unreachable"


class CredentialsRefused(RunAborted):
    """The target refuses the given credentials, so nothing can be learned."""

    word = "credentials refused"
    outweighs = True


class LiveModeMet(RunAborted):
    """A response says that it comes from live mode: the target is not a sandbox."""

    word = "live mode"
    outweighs = True


class NotThisApi(RunAborted):
    """No answer is as from this operation: another address, maintenance, or a login page."""

    word = "not this API"


class PolitenessExhausted(RunAborted):
    """The target asked for more waiting, in total, than the run allows."""

    word = "too much waiting"


class Interrupted(RunAborted):
    """Somebody ended the run by a signal; its number is `signal`."""

    word = "interrupted"
    outweighs = True

    def __init__(self, signal: int) -> None:
        super().__init__(f"interrupted by signal {signal}")
        self.signal = signal


OUTWEIGHING = frozenset(kind.word for kind in RunAborted.__subclasses__() if kind.outweighs)


class ConventionWarning(UserWarning):
    """A convention is not kept: worth a look, no reason to stop a release."""
