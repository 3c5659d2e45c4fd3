"""``contracts derive``."""

import difflib
import json
from pathlib import Path
from typing import Any

import click

from contracts.authoring.inputs import choose_page
from contracts.cli import completion
from contracts.cli.places import FOLDER
from contracts.definition import catalogue
from contracts.errors import UsageError
from contracts.reports.formats import files
from contracts.schema.files import json_text

PARTS = ("operation", "request", "response")


@click.command("derive")
@click.argument(
    "inputs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="INPUT..."
)
@click.option("--operation", metavar="'METHOD /path'", help="Which of several operations to take.")
@click.option("--out", type=FOLDER, metavar="DIR", help="Write schema files there.")
@click.option(
    "--check",
    shell_complete=completion.apis,
    metavar="API",
    help="Compare with the committed contract: exit status 1 when they differ.",
)
def command(
    inputs: tuple[Path, ...], operation: str | None, out: Path | None, check: str | None
) -> int:
    """Read documentation into an operation and its schemas, every keyword with its lines.

    INPUT is a file, a folder, or - for standard input: a page as text, Markdown or HTML,
    OpenAPI, a Postman collection, HAR, or requests as curl has them. Without an option one
    JSON object is printed. What was not understood is listed in it with its line.
    """
    if out is not None and check is not None:
        raise UsageError("--out writes what --check compares with; give one of them")
    page = choose_page(inputs, operation)
    derived: dict[str, Any] = page.reading.json()
    for part, line in derived.get("unread", {}).items():
        click.echo(f"{page.source.name}:{line}: nothing was read of the {part}", err=True)
    if check is not None:
        return _check(derived, check)
    if out in (None, files.STANDARD_OUTPUT):
        click.echo(json_text(derived), nl=False)
        return 0
    out.mkdir(parents=True, exist_ok=True)
    for part in PARTS:
        if derived[part] is not None:
            files.save(out / f"{part}.json", json_text(derived[part]))
    for left in derived["not_understood"]:
        place = f"{page.source.name}:{left['line']}"
        click.echo(f"{place}: not understood: {left['text']}", err=True)
    return 0


def _check(derived: dict[str, Any], api: str) -> int:
    folder = catalogue.locate(api)
    differs = False
    for part in PARTS:
        path = folder / "schemas" / f"{part}.json"
        committed = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
        if committed != derived[part]:
            differs = True
            names = (f"committed {part}", f"derived {part}")
            texts = _sorted(committed), _sorted(derived[part])
            click.echo("\n".join(difflib.unified_diff(*texts, *names, lineterm="")))
    is_not = "is not" if differs else "is"
    click.echo(f"{api}: the committed contract {is_not} what the document gives")
    return 1 if differs else 0


def _sorted(value: Any) -> list[str]:
    return json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True).splitlines()
