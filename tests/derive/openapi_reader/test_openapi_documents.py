"""OpenAPI documents of every version, in every notation, whole and in part."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from contracts.definition import catalogue, loading
from contracts.derive import openapi
from contracts.derive.model import Derived, Json, schema
from contracts.errors import UsageError
from contracts.interop import openapi as written
from contracts.schema import checks, vocabulary

HERE = Path(__file__).parent
DOCUMENTS = sorted(path.name for path in HERE.iterdir() if path.suffix in (".json", ".yaml"))


def read(name: str) -> tuple[Derived, ...]:
    """Return the operations of a document beside this file."""
    return openapi.read((HERE / name).read_bytes(), name)


def facts(record: Derived) -> dict[str, Json]:
    """Return the facts of an operation without their lines."""
    return {fact.keyword: fact.value for fact in record.operation}


def _texts(sentences: Any) -> list[str]:
    """Return sentences without their lines."""
    return [text for _, text in sentences]


def without_lines(value: Json) -> Any:
    """Return a schema without what only this suite reads, and without descriptions."""
    if isinstance(value, dict):
        left_out = ("$schema", "description")
        return {
            name: _texts(part) if name == "sentences" else without_lines(part)
            for name, part in value.items()
            if not name.startswith("x-") and name not in left_out
        }
    return [without_lines(part) for part in value] if isinstance(value, list) else value


def texts(record: Derived) -> list[str]:
    """Return the texts of an operation's notes."""
    return [note.text for note in record.notes]


def test_the_operations_of_a_document_come_in_its_order() -> None:
    """Each method of each path is one operation."""
    operations = [
        (facts(record)["method"], facts(record)["path"]) for record in read("orders-3.0.yaml")
    ]
    assert operations == [
        ("POST", "/yards/{yardId}/crates"),
        ("GET", "/crates/{crateId}"),
        ("DELETE", "/crates/{crateId}"),
    ]


def test_the_first_server_counts_and_all_are_listed() -> None:
    """Variables of a server are filled by their defaults.

    The descriptions tell which server is a sandbox.
    """
    record = read("orders-3.0.yaml")[0]
    assert facts(record)["server"] == "https://eu.crates.example/v2"
    assert facts(record)["servers"] == [
        {"url": "https://eu.crates.example/v2", "description": "production"},
        {"url": "https://sandbox.crates.example/v2", "description": "sandbox"},
    ]


def test_alternatives_of_credentials_are_kept() -> None:
    """Of two ways to authorize, one of which needs two credentials, both are listed.

    The plainest counts.
    """
    record = read("orders-3.0.yaml")[0]
    key: Json = {"in": "query", "name": "api_key", "scheme": None}
    token: Json = {"in": "header", "name": "Authorization", "scheme": "Bearer"}
    tenant: Json = {"in": "header", "name": "X-Tenant", "scheme": None}
    assert facts(record)["authorization"] == key
    assert facts(record)["authorizations"] == [[key], [token, tenant]]


def test_a_credential_that_may_be_left_out_is_not_asked_for() -> None:
    """An empty alternative means that nobody is refused for want of a credential.

    No list means the same.
    """
    _, get, delete = read("orders-3.0.yaml")
    assert "authorization" not in facts(get)
    assert "a credential may be left out" in texts(get)
    assert "authorization" not in facts(delete)


def test_parameters_of_the_path_and_of_components_are_read() -> None:
    """Parameters of the whole path come first; styles other than the usual one are noted."""
    record = read("orders-3.0.yaml")[0]
    listed = facts(record)["parameters"]
    assert isinstance(listed, list)
    assert [without_lines(row) for row in listed] == [
        {
            "in": "path",
            "name": "yardId",
            "required": True,
            "schema": {"type": "string", "format": "uuid"},
        },
        {
            "in": "header",
            "name": "X-Trace",
            "required": True,
            "schema": {"type": "string", "maxLength": 40},
        },
        {
            "in": "query",
            "name": "dry",
            "required": False,
            "schema": {"type": "boolean", "default": False},
        },
        {
            "in": "query",
            "name": "ids",
            "required": False,
            "style": "pipeDelimited",
            "explode": False,
            "schema": {"type": "array", "items": {"type": "integer"}},
        },
    ]
    assert "ids is written in a form of its own: style pipeDelimited, explode False" in texts(
        record
    )


def test_the_success_is_the_lowest_status_with_json() -> None:
    """201 with a body counts before 200 without one; both numbers are known."""
    record = read("orders-3.0.yaml")[0]
    assert facts(record)["success_status"] == 201
    assert facts(record)["success_statuses"] == [200, 201]
    assert facts(record)["answer_media_type"] == "application/json"
    assert facts(record)["media_type"] == "application/json"
    assert facts(record)["body_required"] is True
    assert "only application/json is read, not application/xml" in texts(record)
    assert "headers of 201 are not read: Location" in texts(record)


def test_a_range_of_statuses_gives_no_number() -> None:
    """2XX is a success of any number; 204 without a body is a success without an answer."""
    _, get, delete = read("orders-3.0.yaml")
    assert "success_status" not in facts(get)
    assert facts(get)["answer_media_type"] == "application/vnd.crates+json"
    assert get.response is not None
    assert get.response.types() == ("array",)
    assert facts(delete)["success_status"] == 204
    assert facts(delete)["deprecated"] is True
    assert delete.response is None


def test_a_place_in_the_path_that_is_not_described_is_noted() -> None:
    """The note has the line of the operation, since the parameter is nowhere."""
    delete = read("orders-3.0.yaml")[2]
    lines = (HERE / "orders-3.0.yaml").read_text(encoding="utf-8").splitlines()
    text = "{crateId} in the path is not described among the parameters"
    assert [(lines[note.line - 1].strip(), note.text) for note in delete.notes] == [
        ("delete:", text)
    ]


def test_error_answers_are_refusals() -> None:
    """Each documented error is kept with its status, media type and body.

    A range and `default` have no number.
    """
    refusals = read("orders-3.0.yaml")[0].refusals
    assert [(refusal.status, refusal.media_type) for refusal in refusals] == [
        (422, "application/problem+json"),
        (None, None),
        (None, "application/json"),
    ]
    assert refusals[0].body is not None
    assert [name for name, _ in refusals[0].body.required] == ["title"]


def test_links_lead_to_operations() -> None:
    """A link names the operation that it leads to by its method and path."""
    assert facts(read("orders-3.0.yaml")[0])["links"] == [
        {
            "status": "201",
            "name": "get",
            "operation": "GET /crates/{crateId}",
            "parameters": {"crateId": "$response.body#/id"},
            "body": None,
        }
    ]


def test_examples_of_a_body_are_kept() -> None:
    """The example that the document gives of a whole body is the example of the request."""
    record = read("orders-3.0.yaml")[0]
    assert record.request is not None
    assert record.request.value("x-examples") == [{"kind": "letter", "secret": "1234", "weight": 2}]


def test_version_2_is_read() -> None:
    """Body and form parameters, media types beside them, the server in parts.

    All as in later versions.
    """
    post, put = read("orders-2.0.json")
    assert facts(post)["server"] == "https://crates.example/v2"
    assert facts(post)["authorization"] == {
        "in": "header",
        "name": "Authorization",
        "scheme": "Bearer",
    }
    assert facts(post)["permission"] == "crates.create"
    assert facts(post)["media_type"] == "application/json"
    assert post.request is not None
    assert without_lines(schema(post.request))["properties"] == {
        "kind": {"type": "string", "enum": ["letter", "box"]},
        "note": {"type": ["string", "null"], "maxLength": 40},
    }
    assert post.response is not None
    assert [name for name, _ in post.response.required] == ["kind", "id"]
    assert post.response.value("x-examples") == [{"id": 7, "kind": "box"}]
    assert [refusal.status for refusal in post.refusals] == [400]
    assert "tags is one text with several values (csv)" in texts(post)
    assert facts(put)["authorization"] == {
        "in": "header",
        "name": "Authorization",
        "scheme": "Basic",
    }
    assert facts(put)["media_type"] == "multipart/form-data"
    assert put.request is not None
    assert without_lines(schema(put.request)) == {
        "type": "object",
        "properties": {
            "label": {"type": "string", "format": "binary"},
            "copies": {"type": "integer", "maximum": 9},
        },
        "required": ["label"],
    }


def test_version_3_1_is_read() -> None:
    """Type lists, constants, references with more beside them, and what is not evaluated."""
    (record,) = read("orders-3.1.yaml")
    assert record.request is not None
    request = without_lines(schema(record.request))
    members = request["properties"]
    assert members["kind"] == {"const": "box"}
    assert members["note"] == {"type": ["string", "null"], "maxLength": 40}
    assert members["size"] == {"type": "number", "exclusiveMinimum": 0, "multipleOf": 0.5}
    assert members["owner"]["required"] == ["email"]
    assert members["owner"]["properties"]["email"] == {
        "type": ["string", "null"],
        "format": "email",
    }
    assert [branch["title"] for branch in members["payment"]["anyOf"]] == ["Card", "Transfer"]
    assert request["additionalProperties"] is False
    assert facts(record)["body_required"] is False
    assert facts(record)["permission"] == "crates.write"
    assert "answer_media_type" not in facts(record)
    assert texts(record) == ["the default answer is taken for the success: no other is documented"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_json_and_yaml_of_one_document_say_the_same(name: str) -> None:
    """A document in the other notation gives the same schemas and the same facts."""
    value = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    texts = (
        json.dumps(value, indent="\t"),
        json.dumps(value),
        yaml.safe_dump(value, sort_keys=False),
    )
    for text in texts:
        for record, other in zip(read(name), openapi.read(text.encode(), name), strict=True):
            assert without_lines(facts(record)) == without_lines(facts(other))
            for side in ("request", "response"):
                nodes = getattr(record, side), getattr(other, side)
                assert [node and without_lines(schema(node)) for node in nodes] == [
                    nodes[0] and without_lines(schema(nodes[0]))
                ] * 2


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_fact_has_lines_on_which_it_stands(name: str) -> None:
    """The first line of a keyword names it, or the part of the document that implies it."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    checked = 0
    for record in read(name):
        for node in (record.request, record.response):
            for keyword, (first, last) in _sources(schema(node)) if node is not None else ():
                assert 1 <= first <= last <= len(lines)
                if keyword in ("enum", "format", "maxLength", "const", "pattern", "multipleOf"):
                    assert re.search(
                        rf'"?{keyword}"?:|mapping|discriminator|file', lines[first - 1]
                    ), keyword
                    checked += 1
    assert checked or name == "crates.yaml"


def _sources(part: Any) -> Any:
    yield from part["x-source"].items()
    for name in ("properties",):
        for child in part.get(name, {}).values():
            yield from _sources(child)
    if "items" in part:
        yield from _sources(part["items"])
    for child in part.get("anyOf", ()):
        yield from _sources(child)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_contracts_take_every_schema(name: str) -> None:
    """Each schema holds only keywords that contracts check, and allows its own examples."""
    for record in read(name):
        for node in (
            record.request,
            record.response,
            *(refusal.body for refusal in record.refusals),
        ):
            if node is not None:
                vocabulary.refuse_unknown(schema(node), name)
                examples: Any = node.value("x-examples") or []
                assert all(checks.fits(schema(node), value) for value in examples)


@pytest.mark.parametrize("begin", ["paths:", "  /crates:", "    post:"])
def test_an_excerpt_is_read(begin: str) -> None:
    """A part of a document that begins at `paths:` or at a path is read.

    One without a path is refused.
    """
    text = (HERE / "crates.yaml").read_text(encoding="utf-8")
    excerpt = text[text.index(begin) :]
    if begin.strip() == "post:":
        with pytest.raises(
            UsageError, match="one operation of an OpenAPI document without its path"
        ):
            openapi.read(excerpt.encode(), "page.md")
        return
    (record,) = openapi.read(excerpt.encode(), "page.md")
    assert facts(record)["path"] == "/crates"
    assert record.request is not None
    assert [name for name, _ in record.request.required] == ["kind"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "openapi: 4.0.0\npaths: {}",
            "states the version '4.0.0' of OpenAPI; 2.0, 3.0, 3.1 and 3.2 are read",
        ),
        ("asyncapi: 3.0.0", "is no OpenAPI document of version 2 or 3, but has 'asyncapi'"),
        ("openapi: 3.1.0\nwebhooks: {a: {}}", "describes webhooks only"),
        ("openapi: 3.1.0\npaths: {}", "without an operation that could be read"),
        (
            "openapi: 3.1.0\npaths:\n  /a:\n    $ref: a.yaml",
            "line 4, a.yaml is outside of this document",
        ),
        ("openapi: 3.1.0\npaths:\n  /a: [", "line 4: it is not YAML"),
        ("title: a", "has no paths"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(text: str, message: str) -> None:
    """The refusal names the file and says what it holds instead of operations."""
    with pytest.raises(UsageError, match=re.escape(message)):
        openapi.read(text.encode(), "crates.yaml")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_a_byte_order_mark_names_the_encoding(encoding: str) -> None:
    """A document is read in any Unicode encoding that it announces.

    One that is not announced is refused.
    """
    raw = (HERE / "crates.yaml").read_text(encoding="utf-8").encode(encoding)
    if encoding == "utf-16-le":
        with pytest.raises(UsageError):
            openapi.read(raw, "crates.yaml")
    else:
        assert len(openapi.read(raw, "crates.yaml")) == 1


@pytest.mark.parametrize("api", catalogue.shipped())
def test_a_contract_as_openapi_gives_its_schemas_back(api: str) -> None:
    """What `contracts openapi` writes is read as the same request and answer, but for sources."""
    contract = loading.load(api)
    text = json.dumps(written.document(contract), indent=2)
    (record,) = openapi.read(text.encode(), f"{api}.json")
    pairs = [(contract.request, record.request), (contract.response, record.response)]
    if not contract.operation.answers:
        pairs.pop()
    for before, after in pairs:
        assert without_lines(dict(before) if before else None) == (
            without_lines(schema(after)) if after is not None else None
        )
    assert facts(record)["path"] == contract.operation.path.partition("?")[0]
