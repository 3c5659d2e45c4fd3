"""The keywords of a schema that can be broken, and where they stand."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from contracts.model import Schema
from contracts.schema.files import read_toml
from contracts.schema.formats import ANNOTATED_FORMATS
from contracts.schema.jsontext import escape, show, tokens

ANY = frozenset({"array", "boolean", "null", "number", "object", "string"})

TABLE = read_toml(Path(__file__).with_name("keywords.toml"))
# keyword -> the JSON types it says anything about
ASSERTIONS: dict[str, frozenset[str]] = {
    name: frozenset({table}) if table in ANY else ANY
    for table, words in TABLE.items()
    for name in words
}
WORDS: dict[str, str] = {name: text for words in TABLE.values() for name, text in words.items()}
WORDS["additionalProperties"] = "no other member than those named"
APPLICATORS = frozenset({"properties", "items", "additionalProperties"})
# x-unique: a template whose {fresh} is new in every request, since the page calls the member
# unique; x-fresh: the same out of care; x-reference: see generate/states.py; x-near-misses: what a
# careless server takes for one of the options; x-ignored-with: names members; where one of them is
# there and not null, nothing is said about this one; x-guessed: keywords that were inferred from
# the page and that it does not state; x-plain: the members that the plainest object has;
# x-distinct: the page calls a text unique (false: it is likely to have to be); x-doubtful: keywords
# that the page states and that its own example breaks
ANNOTATIONS = frozenset(
    (
        *("$schema", "title", "description", "default", "example", "examples"),
        *("deprecated", "readOnly", "writeOnly"),
        *("x-source", "x-document", "x-examples", "x-guessed", "x-plain", "x-distinct"),
        *("x-unique", "x-fresh", "x-kind", "x-states", "x-doubtful"),
        *("x-reference", "x-ignored-with", "x-near-misses"),
    )
)


class Keyword(NamedTuple):
    """One keyword of a schema: where it stands and what it says.

    `member` is set for one entry of required.
    """

    # member names, "[]" for an array's items, "{}" for members of any name
    path: tuple[str, ...]
    pointer: str  # of the subschema in the schema
    name: str
    value: Any
    schema: Schema
    member: str | None = None

    @property
    def place(self) -> str:
        """The pointer to what it speaks of in a value, ``*`` for any item or member."""
        return place_of(self.spoken)

    @property
    def clause(self) -> str:
        """The last part of a clause's id: ``riskLevel.enum``, ``data.items[].amount.type``."""
        return dotted((*self.spoken, self.name))

    @property
    def spoken(self) -> tuple[str, ...]:
        """The path of what it speaks of: of an entry of required, the member's."""
        return (*self.path, self.member) if self.member else self.path


def keywords(schema: Schema) -> Iterator[Keyword]:
    """Yield every assertion of a schema, outermost first, and each entry of ``required``."""
    for path, pointer, part in subschemas(schema):
        for name, value in part.items():
            if name == "required":
                for member in value:
                    yield Keyword(path, pointer, name, value, part, member)
            elif asserts(name, value):
                yield Keyword(path, pointer, name, value, part)
        if part.get("additionalProperties") is False:
            yield Keyword(path, pointer, "additionalProperties", value=False, schema=part)


def place_of(path: Sequence[str]) -> str:
    """Return the path of a subschema as a pointer, ``*`` for any item or member."""
    return "".join(f"/{'*' if name in ('[]', '{}') else escape(name)}" for name in path)


def path_of(pointer: str) -> tuple[str, ...]:
    """Return a pointer, ``*`` for any item, as the path of a subschema."""
    return tuple("[]" if name == "*" else name for name in tokens(pointer) or ())


def with_any_item(pointer: str) -> str:
    """Return a pointer with ``*`` for each index: ``/items/*/id`` for ``/items/0/id``."""
    return re.sub(r"/\d+(?=/|$)", "/*", pointer)


def dotted(path: Sequence[str]) -> str:
    """Return the path of a subschema as people write it: ``data.items[].amount``."""
    return ".".join(path).replace(".[]", "[]").replace(".{}", "{}")


def types(schema: Schema) -> tuple[str, ...]:
    """Return the types that a schema names, one or several; none where any will do."""
    kinds = schema.get("type", ())
    return (kinds,) if isinstance(kinds, str) else tuple(kinds)


def asserts(name: str, value: Any) -> bool:
    """Whether a keyword with this value can be broken at all."""
    return name in ASSERTIONS and not (name == "format" and value in ANNOTATED_FORMATS)


def subschemas(
    schema: Schema, path: tuple[str, ...] = (), pointer: str = ""
) -> Iterator[tuple[tuple[str, ...], str, Schema]]:
    """Yield (path, pointer, subschema) of a schema and of all below it, depth first."""
    yield path, pointer, schema
    for name, child in schema.get("properties", {}).items():
        yield from subschemas(child, (*path, name), f"{pointer}/properties/{escape(name)}")
    if "items" in schema:
        yield from subschemas(schema["items"], (*path, "[]"), f"{pointer}/items")
    others = schema.get("additionalProperties")
    if isinstance(others, dict):
        yield from subschemas(others, (*path, "{}"), f"{pointer}/additionalProperties")


def child(schema: Schema, step: str) -> Schema | None:
    """Return the subschema that one step of a path leads to; None where there is none."""
    keyword = {"[]": "items", "{}": "additionalProperties"}.get(step)
    below = schema.get(keyword) if keyword else schema.get("properties", {}).get(step)
    return below if isinstance(below, Mapping) else None


def subschema(schema: Schema, path: Sequence[str]) -> Schema:
    """Return the subschema at a path; one that says nothing where there is none."""
    for step in path:
        schema = child(schema, step) or {}
    return schema


def is_documented(schema: Schema, pointer: str) -> bool:
    """Whether a schema has a place for what a pointer names: one that lists members names them all.

    Where a schema lists none, as for free-form metadata, all of them are its own.
    """
    for name in tokens(pointer) or ():
        others = schema.get("items", schema.get("additionalProperties"))
        if others is None and "properties" not in schema:
            return True
        below = schema.get("properties", {}).get(name, others)
        if not isinstance(below, Mapping):
            return below is True
        schema = below
    return True


def subschema_at(schema: Schema, pointer: str) -> Schema:
    """Return the subschema that a pointer, ``*`` for any item, leads to."""
    return subschema(schema, path_of(pointer))


def is_member(path: Sequence[str]) -> bool:
    """Whether a path leads to a member with a name, and not to items or to any member."""
    return bool(path) and path[-1] not in ("[]", "{}")


def is_undescribed(path: Sequence[str], schema: Schema) -> bool:
    """Whether the page gives no description of the member that a path leads to."""
    return is_member(path) and "description" not in schema.get("x-source", {})


def members(schema: Schema) -> Iterator[tuple[str, ...]]:
    """Yield the path of every member that a schema names, also in the items of arrays."""
    for path, _, _ in subschemas(schema):
        if path and path[-1] != "[]" and "{}" not in path:
            yield path


def expectation(keyword: Keyword) -> str:
    """Say what a keyword asks for."""
    value = keyword.value
    if keyword.name == "type":
        return " or ".join([value] if isinstance(value, str) else value)
    if keyword.name == "enum":
        return " or ".join(show(option) for option in value)
    if keyword.name == "anyOf":
        return " or ".join(option.get("title", show(option)) for option in value)
    if keyword.name == "propertyNames":  # without what only this suite reads
        value = {name: part for name, part in value.items() if not name.startswith("x-")}
    words = WORDS[keyword.name]
    return words.format(value=keyword.value, shown=show(value), member=keyword.member)
