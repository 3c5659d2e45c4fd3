"""Where keywords and relations come from: lines of the document, a basis, the reason of a reading."""

from __future__ import annotations

from typing import Any

from contracts import dialect
from contracts.errors import ContractError
from contracts.jsontext import escape
from contracts.model import Basis, Schema, Source


def keyword_source(keyword: dialect.Keyword, document: Source) -> tuple[Source, Basis, str | None]:
    """Give a keyword's lines, its basis and the reason of its reading; KeyError when it has no source."""
    key = f"required/{escape(keyword.member)}" if keyword.member else keyword.name
    entry = keyword.schema["x-source"][key]
    if isinstance(entry, list):
        entry = {"lines": entry}
    first, last = entry["lines"]
    where = Source(document.document, (first, last), sha256=document.sha256)
    return where, Basis(entry.get("basis", "document")), entry.get("why")


def check_sources(schema: Schema, name: str, document: Source) -> None:
    """Raise ContractError for the first keyword of a schema without a source, or with one out of bounds."""
    for keyword in dialect.keywords(schema):
        place = f"{name}#{keyword.pointer}/{keyword.name}"
        try:
            source, _, _ = keyword_source(keyword, document)
        except (KeyError, TypeError, ValueError):
            raise ContractError(f"{place}: no source; x-source has to give its first and last line") from None
        check_lines(source.lines, document, place)


def check_lines(lines: Any, document: Source, place: str) -> None:
    """Raise ContractError unless `lines` is a first and a last line of the document, in this order.

    `document` is the Source of the whole document: its lines are 1 and the last there is.
    """
    last = document.lines[1] if document.lines else 0
    numbers = isinstance(lines, (list, tuple)) and len(lines) == 2 and all(type(line) is int for line in lines)
    if not numbers or not 1 <= lines[0] <= lines[1] <= last:
        raise ContractError(
            f"{place}: lines {lines} are not a first and a last line of {document.document}, which has {last}"
        )
