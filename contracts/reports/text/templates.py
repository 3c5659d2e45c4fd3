"""The texts that are written from templates: one way to read them all."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape

from contracts.reports.text.escaping import harmless


@cache
def template(path: Path) -> Template:
    """Return the template in a file; in one of HTML every text is escaped.

    A name that a template is not told is an error, and a line of statements alone leaves no line.
    """
    is_html = ".html" in path.suffixes
    environment = Environment(
        loader=FileSystemLoader(path.parent),
        autoescape=select_autoescape(["html.jinja"]),
        finalize=harmless if is_html else None,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=not is_html,
    )
    return environment.get_template(path.name)
