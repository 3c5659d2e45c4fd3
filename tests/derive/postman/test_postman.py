"""Postman collections: what requests and saved answers show, and that it is a guess."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from contracts.derive import postman
from contracts.derive.model import GUESSED, Derived, Json, Node, schema
from contracts.errors import UsageError

HERE = Path(__file__).parent


def read(name: str) -> dict[str, Derived]:
    """Return the operations of a collection beside this file by their method and path."""
    records = postman.read((HERE / name).read_bytes(), name)
    return {f"{facts(record)['method']} {facts(record)['path']}": record for record in records}


def facts(record: Derived) -> dict[str, Json]:
    """Return the facts of an operation without their lines."""
    return {fact.keyword: fact.value for fact in record.operation}


def plain(node: Node | None) -> Any:
    """Return the schema of a node without sources, marks of guesses, and examples."""
    assert node is not None
    return _plain(schema(node))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items() if not name.startswith("x-")}
    return value


CREATE = "POST /yards/{yardId}/crates"


def test_requests_with_one_method_and_path_are_one_operation() -> None:
    """Two requests to one address are one operation, in whatever way it writes variables."""
    assert list(read("crates.json")) == [CREATE, "PUT /labels", "GET /status"]


def test_what_two_samples_show_is_put_together() -> None:
    """Members of both samples are there.

    A variable without quotes may be anything, one in quotes is a text.
    """
    request = plain(read("crates.json")[CREATE].request)
    assert request == {
        "type": "object",
        "properties": {
            "kind": {"type": "string"},
            "weight": {},
            "owner": {"type": "string"},
            "tags": {"type": "array", "items": {"type": "string"}},
        },
    }


def test_saved_answers_tell_success_and_refusal() -> None:
    """The answers of the success give its schema, with null beside other types.

    A 4xx is a refusal.
    """
    record = read("crates.json")[CREATE]
    assert facts(record)["success_status"] == 201
    assert facts(record)["answer_media_type"] == "application/json"
    assert plain(record.response)["properties"] == {
        "id": {"type": "number"},
        "kind": {"type": "string"},
        "note": {"type": ["string", "null"]},
        "made": {"type": "string", "format": "date-time"},
    }
    (refusal,) = record.refusals
    assert (refusal.status, refusal.media_type) == (422, "application/problem+json")
    assert plain(refusal.body)["properties"] == {"title": {"type": "string"}}


def test_every_part_that_a_sample_shows_is_a_guess() -> None:
    """Each schema has the mark of a guess, and no sample is a default, an option or required."""
    record = read("crates.json")[CREATE]
    assert facts(record)["x-guessed"] == ["parameters", "success_status", "answer_media_type"]
    for node in (record.request, record.response, record.refusals[0].body):
        assert node is not None
        for part in _parts(schema(node)):
            assert part["x-source"].keys() - {"x-examples"} == set(part.get("x-guessed", ()))
            assert not {"default", "enum", "const", "required"} & part.keys()


def _parts(part: Any) -> Any:
    yield part
    for child in part.get("properties", {}).values():
        yield from _parts(child)
    if "items" in part:
        yield from _parts(part["items"])


def test_a_sample_that_was_sent_as_it_is_is_an_example() -> None:
    """A body without variables is an example of the request.

    One that nobody could send as it stands is none.
    """
    request = read("crates.json")[CREATE].request
    assert request is not None
    assert request.value("x-examples") == [{"kind": "letter", "tags": ["a"]}]


def test_parameters_of_the_address_and_headers() -> None:
    """A header of every request is required, a parameter of the query is not.

    What is switched off is not sent.
    """
    listed = facts(read("crates.json")[CREATE])["parameters"]
    assert isinstance(listed, list)
    assert [_plain(row) for row in listed] == [
        {
            "in": "path",
            "name": "yardId",
            "required": True,
            "schema": {"type": "string", "format": "uuid"},
        },
        {"in": "query", "name": "dry", "required": False, "schema": {"type": "string"}},
        {"in": "query", "name": "page", "required": False, "schema": {"type": "string"}},
        {"in": "header", "name": "X-Yard", "required": True, "schema": {"type": "string"}},
    ]


def test_credentials_are_inherited() -> None:
    """A request has the credentials of its collection but for those of its own, or for none."""
    operations = read("crates.json")
    assert facts(operations[CREATE])["authorization"] == {
        "in": "header",
        "name": "Authorization",
        "scheme": "Bearer",
    }
    assert facts(operations["PUT /labels"])["authorization"] == {
        "in": "header",
        "name": "X-Key",
        "scheme": None,
    }
    assert "authorization" not in facts(operations["GET /status"])


def test_a_variable_that_the_collection_does_not_fill_is_an_unknown_host() -> None:
    """The server is what the collection says of its variable.

    Without that it is not known, and a note says so.
    """
    operations = read("crates.json")
    assert facts(operations[CREATE])["server"] == "https://crates.example/v2"
    assert facts(operations["GET /status"])["server"] == "https://crates.example"
    label = operations["PUT /labels"]
    assert "server" not in facts(label)
    notes = [note.text for note in label.notes]
    assert "the host {{host}} is not known here" in notes
    assert "a body of the kind formdata is not read" in notes
    assert facts(label)["media_type"] == "multipart/form-data"


def test_facts_have_the_lines_of_the_file() -> None:
    """The method, the address and the answer stand on the lines that their facts name."""
    lines = (HERE / "crates.json").read_text(encoding="utf-8").splitlines()
    record = read("crates.json")[CREATE]
    spans = {fact.keyword: fact.span for fact in record.operation}
    assert '"method": "POST"' in lines[spans["method"].first - 1]
    assert '"raw": "{{base}}' in lines[spans["path"].first - 1]
    assert '"name": "Made"' in lines[spans["success_status"].first]
    assert record.response is not None
    assert r"{\"id\": 7" in lines[record.response.facts[0].span.first - 1]


def test_format_2_0_and_placeholders_are_read() -> None:
    """Settings as an object, headers as one text, an address in parts.

    What generators write for a type.
    """
    operations = read("crates-2.0.json")
    record = operations["POST /v2/crates"]
    assert facts(record)["server"] == "https://crates.example"
    assert facts(record)["authorization"] == {"in": "header", "name": "X-Key", "scheme": None}
    assert plain(record.request)["properties"] == {
        "kind": {"type": "string"},
        "count": {"type": "integer"},
        "at": {"type": "string", "format": "date-time"},
    }
    assert record.request is not None
    assert record.request.value("x-examples") is None
    assert facts(operations["GET /v2/crates"])["method"] == "GET"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"requests": [], "order": []}, "it has the format 1; export it as Collection v2.1"),
        ({"values": []}, "it is an environment; export the collection"),
        ({"item": []}, "is a Postman collection without a request"),
        ({"openapi": "3.1.0"}, "is no Postman collection"),
    ],
)
def test_what_is_no_collection_is_refused_by_name(value: Json, message: str) -> None:
    """The refusal says what the file is, and what to do."""
    with pytest.raises(UsageError, match=re.escape(message)):
        postman.read(json.dumps(value).encode(), "crates.json")


def test_a_secret_in_a_sample_is_no_example() -> None:
    """A body with a password is learned from, and not kept."""
    body = json.dumps({"user": "ada", "password": "x"})
    request = {
        "method": "POST",
        "url": "https://crates.example/in",
        "body": {"mode": "raw", "raw": body},
    }
    (record,) = postman.read(json.dumps({"item": [{"request": request}]}).encode(), "in.json")
    assert list(plain(record.request)["properties"]) == ["user", "password"]
    assert record.request is not None
    assert record.request.value("x-examples") is None


DESCRIBED = """Newest first.

| Field | Type | Required | Description |
|---|---|---|---|
| label | string | yes | 1 to 20 characters. Unique: one that is taken is refused |
| size.width | integer | no | Between 1 and 90 |
"""


def _described(text: str, body: Any) -> Derived:
    """Return the operation of a collection of one request with a description."""
    url = {
        "raw": "https://yards.example/yards/:yardId/crates",
        "variable": [{"key": "yardId", "value": "12", "description": "Integer. The yard"}],
        "query": [
            {"key": "page", "value": "1", "description": "At least 1. Default: 1"},
            {"key": "owner", "value": "abc", "description": "Number of the owner"},
        ],
    }
    raw = {"mode": "raw", "raw": json.dumps(body), "options": {"raw": {"language": "json"}}}
    request = {"method": "POST", "url": url, "body": raw, "description": text}
    collection = {"info": {}, "item": [{"name": "Create", "request": request}]}
    (record,) = postman.read(json.dumps(collection).encode(), "crates.json")
    return record


@pytest.mark.parametrize("is_list", [False, True])
def test_what_a_description_says_of_members_stands_beside_what_the_sample_shows(
    *, is_list: bool
) -> None:
    """A table states types, limits and what is required; other members are as the sample has it."""
    crate = {"label": "A-1", "size": {"width": 3, "depth": 4}}
    request = plain(_described(DESCRIBED, [crate] if is_list else crate).request)
    members = request["items"] if is_list else request
    assert members["required"] == ["label"]
    assert members["properties"]["label"] == {"type": "string", "minLength": 1, "maxLength": 20}
    size = members["properties"]["size"]["properties"]
    assert size["width"] == {"type": "integer", "minimum": 1, "maximum": 90}
    assert size["depth"] == {"type": "number"}


def test_what_a_description_says_of_the_operation_and_its_parameters_is_read() -> None:
    """The order of a list, the type of an id and the limits of a parameter stand in words."""
    known = facts(_described(DESCRIBED, {}))
    assert known["newest_first"] is True
    rows: Any = known["parameters"]
    schemas = {row["name"]: _plain(row["schema"]) for row in rows}
    assert schemas["yardId"] == {"type": "integer"}
    assert schemas["page"] == {"type": "integer", "default": 1, "minimum": 1}
    assert schemas["owner"] == {"type": "string"}
    guesses = {row["name"]: row["schema"].get(GUESSED) for row in rows}
    assert guesses == {"yardId": None, "page": ["type"], "owner": ["type"]}
