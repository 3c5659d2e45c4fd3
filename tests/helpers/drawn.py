"""A strategy of contracts: schemas in our dialect, P made from D by narrowing it."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from contracts.definition.clauses import make_clauses
from contracts.model import Contract, Operation, Source
from contracts.schema import formats, keywords

DOCUMENT = Source("drawn.txt", (1, 9), sha256="0" * 64)
LAYER = {
    "method": "POST",
    "path": "/things",
    "authorization": {"in": "header", "name": "Authorization", "scheme": "Bearer"},
    "media_type": "application/json",
    "success_status": 201,
    "x-source": {
        "method": [1, 1],
        "path": [1, 1],
        "authorization": [1, 1],
        "media_type": [1, 1],
        "success_status": [1, 1],
    },
}
OPERATION = Operation(
    method="POST",
    path="/things",
    media_type="application/json",
    success=201,
    production_hosts=(),
    token_variable="DRAWN_TOKEN",
    parameters={},
    credentials={},
    live_mode=None,
    created="/id",
)
NAMES = ("a", "b", "c/d", "e~f", "g h", "é")


@dataclass(frozen=True)
class Pair:
    """A schema as the page has it, and a narrower one."""

    documented: dict[str, Any]
    plausible: dict[str, Any]


def both(schema: dict[str, Any], **narrower: Any) -> Pair:
    """Make a pair; P has everything that D has, and more."""
    return Pair(schema, {**copy.deepcopy(schema), **narrower})


@st.composite
def texts(draw: st.DrawFn) -> Pair:
    """Draw a schema of strings with lengths, narrowed to letters, or to something unique."""
    least, most = draw(
        st.sampled_from([(None, None), (0, None), (1, 12), (3, None), (None, 30), (2, 2)])
    )
    schema: dict[str, Any] = {"type": "string"}
    if least is not None:
        schema["minLength"] = least
    if most is not None:
        schema["maxLength"] = most
    ways: list[dict[str, Any]] = [{}, {"pattern": "^[A-Za-z]+$", "examples": ["ab"]}]
    if most is None or most >= 20:
        ways += [{"x-unique": "n-{fresh}", "pattern": "^[a-z0-9-]+$", "maxLength": 25}]
        ways += [{"maxLength": 20, "minLength": 4}]
    way = draw(st.sampled_from(ways))
    if "pattern" in way and "examples" in way and least == 3:
        way = {**way, "examples": ["abc"]}
    return both(schema, **way)


@st.composite
def formatted(draw: st.DrawFn) -> Pair:
    """Draw a schema of strings of a format."""
    return both({"type": "string", "format": draw(st.sampled_from(sorted(formats.FORMATS)))})


@st.composite
def options(draw: st.DrawFn) -> Pair:
    """Draw an enumeration of words; P may leave one out."""
    words = draw(
        st.lists(
            st.sampled_from(["red", "GREEN", "blue_1", "Ünder", "x"]),
            min_size=1,
            max_size=4,
            unique=True,
        )
    )
    schema = {"type": "string", "enum": words}
    return Pair(schema, {**schema, "enum": words[: draw(st.integers(1, len(words)))]})


@st.composite
def numbers(draw: st.DrawFn) -> Pair:
    """Draw a schema of numbers or integers with bounds, narrowed to a range inside."""
    schema: dict[str, Any] = {"type": draw(st.sampled_from(["number", "integer"]))}
    low = draw(st.sampled_from([None, -5, 0, 1, 100]))
    if low is not None:
        schema[draw(st.sampled_from(["minimum", "exclusiveMinimum"]))] = low
    high = draw(st.sampled_from([None, 1_000, 50_000]))
    if high is not None:
        schema[draw(st.sampled_from(["maximum", "exclusiveMaximum"]))] = high
    if draw(st.booleans()):
        schema["multipleOf"] = draw(
            st.sampled_from([1, 5, 0.01] if schema["type"] == "number" else [1, 5])
        )
    if draw(st.booleans()):
        return both(
            schema,
            minimum=110,
            maximum=900,
            multipleOf=schema.get("multipleOf", 1) if draw(st.booleans()) else 5,
        )
    return both(schema)


def booleans() -> st.SearchStrategy[Pair]:
    """Draw the schema of booleans."""
    return st.just(both({"type": "boolean"}))


@st.composite
def arrays(draw: st.DrawFn, items: st.SearchStrategy[Pair]) -> Pair:
    """Draw a schema of arrays."""
    item = draw(items)
    schema: dict[str, Any] = {"type": "array"}
    least, most = draw(st.sampled_from([(None, None), (1, None), (0, 3), (1, 4)]))
    if least is not None:
        schema["minItems"] = least
    if most is not None:
        schema["maxItems"] = most
    return Pair(
        {**schema, "items": item.documented},
        {**schema, "minItems": 1, "maxItems": 4, "items": item.plausible},
    )


@st.composite
def objects(draw: st.DrawFn, members: st.SearchStrategy[Pair], least: int = 1) -> Pair:
    """Draw a schema of objects with named members, some of them required; P allows no others."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=least, max_size=4, unique=True))
    children = {name: draw(members) for name in names}
    schema: dict[str, Any] = {"type": "object"}
    if required := [name for name in names if draw(st.booleans())]:
        schema["required"] = required
    return Pair(
        {**schema, "properties": {name: child.documented for name, child in children.items()}},
        {
            **schema,
            "properties": {name: child.plausible for name, child in children.items()},
            "additionalProperties": False,
        },
    )


@st.composite
def maps(draw: st.DrawFn) -> Pair:
    """Draw a schema of objects whose members may have any name.

    Limited in P alone or by the page already.
    """
    limits: dict[str, Any] = {
        "minProperties": 1,
        "maxProperties": 5,
        "propertyNames": {"maxLength": 12},
        "additionalProperties": {"type": "string", "minLength": 1, "maxLength": 30},
    }
    kept = draw(
        st.sampled_from([[], ["minProperties", "maxProperties"], ["propertyNames"], list(limits)])
    )
    return both({"type": "object", **{name: limits[name] for name in kept}}, **limits)


@st.composite
def nullable(draw: st.DrawFn, pairs: st.SearchStrategy[Pair]) -> Pair:
    """Draw whether null is allowed: nowhere, in D alone, or in both."""
    pair = draw(pairs)
    ways = draw(st.sampled_from(["no", "documented", "both"]))
    if ways == "no":
        return pair
    return Pair(
        _or_null(pair.documented), _or_null(pair.plausible) if ways == "both" else pair.plausible
    )


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    more = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return {**schema, "type": [schema["type"], "null"], **more}


def leaves() -> st.SearchStrategy[Pair]:
    """Draw a schema without members."""
    return nullable(st.one_of(texts(), formatted(), options(), numbers(), booleans()))


def pairs() -> st.SearchStrategy[Pair]:
    """Draw the schemas of a body.

    An object of members that may be objects and arrays themselves.
    """
    inner = st.one_of(
        leaves(),
        leaves(),
        nullable(objects(leaves())),
        nullable(arrays(leaves())),
        nullable(maps()),
    )
    return objects(inner, least=2)


def sourced(schema: dict[str, Any]) -> dict[str, Any]:
    """Give every keyword of a schema a source."""
    made = copy.deepcopy(schema)
    for _, _, part in list(keywords.subschemas(made)):
        assert isinstance(part, dict)
        part["x-source"] = {
            name: [1, 1]
            for name in part
            if name in keywords.ASSERTIONS or name == "additionalProperties"
        }
        for member in part.get("required", ()):
            escaped = member.replace("~", "~0").replace("/", "~1")
            part["x-source"][f"required/{escaped}"] = [1, 1]
    return made


def contract_of(pair: Pair) -> Contract:
    """Make a contract of a pair of request schemas."""
    schemas = {
        "request": sourced(pair.documented),
        "plausible": sourced(pair.plausible),
        "response": sourced(
            {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}
        ),
    }
    clauses = make_clauses(schemas, LAYER, {"operation": {}}, (DOCUMENT,))
    return Contract(
        "drawn",
        "Drawn",
        1,
        OPERATION,
        {"drawn.txt": "0" * 64},
        schemas["request"],
        schemas["plausible"],
        schemas["response"],
        clauses,
    )


def contracts() -> st.SearchStrategy[Contract]:
    """Draw a contract."""
    return pairs().map(contract_of)
