"""The suite's own errors; what a sandbox does wrong is never one of them, but a finding.

::

    ContractsError              whatever the suite itself can not go on with
      UsageError                the caller asked for something that can't be (exit status 2)
        ContractError           contract data is wrong; names file and place
      RunAborted                the run could not be carried out (exit status 3)
        Unreachable             nothing answers at the target
        CredentialsRefused      the target refuses the credentials as such
        LiveModeMet             an answer says that this is no sandbox
        Interrupted             somebody ended the run by a signal
        PolitenessExhausted     the target asked to wait longer than the run may
"""

from __future__ import annotations


class ContractsError(Exception):
    """Base of every error that the suite raises on purpose; its text is one plain sentence."""


class UsageError(ContractsError):
    """What was asked for can't be done; the text says what to do instead."""


class ContractError(UsageError):
    """Contract data does not hold together; the text names the file and the place in it."""


class RunAborted(ContractsError):  # noqa: N818 - what happened, and a word of the interface
    """The run can't go on; what is known so far is still reported."""


class Unreachable(RunAborted):
    """Nothing answers at the target's address."""


class CredentialsRefused(RunAborted):
    """The target refuses the given credentials, so nothing can be learned."""


class LiveModeMet(RunAborted):
    """A response says that it comes from live mode: the target is not a sandbox."""


class PolitenessExhausted(RunAborted):
    """The target asked for more waiting, in total, than the run allows."""


class Interrupted(RunAborted):
    """Somebody ended the run by a signal; its number is `signal`."""

    def __init__(self, signal: int) -> None:
        super().__init__(f"interrupted by signal {signal}")
        self.signal = signal


class ConventionWarning(UserWarning):
    """A convention is not kept: worth a look, no reason to stop a release."""
