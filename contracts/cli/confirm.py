"""``contracts confirm``."""

import click

from contracts.authoring import confirm
from contracts.cli import completion


@click.command("confirm")
@click.argument("api", shell_complete=completion.apis)
@click.argument("clauses", nargs=-1, metavar="[CLAUSE]...", shell_complete=completion.clauses)
def command(api: str, clauses: tuple[str, ...]) -> None:
    """Confirm that clauses which were guessed are what the page says: a person has read it.

    A guess is a convention, which fails no run; what is confirmed has the basis document. A *
    in CLAUSE stands for any text. Without a CLAUSE the guesses that are left are listed, with
    their lines.
    """
    if not clauses:
        guesses = list(confirm.guessed(api))
        for clause in guesses:
            click.echo(f"{clause.id} ({clause.source}): {clause.statement}")
        if not guesses:
            click.echo(f"{api}: no clause is a guess", err=True)
        return
    for name in confirm.confirm(api, clauses):
        click.echo(f"confirmed: {name}")
