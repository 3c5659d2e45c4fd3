"""``contracts openapi``."""

from pathlib import Path

import click

from contracts.cli import completion
from contracts.cli.places import FILE
from contracts.definition import loading
from contracts.interop import openapi
from contracts.reports.formats import files
from contracts.schema.files import json_text


@click.command("openapi")
@click.argument("api", metavar="API[@REV][/OPERATION]", shell_complete=completion.apis)
@click.option("--out", type=FILE, metavar="FILE", help="Write it to a file.")
def command(api: str, out: Path | None) -> None:
    """Write an API as an OpenAPI 3.1 document, as JSON: all operations, and the links between them.

    With API/OPERATION that operation alone. Keywords carry the lines of the page as x-source;
    descriptions are the sentences of the clauses.
    """
    if out is not None:
        files.check_place("--out", out)
    contracts = loading.load_all(api)
    write = openapi.whole if len(contracts) > 1 else openapi.document
    text = json_text(write(contracts[0]))
    if out is None:
        click.echo(text, nl=False)
    else:
        files.save(out, text)
