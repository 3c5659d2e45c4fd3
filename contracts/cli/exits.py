"""The exit statuses in the words of ``--help``."""

from contracts.errors import EXIT_STATUSES


def explained_statuses() -> str:
    """Return the table of exit statuses as click shows it: one a line."""
    lines = [f"{status.number:3}  {status.meaning}" for status in EXIT_STATUSES]
    return "\b\nExit status:\n" + "\n".join(lines)
