"""From a docs page to an operation and its schemas, every keyword with the lines it was read from.

`derive(text, name=...)` reads a page as text and gives one JSON-able dict. It never raises because of what a
page says: what is not understood is listed under `not_understood`, with its line, and everything else is
still derived.
"""

from __future__ import annotations

from dataclasses import replace

from contracts.derive.example.reader import derive_example
from contracts.derive.listed.reader import derive_listed
from contracts.derive.model import Derived, Json, Node, Note, schema
from contracts.derive.operation import operation_dict
from contracts.derive.page.curl import commands
from contracts.derive.page.lines import Page, read_page
from contracts.derive.page.sample import Text
from contracts.derive.recognise import Rendering, recognise
from contracts.derive.relations import relations, unresolved

__all__ = ["derive"]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def derive(text: bytes | str, *, name: str, descriptions: bool = False) -> dict[str, Json]:
    """Derive the operation and both schemas from a docs page.

    `text` is the page, `name` the name under which the output refers to it. The answer has the keys
    `rendering`, `operation`, `request` and `response` (a schema or None), `relations` between members, and
    `not_understood`: a list of `{"line": number, "text": why and what}`. With `descriptions` the schemas
    also carry the sentences of the page.
    """
    page = read_page(text)
    found = commands(Text.of(page.lines))
    rendering = recognise(page, found)
    if rendering is Rendering.LISTED:
        derived = derive_listed(page, found, descriptions=descriptions)
    elif rendering is Rendering.EXAMPLE:
        derived = derive_example(page, found, descriptions=descriptions)
    else:
        note = Note(
            1, "neither a list of members nor a sample with descriptions was found on this page"
        )
        derived = Derived((), None, None, notes=(note,))
    derived = replace(derived, notes=(*page.notes, *derived.notes, *unresolved(derived)))
    return _written(page, name, rendering, derived)


def _written(page: Page, name: str, rendering: Rendering, derived: Derived) -> dict[str, Json]:
    document: dict[str, Json] = {"name": name, "sha256": page.sha256}
    notes = sorted(dict.fromkeys(derived.notes), key=lambda note: (note.line, note.text))
    return {
        "rendering": rendering.value,
        "operation": {"x-document": document, **operation_dict(derived.operation)},
        "request": _body(derived.request, document),
        "response": _body(derived.response, document),
        "relations": list(relations(derived)),
        "not_understood": [{"line": note.line, "text": note.text} for note in notes],
    }


def _body(node: Node | None, document: dict[str, Json]) -> Json:
    return None if node is None else {"$schema": _DIALECT, "x-document": document, **schema(node)}
