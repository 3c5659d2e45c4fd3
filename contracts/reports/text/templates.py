"""The texts that are written from templates: one way to read them all."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from contracts.reports.text.escaping import harmless

if TYPE_CHECKING:
    from pathlib import Path

    from jinja2 import Template


@cache
def template(path: Path) -> Template:
    """Return the template in a file; in one of HTML every text is escaped.

    A name that a template is not told is an error, and a line of statements alone leaves no line.
    """
    import jinja2  # noqa: PLC0415 - takes time to load, and most runs write no such text

    is_html = ".html" in path.suffixes
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(path.parent),
        autoescape=jinja2.select_autoescape(["html.jinja"]),
        finalize=harmless if is_html else None,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=not is_html,
    )
    return environment.get_template(path.name)
