"""``contracts lint``."""

import click

from contracts.authoring import lint
from contracts.cli import completion
from contracts.definition import catalogue


@click.command("lint")
@click.argument("contracts", nargs=-1, metavar="[API|FOLDER]...", shell_complete=completion.apis)
def command(contracts: tuple[str, ...]) -> int:
    """Look contracts over.

    Members without a description, sources that overlap, clauses that nothing exercises.

    Examples on the page that break the page's own schema, schemas that no value fits and what
    is left to be written are named as well. Without a name the project's own contracts are
    looked at, or the shipped ones where it has none. Problems that are meant stand in the
    contract's lint.toml, each with its reason. Exit status: 0 clean, 1 with problems.
    """
    has_problems = False
    for name in contracts or catalogue.own() or catalogue.shipped():
        problems, accepted = lint.lint(name)
        has_problems = has_problems or bool(problems)
        for problem in problems:
            click.echo(str(problem))
        more = f", {accepted} accepted" if accepted else ""
        click.echo(f"{name}: {len(problems)} problem{'' if len(problems) == 1 else 's'}{more}")
    return 1 if has_problems else 0
