"""Show which renderers draw one text for two documents that say different things.

`python -m tests.tools.renderings.alike FOLDER_OF_NODE_MODULES` draws pairs of documents: a member
stands in an object, or beside it; a member is required, or not. Where both texts are the same, no
reader can tell the documents apart, and what they differ in is not stated.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.reports.browser.opened import chromium, launched

from .documents import Document
from .render import RENDERERS, draw

Schema = dict[str, Any]


def document(name: str, body: Schema) -> Document:
    """Return a document whose request and answer have one body."""
    content = {"application/json": {"schema": body}}
    answer = {"description": "Done", "content": content}
    operation = {
        "operationId": "make",
        "tags": ["things"],
        "requestBody": {"content": content},
        "responses": {"200": answer},
    }
    whole = {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "paths": {"/things": {"post": operation}},
    }
    return Document(name, whole, "POST", "/things", "make", body, "200", body)


def _object(properties: Schema, *required: str) -> Schema:
    return {"type": "object", "properties": properties, "required": list(required)}


def pairs() -> Iterator[tuple[str, Document, Document]]:
    """Yield what two documents differ in, and both."""
    text = {"type": "string", "description": "A text."}
    inside = _object({"guest": _object({"name": text, "note": text})})
    beside = _object({"guest": _object({"name": text}), "note": text})
    yield "which object holds a member", document("inside", inside), document("beside", beside)
    plain, marked = _object({"name": text, "note": text}), _object({"name": text}, "name")
    marked["properties"]["note"] = text
    yield "whether a member is required", document("plain", plain), document("marked", marked)


def main() -> int:
    """Print for each renderer and each pair whether the texts are the same."""
    modules, executable = Path(sys.argv[1]).resolve(), chromium()
    if executable is None:
        sys.stderr.write("no Chromium is installed\n")
        return 2
    with launched(executable) as browser:
        for renderer in RENDERERS:
            for question, one, other in pairs():
                first, second = (draw(browser, renderer, each, modules) for each in (one, other))
                told = "is not stated by" if first[1] == second[1] else "is stated by"
                sys.stdout.write(f"{question} {told} the text of {renderer.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
