"""Score the readers over what real renderers print.

`python -m tests.tools.renderings.score FOLDER [--wrong] [--only FORM]` reads the folders that
`render` wrote, and prints precision, recall and wrong facts a page for each form. A form is asked
only for the classes of facts that it prints, and for the members whose place it tells; the column
`told` says which share of all facts that is.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from contracts.derive import derive
from contracts.derive.html.reader import read as read_html
from contracts.derive.markdown.entries import Entry
from contracts.derive.markdown.kinds import Kind
from contracts.derive.markdown.reader import read as read_markdown
from contracts.derive.model import schema
from contracts.derive.rendered.nesting import Openings, nest
from contracts.errors import UsageError
from tests.derive.score import CLASSES, Fact, facts, tally

from .documents import Document, documents

#: Classes of facts that a form does not print.
UNSEEN: dict[str, frozenset[str]] = {
    "widdershins": frozenset({"lengths", "ranges", "array lengths", "patterns", "defaults"}),
    "scalar-markdown": frozenset({"lengths", "ranges", "array lengths", "patterns"}),
    "swagger-ui.txt": frozenset({"required"}),  # only the colour of its name shows it
    "swagger-ui+example.txt": frozenset({"required"}),
    "swagger-ui-copied.txt": frozenset({"required"}),
    "swagger-example": frozenset(CLASSES.values()) - {"names", "types"},
    "swagger-example-copied": frozenset(CLASSES.values()) - {"names", "types"},
    "rapidoc-example": frozenset(CLASSES.values()) - {"names", "types"},
}


#: Forms that list all members at one depth, without a sample that shows which holds which.
FLAT = frozenset(
    {
        "swagger-ui.txt",
        "swagger-ui-copied.txt",
        "stoplight-copied.txt",
        "rapidoc.txt",
        "docusaurus.txt",
    }
)


def _members(node: dict[str, Any] | None, place: str) -> Iterator[tuple[str, Entry]]:
    """Yield the members of a body in the order in which a page lists them."""
    node = node or {}
    below = place
    while "items" in node:
        node, below = node["items"], f"{below}/*"
    for name, child in node.get("properties", {}).items():
        inner = child
        while "items" in inner:
            inner = inner["items"]
        holds = bool(inner.get("properties")) or "object" in str(inner.get("type"))
        kind = Kind("object" if holds else "string")
        yield f"{below}/{name}", Entry(name, 0, 0, kind)
        yield from _members(child, f"{below}/{name}")


def _place(fact: Fact) -> str:
    """Return the place of the member that a fact speaks of."""
    place, keyword, value = fact
    return f"{place}/{json.loads(value)}" if keyword == "required" else place


def _told(node: dict[str, Any] | None, body: str, *, marked: bool) -> set[str]:
    """Return the members of a body whose place a flat list tells, and the body itself.

    `marked` where the list shows which members hold others.
    """
    places = []
    entries = []
    for number, (place, entry) in enumerate(_members(node, body), 1):
        places.append(place)
        entries.append(replace(entry, line=number, last=number))
    holders = (entry.line for entry in entries if entry.kind and entry.kind.holds_members)
    openings = Openings(frozenset(holders), always=True) if marked else Openings()
    kept, _ = nest(entries, openings, None)
    return {body, *(places[entry.line - 1] for entry in kept)}


def derived(file: Path) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Return the schemas of both bodies of a rendered page, by the reader of its form."""
    raw = file.read_bytes()
    if file.suffix == ".txt":
        out: Any = derive(raw, name=file.name)
        return out["request"], out["response"]
    read: Callable[..., Any] = read_html if file.suffix == ".html" else read_markdown
    try:
        operations = read(raw, file.name)
    except UsageError:
        return None, None
    first = operations[0]
    return tuple(None if node is None else schema(node) for node in (first.request, first.response))  # type: ignore[return-value]


def compare(file: Path, document: Document) -> tuple[set[Fact], set[Fact]]:
    """Return the facts that the document states and those that were derived from its page."""
    form = file.parent.name
    unseen = UNSEEN.get(form, UNSEEN.get(f"{form}{file.suffix}", frozenset()))
    request, response = derived(file)
    true = {*facts(document.request, "request"), *facts(document.response, "response")}
    some = {*facts(request, "request"), *facts(response, "response")}
    if f"{form}{file.suffix}" in FLAT:
        told = {
            place
            for node, body in ((document.request, "request"), (document.response, "response"))
            for place in _told(node, body, marked=form == "rapidoc")
        }
        true = {fact for fact in true if _place(fact).removesuffix("/*") in told or fact in some}
    sampled = "types" not in unseen and "required" in unseen
    return (
        {_seen(fact, sampled=sampled) for fact in true if CLASSES[fact[1]] not in unseen},
        {_seen(fact, sampled=sampled) for fact in some if CLASSES[fact[1]] not in unseen},
    )


def _stated(document: Document) -> int:
    """Return how many facts a document states."""
    return len({*facts(document.request, "request"), *facts(document.response, "response")})


def _seen(fact: Fact, *, sampled: bool) -> Fact:
    """Show a fact as the form does: a sample has 0 for an integer and for a number alike."""
    place, keyword, value = fact
    return (
        (place, keyword, "number") if sampled and (keyword, value) == ("type", "integer") else fact
    )


def forms(folder: Path) -> Iterator[tuple[str, list[tuple[Path, Document]]]]:
    """Yield each form with its pages."""
    known = {document.name: document for document in documents()}
    for renderer in sorted(path for path in folder.iterdir() if path.is_dir()):
        for suffix in (".md", ".html", ".txt"):
            files = sorted(renderer.glob(f"*{suffix}"))
            pages = [(file, known[file.stem]) for file in files if file.stem in known]
            if pages:
                yield f"{renderer.name}{suffix}", pages


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the scores of every form."""
    parser = argparse.ArgumentParser(description="Score the readers over rendered pages.")
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--wrong", action="store_true", help="print every fact that is missing or too much"
    )
    parser.add_argument("--only", default="", help="a part of the names of the forms to score")
    options = parser.parse_args(arguments)
    sys.stdout.write(
        f"{'form':<24}{'pages':>6}{'true':>7}{'derived':>9}{'precision':>11}{'recall':>8}{'wrong a page':>14}{'told':>7}\n"  # noqa: E501
    )
    for form, pages in forms(options.folder):
        if options.only not in form:
            continue
        pairs = [compare(file, document) for file, document in pages]
        result = tally(pairs)
        wrong = sum(len(some - true) for true, some in pairs) / len(pairs)
        sys.stdout.write(
            f"{form:<24}{len(pages):>6}{result.true.total():>7}{result.derived.total():>9}"
            f"{result.precision():>11.3f}{result.recall():>8.3f}{wrong:>14.2f}"
            f"{result.true.total() / sum(_stated(document) for _, document in pages):>7.2f}\n"
        )
        if options.wrong:
            _print_wrong(pages, pairs)
    return 0


def _print_wrong(
    pages: Sequence[tuple[Path, Document]], pairs: Sequence[tuple[set[Fact], set[Fact]]]
) -> None:
    for (file, _), (true, some) in zip(pages, pairs, strict=True):
        for sign, facts_ in (("missing", true - some), ("too much", some - true)):
            for fact in sorted(facts_):
                sys.stdout.write(f"  {file.parent.name}/{file.name} {sign}: {json.dumps(fact)}\n")


if __name__ == "__main__":
    sys.exit(main())
