"""Query parameters: their rows in contract.toml, and what their names say of a list."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from contracts.authoring.start import identity
from contracts.authoring.start.identity import Derived, Operation
from contracts.model import Schema
from contracts.schema import checks, keywords

# parameters whose values another answer hands out
REFERRING = re.compile(r"(?:id|ids|key|token|cursor|after|before)$", re.IGNORECASE)
SIZE = re.compile(r"limit|take|count|size|(page|per)_?(size|page|limit)", re.IGNORECASE)
SKIP = re.compile(r"offset|skip|start", re.IGNORECASE)
PAGE_NUMBER = re.compile(r"page(_?(number|no|index))?", re.IGNORECASE)
# a text that an answer hands out for its next page, or that is the id of its last item
CURSOR = re.compile(
    r"(?P<last>(starting_?)?after|after_?id|last_?id)|(page_?|next_?)?(cursor|token)"
    r"|next|bookmark|marker|continuation(_?token)?",
    re.IGNORECASE,
)
NEXT = re.compile(r"next.*|.*cursors?|.*(page|continuation)_?token|after", re.IGNORECASE)
SORT = re.compile(r"(sort|order)(s|_?by|ing)?", re.IGNORECASE)
# ``min-price``, ``created-before``: a member, and which end of it is meant
LEAST = re.compile(r"min|after|from|since|gte?")
BOUND = re.compile(
    r"(?P<first>min|max)-(?P<of>.+)"
    r"|(?P<what>.+)-(?P<last>min|max|after|before|from|to|since|until|[gl]te?)"
)
ENDS = ("", "-at", "-on", "-date", "-time")
EXTREMES: Mapping[str, tuple[str, ...]] = {
    "date": ("1970-01-02", "2999-12-31"),
    "date-time": ("1970-01-02T00:00:00Z", "2999-12-31T00:00:00Z"),
}
BEYOND = 10**9  # more than most amounts
MOST_VALUES = 8  # of a parameter; each is a request
FEW = "1"  # items that a page may be asked to have
# what a text of an address can break
CHECKED = (
    *("type", "enum", "format", "pattern", "minLength", "maxLength"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
)
FILTERED = {"string", "integer", "boolean"}
SCALARS = FILTERED | {"number"}

Members = Mapping[str, Any]


def rows(operation: Operation) -> dict[str, dict[str, Any]]:
    """Return the rows of query parameters: of an operation that reads, and all that are required.

    Of each the values that the page names: choices, examples, limits, and what is used where it
    is left out. One that names something which is elsewhere, as a cursor does, is left alone.
    """
    table: dict[str, dict[str, Any]] = {}
    for parameter in in_query(operation):
        name = parameter["name"]
        schema = parameter["schema"]
        texts = values(name, schema)
        is_required = parameter["required"]
        is_read = operation["method"] == "GET" and not REFERRING.search(name)
        stated = _stated(schema)
        if (is_read and (texts or stated)) or (is_required and texts):
            default = {"default": schema["default"]} if _is_plain(schema.get("default")) else {}
            needed = {"required": True} if is_required and texts else {}
            checked = {"schema": stated} if stated else {}
            lines = operation["x-source"]["parameters"]
            table[name] = {"values": texts, **default, **needed, **checked, "lines": lines}
    return table


def in_query(operation: Operation) -> Iterator[Mapping[str, Any]]:
    """Yield the query parameters of an operation."""
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "query":
            yield parameter


def values(name: str, schema: Schema) -> list[str]:
    """Return the values that a page names for a parameter, as they stand in an address.

    Of many some over the whole list. Where it names none, a page of a list may have one item.
    """
    item = schema.get("items", schema) if schema.get("type") == "array" else schema
    choices = item.get("enum", [True, False] if item.get("type") == "boolean" else [])
    limits = [item[key] for key in ("minimum", "maximum") if _is_number(item) and key in item]
    is_size = SIZE.fullmatch(name) and _is_number(item) and item.get("minimum", 0) <= 1
    doubtful = item.get("x-doubtful", {})
    shown = [value for value in item.get("x-examples", ()) if checks.fits(doubtful, value)]
    named = [*choices, *limits, *([FEW] if is_size else []), *shown]
    named = [value for value in named or [schema.get("default")] if value is not None]
    written = (json.dumps(value) if isinstance(value, bool) else str(value) for value in named)
    texts = list(dict.fromkeys(written)) if all(map(_is_plain, named)) else []
    if len(texts) <= MOST_VALUES:
        return texts
    return [texts[number * (len(texts) - 1) // (MOST_VALUES - 1)] for number in range(MOST_VALUES)]


def _is_plain(value: Any) -> bool:
    return isinstance(value, (str, int, float))


def _is_number(schema: Schema) -> bool:
    return bool({*keywords.types(schema)} & {"integer", "number"})


def _stated(schema: Schema) -> dict[str, Any]:
    """Return what a page states of the values of a parameter, as far as one text can break it."""
    guessed = schema.get("x-guessed", ())
    stated = {key: schema[key] for key in CHECKED if key in schema and key not in guessed}
    kinds = [kind for kind in keywords.types(schema) if kind != "null"]
    if len(kinds) != 1 or kinds[0] not in SCALARS:
        return {}
    stated["type"] = kinds[0]
    if "enum" in stated:
        stated["enum"] = [option for option in stated["enum"] if option is not None]
    return stated if stated != {"type": "string"} else {}


def options(operation: Operation) -> dict[str, Mapping[str, Any]]:
    """Return the schema of each parameter that the page gives the options of, by its name."""
    schemas = {each["name"]: each["schema"] for each in in_query(operation)}
    return {name: schema for name, schema in schemas.items() if "enum" in schema}


def asked_for(derived: identity.Api, address: str) -> Mapping[str, Mapping[str, Any]]:
    """Return the options of the parameters of a list, by its address."""
    reads = (page["operation"] for page in derived.values())
    lists = (o for o in reads if (o["method"], identity.address(o)) == ("GET", address))
    return next(map(options, lists), {})


def names(operation: Operation) -> list[str]:
    """Return the names of all query parameters."""
    return [parameter["name"] for parameter in in_query(operation)]


def size(operation: Operation) -> str | None:
    """Return the parameter that says how many items a page has."""
    return next((each["name"] for each in in_query(operation) if _is_size(each)), None)


def _is_size(parameter: Mapping[str, Any]) -> bool:
    return bool(SIZE.fullmatch(parameter["name"])) and _is_number(parameter["schema"])


def paging_names(operation: Operation) -> list[str]:
    """Return the parameters that say which part of a list is shown."""
    words = (SIZE, SKIP, PAGE_NUMBER, CURSOR)
    return [name for name in names(operation) if any(word.fullmatch(name) for word in words)]


def page_size(operation: Operation) -> int | None:
    """Return how many items a list has at most where nothing is asked for, if the page says so."""
    sizes = filter(_is_size, in_query(operation))
    defaults = (each["schema"].get("default") for each in sizes)
    return next((number for number in defaults if isinstance(number, int)), None)


def paging(operation: Operation) -> Iterator[tuple[str, dict[str, int]]]:
    """Yield the parameter that says where a page begins, and of which number the first page is."""
    for parameter in in_query(operation):
        name = parameter["name"]
        schema = parameter["schema"]
        if SKIP.fullmatch(name) and _is_number(schema):
            yield name, {}
        first = schema.get("default", schema.get("minimum"))
        if PAGE_NUMBER.fullmatch(name) and first in (0, 1):
            yield name, {"first_page": first}


def following(
    operation: Operation, response: Schema, last_item: str
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the parameter that takes what an answer hands out for its next page, and where."""
    answered = [
        (pointer, name)
        for pointer, part in parts(response).items()
        for name, schema in part.get("properties", {}).items()
        if {*keywords.types(schema)} - {"null"} == {"string"} and schema.get("format") != "uri"
    ]
    handed_out = [f"{pointer}/{name}" for pointer, name in answered if NEXT.fullmatch(name)]
    for parameter in in_query(operation):
        match = CURSOR.fullmatch(parameter["name"])
        if match and not _is_number(parameter["schema"]) and (handed_out or match["last"]):
            yield parameter["name"], {"following": [*handed_out, last_item][0]}


def filters(operation: Operation, members: Members) -> Iterator[tuple[str, str]]:
    """Yield (parameter, member) of one name; not times and amounts, which may be limits.

    A list of texts has what is called by one of it: ``tag`` is among the ``tags``.
    """
    lists = [n for n, part in members.items() if "string" in keywords.types(part.get("items", {}))]
    by_words = {identity.singular(identity.words(name)): name for name in lists}
    by_words |= {identity.words(name): name for name in members}
    for parameter in in_query(operation):
        name = parameter["name"]
        member = by_words.get(identity.words(name))
        schema = members[member] if member else {}
        kinds = {*keywords.types(schema)}
        is_time = "date" in schema.get("format", "")
        is_of_list = any(part.fullmatch(name) for part in (SIZE, SKIP, PAGE_NUMBER, SORT))
        has_kind = kinds & FILTERED or (member in lists and name != member)
        if member and has_kind and not is_time and not is_of_list:
            yield name, member


def bounds(operation: Operation, members: Members) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield (parameter, member, bound) of what limits a time or a number: ``created_after``.

    The bound has the value beyond which nothing is, and whether that is the least or the most.
    """
    by_words = {identity.words(name): name for name in members}
    for parameter in in_query(operation):
        match = BOUND.fullmatch(identity.words(parameter["name"]))
        called = match and (match["of"] or match["what"])
        named = (by_words.get(f"{called}{end}") for end in ENDS if called)
        member = next((name for name in named if name), None)
        if match is None or member is None or parameter["required"]:
            continue
        is_least = bool(LEAST.fullmatch(match["first"] or match["last"]))
        schema = parameter["schema"]
        extremes = EXTREMES.get(schema.get("format", members[member].get("format", "")), ())
        if _is_number(members[member]) and _is_number(schema):
            extremes = (str(schema.get("minimum", 0)), str(schema.get("maximum", BEYOND)))
        if extremes:
            yield parameter["name"], member, {"beyond": extremes[is_least], "least": is_least}


def parts(response: Schema) -> dict[str, Mapping[str, Any]]:
    """Return the schema of an answer and of each object in it, by pointer: ``/meta``."""
    members = response.get("properties", {}).items()
    return {"": response, **{f"/{name}": part for name, part in members if "properties" in part}}


def lists(response: Schema) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield (pointer, items) of each list in an answer, or below it: ``/_embedded/books``."""
    members = {"": response}
    for home, part in parts(response).items():
        inner = part.get("properties", {}).items()
        members |= {f"{home}/{name}": schema for name, schema in inner}
    found = [(p, schema["items"]) for p, schema in members.items() if "items" in schema]
    nearest = min((pointer.count("/") for pointer, _ in found), default=0)
    yield from ((p, items) for p, items in found if p.count("/") <= max(nearest, 1))


def sent_filters(page: Derived, items: Schema, creator: Derived) -> list[tuple[str, str]]:
    """Return the filters of a list by what a caller sent when it was created, and sees back."""
    sent = (creator["request"] or {}).get("properties", {})
    pairs = filters(page["operation"], items.get("properties", {}))
    return [(name, member) for name, member in pairs if member in sent]
