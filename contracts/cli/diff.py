"""``contracts diff``."""

from pathlib import Path

import click

from contracts import diff
from contracts.cli import completion
from contracts.cli.places import FILE, place_option
from contracts.diff import report
from contracts.reports.formats import files as formats_files


@click.command("diff")
@click.argument("old", shell_complete=completion.apis)
@click.argument("new", shell_complete=completion.apis)
@place_option("--markdown", "markdown_file", FILE, "Write the difference as Markdown.")
@place_option("--json", "json_file", FILE, "Write the difference as JSON.")
@click.option("--fail-on-undecided", is_flag=True, help="Fail on what cannot be decided as well.")
def command(
    old: str,
    new: str,
    markdown_file: Path | None,
    json_file: Path | None,
    *,
    fail_on_undecided: bool,
) -> int:
    """Compare two revisions of an operation, or of all operations of an API.

    What breaks its callers, what does not, what cannot be decided.

    OLD and NEW are each an API or a contract by name or revision (komerza@1), a docs page or a
    document of several operations, an API's or a contract's folder, or a folder that
    `contracts derive --out` wrote. A request breaks that the new revision may refuse, a
    response that may hold what the old one excluded; each is shown by a body that only one
    side admits.

    Exit status: 0 nothing breaks, 1 something does, 2 wrong use.
    """
    files = {"markdown": markdown_file, "json": json_file}
    named = {name: file for name, file in files.items() if file is not None}
    formats_files.check(named)
    changes = diff.difference_of_apis(diff.read_all(old), diff.read_all(new))
    report.write(changes, formats_files.stream_for_words(named.values()))
    for name, file in named.items():
        text = report.markdown(changes) if name == "markdown" else report.text(changes)
        formats_files.save(file, text)
    is_open = fail_on_undecided and changes.of(diff.Effect.UNDECIDED)
    return 1 if changes.breaks or is_open else 0
