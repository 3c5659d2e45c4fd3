"""Score the deriver against the documents that its pages were rendered from.

`python -m tests.derive.score [--styles N] [--wrong]` prints, for each rendering and each class of
keywords, how many facts the documents state, and precision and recall of what was derived.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from contracts.derive import derive

from .openapi import Operation, admits_null, base_type, operations
from .render import Style, listed, random_style, with_example

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CLASSES = {
    "name": "names",
    "type": "types",
    "format": "formats",
    "required": "required",
    "null": "null",
    "enum": "enumerations",
    "default": "defaults",
    "minLength": "lengths",
    "maxLength": "lengths",
    "minimum": "ranges",
    "maximum": "ranges",
    "exclusiveMinimum": "ranges",
    "exclusiveMaximum": "ranges",
    "minItems": "array lengths",
    "maxItems": "array lengths",
    "pattern": "patterns",
}
_NUMERIC_FORMATS = frozenset({"int32", "int64", "float", "double"})

Fact = tuple[str, str, str]


@dataclass(frozen=True)
class Tally:
    """Facts of the truth, facts that were derived, and those in both."""

    true: Counter[str]
    derived: Counter[str]
    both: Counter[str]

    def precision(self, kind: str | None = None) -> float:
        """Give the share of derived facts that are true."""
        return _share(self.both, self.derived, kind)

    def recall(self, kind: str | None = None) -> float:
        """Give the share of true facts that were derived."""
        return _share(self.both, self.true, kind)


def _share(part: Counter[str], whole: Counter[str], kind: str | None) -> float:
    total = whole[kind] if kind else whole.total()
    return (part[kind] if kind else part.total()) / total if total else 1.0


def facts(schema: dict[str, Any] | None, place: str) -> Iterator[Fact]:
    """Walk a schema and give (pointer, keyword, value) of everything that is scored."""
    if schema is None:
        return
    yield place, "name", "true"
    kind = base_type(schema)
    if kind:
        yield place, "type", kind
    if admits_null(schema):
        yield place, "null", "true"
    for keyword in CLASSES:
        if keyword in schema and keyword not in {"type", "required", "name", "null"}:
            value = schema[keyword]
            if keyword == "enum":
                value = [item for item in value if item is not None]
            yield place, keyword, json.dumps(value)
    for name in schema.get("required", []):
        yield place, "required", json.dumps(name)
    for name, member in schema.get("properties", {}).items():
        yield from facts(member, f"{place}/{name}")
    if isinstance(schema.get("items"), dict):
        yield from facts(schema["items"], f"{place}/*")


def visible(fact: Fact, rendering: str) -> bool:
    """Tell whether a page of a rendering can show a fact at all."""
    _, keyword, value = fact
    if rendering == "listed":
        return True
    if keyword == "format" and json.loads(value) in _NUMERIC_FORMATS:
        return False
    return keyword not in {"required", "null"}


def _seen(fact: Fact, rendering: str) -> Fact:
    """Show a fact as the page does: an example has 123 for an integer and for a number alike."""
    place, keyword, value = fact
    return (
        (place, keyword, "number")
        if rendering == "example" and (keyword, value) == ("type", "integer")
        else fact
    )


def _unseen_defaults(true: Sequence[Fact]) -> set[Fact]:
    """Name the defaults that look like what the generator makes up: true, and the first option."""
    first = {
        (place, json.dumps(json.loads(value)[0]))
        for place, keyword, value in true
        if keyword == "enum"
    }
    return {
        fact
        for fact in true
        if fact[1] == "default" and (fact[2] == "true" or (fact[0], fact[2]) in first)
    }


def compare(
    operation: Operation, page: str, rendering: str, *, hidden: bool = False
) -> tuple[set[Fact], set[Fact]]:
    """Give the facts of the document and those that were derived from its page.

    With `hidden` the page lists no members of members, which then can only be seen in its sample.
    """
    out: Any = derive(page.encode(), name=operation.name)
    true = [*facts(operation.request, "request"), *facts(operation.response, "response")]
    if rendering == "example":
        unseen = _unseen_defaults(true)
        true = [fact for fact in true if fact not in unseen]
    got = [*facts(out["request"], "request"), *facts(out["response"], "response")]
    return _views(true, rendering, hidden=hidden), _views(got, rendering, hidden=hidden)


def _views(some: Sequence[Fact], rendering: str, *, hidden: bool) -> set[Fact]:
    """Keep the facts that the page can show, each as it shows them."""
    out = set()
    for fact in some:
        view = "example" if hidden and _below(fact) else rendering
        if visible(fact, view) and (view == rendering or fact[1] in {"name", "type"}):
            out.add(_seen(fact, view))
    return out


def _below(fact: Fact) -> bool:
    """Tell whether a fact is about a member of a member."""
    depth = len([part for part in fact[0].split("/") if part != "*"])
    return depth + (fact[1] == "required") > 2


def tally(pairs: Sequence[tuple[set[Fact], set[Fact]]]) -> Tally:
    """Count facts by class."""
    true: Counter[str] = Counter()
    derived: Counter[str] = Counter()
    both: Counter[str] = Counter()
    for expected, got in pairs:
        true.update(CLASSES[keyword] for _, keyword, _ in expected)
        derived.update(CLASSES[keyword] for _, keyword, _ in got)
        both.update(CLASSES[keyword] for _, keyword, _ in expected & got)
    return Tally(true, derived, both)


def pages(rendering: str, styles: Sequence[Style]) -> Iterator[tuple[Operation, Style, str]]:
    """Render every document in every style."""
    render = listed if rendering == "listed" else with_example
    for operation in operations():
        for style in styles:
            yield operation, style, render(operation, style)


def run(rendering: str, styles: Sequence[Style]) -> Tally:
    """Score a rendering."""
    return tally(
        [
            compare(operation, page, rendering, hidden=_hides(rendering, style))
            for operation, style, page in pages(rendering, styles)
        ]
    )


def _hides(rendering: str, style: Style) -> bool:
    return rendering == "listed" and style.children == "hidden"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the scores of both renderings."""
    parser = argparse.ArgumentParser(
        description="Score the deriver over the pages of tests/derive/pages."
    )
    parser.add_argument("--styles", type=int, default=12, help="styles for each document")
    parser.add_argument(
        "--wrong", action="store_true", help="print every fact that is missing or too much"
    )
    options = parser.parse_args(arguments)
    styles = [random_style(seed) for seed in range(options.styles)]
    for rendering in ("listed", "example"):
        result = run(rendering, styles)
        _emit(f"{rendering:<16}{'true':>8}{'derived':>9}{'precision':>11}{'recall':>8}")
        for kind in [*dict.fromkeys(CLASSES.values()), None]:
            count = result.true[kind] if kind else result.true.total()
            got = result.derived[kind] if kind else result.derived.total()
            _emit(
                f"{kind or 'all':<16}{count:>8}{got:>9}{result.precision(kind):>11.3f}{result.recall(kind):>8.3f}"  # noqa: E501
            )
        if options.wrong:
            _print_wrong(rendering, styles)
        _emit("")
    return 0


def _emit(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _print_wrong(rendering: str, styles: Sequence[Style]) -> None:
    for operation, style, page in pages(rendering, styles):
        true, got = compare(operation, page, rendering, hidden=_hides(rendering, style))
        for sign, some in (("missing", true - got), ("too much", got - true)):
            for fact in sorted(some):
                _emit(f"  {operation.name} #{style.seed} {sign}: {' '.join(fact)}")


if __name__ == "__main__":
    sys.exit(main())
