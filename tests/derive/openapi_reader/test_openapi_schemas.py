"""Schemas in documents: every keyword that contracts check is read, every other one is noted."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contracts.derive import openapi
from contracts.derive.model import Derived, Json, schema
from contracts.derive.openapi.keywords import FORMATS
from contracts.derive.openapi.schemas import DEPTH, STEP
from contracts.schema import formats


def derived(text: Any, version: str = "3.1.0", **schemas: Any) -> Derived:
    """Return the record of a document with one schema in its answer and in its request."""
    content = {"application/json": {"schema": text}}
    answer = {"201": {"description": "", "content": content}}
    operation = {"requestBody": {"content": content}, "responses": answer}
    document = {
        "openapi": version,
        "paths": {"/crates": {"post": operation}},
        "components": {"schemas": schemas},
    }
    (record,) = openapi.read(json.dumps(document, indent=1).encode(), "crates.json")
    return record


def without_lines(value: Json) -> Any:
    """Return a schema without its sources."""
    if isinstance(value, dict):
        return {name: without_lines(part) for name, part in value.items() if name != "x-source"}
    return [without_lines(part) for part in value] if isinstance(value, list) else value


def answer(text: Any, version: str = "3.1.0", **schemas: Any) -> Any:
    """Return the schema of an answer that is read from a schema."""
    response = derived(text, version, **schemas).response
    assert response is not None
    return without_lines(schema(response))


def notes(text: Any, version: str = "3.1.0", **schemas: Any) -> list[str]:
    """Return the notes on a schema, each once."""
    record = derived(text, version, **schemas)
    return list(dict.fromkeys(note.text for note in record.notes))


SAME = [
    {"type": "string", "minLength": 1, "maxLength": 9, "pattern": "^a"},
    {"type": "string", "format": "uuid"},
    {"type": "integer", "minimum": 1, "maximum": 9, "multipleOf": 2},
    {"type": "number", "exclusiveMinimum": 1, "exclusiveMaximum": 9.5},
    {"type": "string", "enum": ["a", "b"], "default": "a"},
    {"const": 7},
    {
        "type": "array",
        "minItems": 1,
        "maxItems": 2,
        "uniqueItems": True,
        "items": {"type": "boolean"},
    },
    {"type": "object", "minProperties": 1, "maxProperties": 3, "propertyNames": {"maxLength": 4}},
    {
        "type": "object",
        "properties": {"a": {"type": "null"}},
        "required": ["a"],
        "additionalProperties": False,
    },
    {"type": "object", "additionalProperties": {"type": "string"}},
    {"type": ["string", "null"]},
    {"type": "boolean", "deprecated": True},
    {},
]


@pytest.mark.parametrize("text", SAME, ids=json.dumps)
def test_a_keyword_that_is_checked_comes_back_as_it_is_written(text: Any) -> None:
    """What contracts check is the same in the document and in the schema, without a note."""
    assert answer(text) == text
    assert notes(text) == []


EQUAL = [
    ("nullable", {"type": "string", "nullable": True}, {"type": ["string", "null"]}, "3.0.3"),
    (
        "a nullable reference",
        {"nullable": True, "allOf": [{"$ref": "#/components/schemas/Name"}]},
        {"type": ["string", "null"]},
        "3.0.3",
    ),
    (
        "nullable options",
        {"type": "string", "nullable": True, "enum": ["a"]},
        {"type": ["string", "null"], "enum": ["a", None]},
        "3.0.3",
    ),
    (
        "an exclusive bound",
        {"type": "number", "minimum": 1, "exclusiveMinimum": True},
        {"type": "number", "exclusiveMinimum": 1},
        "3.0.3",
    ),
    (
        "an inclusive bound",
        {"type": "number", "maximum": 1, "exclusiveMaximum": False},
        {"type": "number", "maximum": 1},
        "3.0.3",
    ),
    (
        "a schema or null",
        {"anyOf": [{"type": "string", "maxLength": 3}, {"type": "null"}]},
        {"type": ["string", "null"], "maxLength": 3},
        "3.1.0",
    ),
    (
        "types alone",
        {"oneOf": [{"type": "string"}, {"type": "integer"}]},
        {"type": ["string", "integer"]},
        "3.1.0",
    ),
    (
        "constants",
        {"oneOf": [{"const": "a", "title": "A"}, {"const": "b"}]},
        {"enum": ["a", "b"]},
        "3.1.0",
    ),
    ("one of one", {"oneOf": [{"type": "string"}]}, {"type": "string"}, "3.1.0"),
    (
        "parts",
        {"allOf": [{"type": "string", "minLength": 1}, {"minLength": 2, "maxLength": 5}]},
        {"type": "string", "minLength": 2, "maxLength": 5},
        "3.1.0",
    ),
    (
        "parts of an object",
        {
            "allOf": [
                {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
                {"properties": {"a": {"maxLength": 3}, "b": {}}},
            ]
        },
        {
            "type": "object",
            "properties": {"a": {"type": "string", "maxLength": 3}, "b": {}},
            "required": ["a"],
        },
        "3.1.0",
    ),
    (
        "options of all parts",
        {"allOf": [{"enum": ["a", "b"]}, {"enum": ["b", "c"]}]},
        {"enum": ["b"]},
        "3.1.0",
    ),
    (
        "a reference with more",
        {"$ref": "#/components/schemas/Name", "maxLength": 3},
        {"type": "string", "maxLength": 3},
        "3.1.0",
    ),
    (
        "nothing further",
        {"allOf": [{"type": "object", "properties": {"a": {}}}], "unevaluatedProperties": False},
        {"type": "object", "properties": {"a": {}}, "additionalProperties": False},
        "3.1.0",
    ),
    ("a number's format", {"type": "integer", "format": "unix-time"}, {"type": "integer"}, "3.1.0"),
    (
        "an example",
        {"type": "string", "example": "a"},
        {"type": "string", "x-examples": ["a"]},
        "3.0.3",
    ),
]


@pytest.mark.parametrize(
    ("text", "expected", "version"), [row[1:] for row in EQUAL], ids=[row[0] for row in EQUAL]
)
def test_what_can_be_written_with_other_keywords_is(text: Any, expected: Any, version: str) -> None:
    """What means the same is written with the keywords that are checked, without a note."""
    assert answer(text, version, Name={"type": "string"}) == expected
    assert notes(text, version, Name={"type": "string"}) == []


TEXT = {"type": "string"}
NOTED = [
    ({"not": {"type": "string"}}, {}, "not is not checked"),
    ({"if": {"type": "string"}}, {}, "if is not checked"),
    (
        {"type": "object", "patternProperties": {"^a": {}}},
        {"type": "object"},
        "patternProperties is not checked",
    ),
    ({"type": "array", "prefixItems": [{}]}, {"type": "array"}, "prefixItems is not checked"),
    ({"type": "string", "format": "iban"}, {"type": "string"}, "the format 'iban' is not checked"),
    (
        {"type": "string", "pattern": r"\p{Lu}"},
        {"type": "string"},
        r"the pattern '\\p{Lu}' is not one that can be checked",
    ),
    (
        {"type": "string", "pattern": "/^a$/"},
        {"type": "string", "pattern": "^a$"},
        "the pattern /^a$/ is read without its slashes",
    ),
    (
        {"type": "string", "minLength": 5, "maxLength": 2},
        {"type": "string"},
        "minLength 5 and maxLength 2 leave no value",
    ),
    ({"type": "string", "minLength": -1}, {"type": "string"}, "minLength is no count: -1"),
    ({"type": "integer", "maxLength": 5}, {"type": "integer"}, "maxLength says nothing of integer"),
    (
        {"type": "string", "default": 7},
        {"type": "string"},
        "the default 7 is not allowed: 7 is not of type 'string'",
    ),
    (
        {"type": "string", "enum": ["a", 1]},
        {"type": "string", "enum": ["a"]},
        "the options 1 are not of the type string",
    ),
    ({"type": "text"}, {}, "'text' is no type"),
    (
        {"properties": {"a": {"type": "string"}}},
        {"type": "object", "properties": {"a": {"type": "string"}}, "x-guessed": ["type"]},
        "that this is inside an object is read from its members: no type is stated",
    ),
    (
        {"type": "string", "pattern": "^a$", "example": "b"},
        {"type": "string", "x-examples": ["b"], "x-doubtful": {"pattern": "^a$"}},
        "the example 'b' breaks the pattern '^a$': it is no fact",
    ),
    (
        {
            "type": "object",
            "properties": {"a": {"type": "string", "pattern": "^a$"}},
            "additionalProperties": False,
            "example": {"a": "b"},
        },
        {
            "type": "object",
            "properties": {"a": {"type": "string", "x-doubtful": {"pattern": "^a$"}}},
            "additionalProperties": False,
            "x-examples": [{"a": "b"}],
        },
        "the example 'b' breaks the pattern '^a$': it is no fact",
    ),
    (
        {"type": "string", "enum": ["a"], "example": "b"},
        {"type": "string", "enum": ["a"]},
        "an example that the schema does not allow is not taken",
    ),
    (
        {"type": "object", "properties": {"a": {"required": True}}},
        {"type": "object", "properties": {"a": {}}, "required": ["a"]},
        "a is read as required: its object should list it",
    ),
    (
        {"type": "object", "required": ["a"], "example": {}},
        {"type": "object", "required": ["a"]},
        "an example that the schema does not allow is not taken",
    ),
    (
        {"type": "string", "nullable": True},
        {"type": ["string", "null"]},
        "nullable is read as in OpenAPI 3.0: 3.1 has no such keyword",
    ),
    (
        {"allOf": [{"type": "string"}, {"type": "integer"}]},
        {},
        "no type is allowed by all parts of this schema; none is checked",
    ),
    (
        {
            "allOf": [
                {"type": "object", "properties": {"a": {}}, "additionalProperties": False},
                {"properties": {"b": {}}},
            ]
        },
        {"type": "object", "properties": {"a": {}, "b": {}}},
        "additionalProperties of one part is not taken: other parts name further members",
    ),
    (
        {"$ref": "other.yaml#/Crate"},
        {},
        "other.yaml#/Crate is outside of this document, and nothing is fetched",
    ),
    (
        {"$ref": "#/components/schemas/Gone"},
        {},
        "#/components/schemas/Gone is nowhere in this document",
    ),
]


@pytest.mark.parametrize(("text", "expected", "note"), NOTED, ids=[row[2] for row in NOTED])
def test_what_is_not_checked_or_not_sure_is_noted(text: Any, expected: Any, note: str) -> None:
    """What is not read is no keyword of the schema, and one note says so."""
    assert answer(text) == expected
    assert notes(text) == [note]


def test_schemas_of_which_one_holds_become_any_of() -> None:
    """Objects that differ stay apart, each under the name that messages call it by."""
    cat = {"type": "object", "required": ["mew"], "properties": {"mew": {"type": "string"}}}
    dog = {"type": "object", "properties": {"bark": {"type": "string"}}}
    pets = [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]
    result = answer({"anyOf": pets}, Cat=cat, Dog=dog)
    assert result["type"] == "object"
    assert result["anyOf"] == [{**cat, "title": "Cat"}, {**dog, "title": "Dog"}]
    assert notes({"anyOf": pets}, Cat=cat, Dog=dog) == []
    text = "oneOf is read as anyOf: that no two of its schemas hold at once is not checked"
    assert notes({"oneOf": pets}, Cat=cat, Dog=dog) == [text]


def test_a_type_that_only_members_show_is_a_guess_in_what_it_is_joined_with() -> None:
    """JSON Schema binds the members of objects alone: a number may fit; what is stated stands."""
    card = {"required": ["number"], "properties": {"number": {"type": "string"}}}
    bank = {"type": "object", "properties": {"iban": {"type": "string"}}}
    assert answer({"anyOf": [card, bank]})["x-guessed"] == ["type"]
    for parts in ([card, bank], [bank, card]):
        assert "x-guessed" not in answer({"allOf": parts})


def test_a_discriminator_tells_schemas_apart() -> None:
    """The member has in each schema the values that are mapped to it, or its name."""
    part = {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}}
    pets = [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]
    tag = {"propertyName": "kind", "mapping": {"cat": "#/components/schemas/Cat", "tom": "Cat"}}
    text = {"oneOf": pets, "discriminator": tag}
    options = [
        branch["properties"]["kind"]["enum"] for branch in answer(text, Cat=part, Dog=part)["anyOf"]
    ]
    assert options == [["cat", "tom"], ["Dog"]]
    assert notes(text, Cat=part, Dog=part) == []


def test_a_discriminator_of_no_member_says_nothing() -> None:
    """It may speak of the object around: what fits another schema as well is not forbidden."""
    pets = [{"$ref": f"#/components/schemas/{name}"} for name in ("Cat", "Dog")]
    cat, dog = ({"type": "object", "properties": {name: TEXT}} for name in ("Cat", "Dog"))
    result = answer({"oneOf": pets, "discriminator": {"propertyName": "kind"}}, Cat=cat, Dog=dog)
    assert [branch["properties"] for branch in result["anyOf"]] == [{"Cat": TEXT}, {"Dog": TEXT}]


def test_a_schema_that_holds_itself_is_read_to_a_depth() -> None:
    """A tree is read as deep as is stated, and a note with the line says that it goes on."""
    tree = {"type": "object", "properties": {"below": {"$ref": "#/components/schemas/Tree"}}}
    result = answer({"$ref": "#/components/schemas/Tree"}, Tree=tree)
    depth = 0
    while "properties" in result:
        result, depth = result["properties"]["below"], depth + 1
    assert depth == DEPTH // STEP
    assert result == {"type": "object"}
    text = "#/components/schemas/Tree holds itself, and is read no deeper here"
    assert notes({"$ref": "#/components/schemas/Tree"}, Tree=tree) == [text]


def test_a_schema_that_grows_without_end_is_read_less_deep() -> None:
    """Schemas that refer to many others are read only as far as fits into a body.

    A note says how far.
    """
    schemas: dict[str, Any] = {
        f"S{n}": {
            "type": "object",
            "properties": {f"p{m}": {"$ref": f"#/components/schemas/S{n + 1}"} for m in range(9)},
        }
        for n in range(9)
    }
    record = derived({"$ref": "#/components/schemas/S0"}, "3.1.0", **schemas, S9={"type": "string"})
    assert any("followed to a depth of" in note.text for note in record.notes)
    assert record.response is not None
    assert len(record.response.properties) == 9


def test_read_only_and_write_only_members_are_on_one_side() -> None:
    """A read-only member is not in the request, a write-only one not in the answer.

    Neither is required there.
    """
    members = {
        "id": {"type": "string", "readOnly": True},
        "pin": {"$ref": "#/components/schemas/Pin"},
    }
    text = {"type": "object", "required": ["id", "pin"], "properties": members}
    record = derived(text, Pin={"type": "string", "writeOnly": True})
    assert record.request is not None
    assert record.response is not None
    assert [name for name, _ in record.request.properties] == ["pin"]
    assert [name for name, _ in record.request.required] == ["pin"]
    assert [name for name, _ in record.response.properties] == ["id"]
    assert [name for name, _ in record.response.required] == ["id"]


def test_an_answer_need_not_have_what_is_listed_and_described_nowhere() -> None:
    """A list of names beside members of other names is out of date; a sender keeps to it.

    It holds where members of other names are announced, or are in a part of the schema.
    """
    text: Any = {
        "type": "object",
        "required": ["links_created", "errors"],
        "properties": {"links_updated": {"type": "array"}, "errors": {"type": "array"}},
    }
    record = derived({"type": "array", "items": text})
    for body, names in ((record.response, ["errors"]), (record.request, text["required"])):
        assert body is not None
        assert body.items is not None
        assert [name for name, _ in body.items.required] == names
    assert [note.text for note in record.notes] == [
        "links_created is listed as required, and described nowhere"
    ]
    part = {"type": "object", "properties": {"links_created": {"type": "array"}}}
    other = {"type": "object", "properties": {"note": {"type": "string"}}, "required": ["note"]}
    for more in ({"additionalProperties": True}, {"allOf": [part]}, {"oneOf": [part, other]}):
        assert answer({**text, **more})["required"] == text["required"]


def test_the_formats_are_those_that_contracts_check() -> None:
    """The formats that are read are those of the dialect, no more and no fewer."""
    known = formats.FORMATS.keys() | formats.ANNOTATED_FORMATS
    assert known == FORMATS
