"""Operations with a key in the query, a list for a body, one of several forms."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from contracts.authoring.start import plausible
from contracts.cli import main
from contracts.definition import loading
from contracts.derive import derive
from contracts.faults import catalogue, embedded, server
from contracts.model import Region
from contracts.planning.bodies import breaks
from contracts.planning.plan import plan
from contracts.spoiling import placed
from tests.helpers.serving import served, verify

if TYPE_CHECKING:
    from pathlib import Path

    from contracts.model import Contract

POINT = {
    "type": "object",
    "required": ["lat"],
    "properties": {
        "lat": {"type": "number", "minimum": -90, "maximum": 90},
        "kind": {"type": "string", "enum": ["start", "end"]},
    },
}
ANSWER = {
    "type": "object",
    "required": ["id", "lat"],
    "properties": {"id": {"type": "string"}, **POINT["properties"]},  # type: ignore[dict-item]
}


def _document(body: Any, answer: Any, key: dict[str, str]) -> str:
    """Return an OpenAPI document of one operation."""

    def content(schema: Any) -> dict[str, Any]:
        return {"content": {"application/json": {"schema": schema}}}

    operation = {
        "requestBody": {"required": True, **content(body)},
        "responses": {"201": {"description": "made", **content(answer)}},
    }
    return json.dumps(
        {
            "openapi": "3.1.0",
            "info": {"title": "Points", "version": "1"},
            "security": [{"k": []}],
            "paths": {"/points": {"post": operation}},
            "components": {"securitySchemes": {"k": key}},
        }
    )


IN_QUERY = {"type": "apiKey", "in": "query", "name": "key"}
MANY = {"type": "array", "minItems": 1, "maxItems": 5, "items": POINT}


def _started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: Any, answer: Any) -> Contract:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "points.json").write_text(_document(body, answer, IN_QUERY), encoding="utf-8")
    assert main.run(["new", "points", "points.json"]) == 0
    contract = loading.load("points")
    for name, value in embedded.environment(contract).items():
        monkeypatch.setenv(name, value)
    return contract


def test_a_key_in_the_query_is_a_credential(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is sent there, spoiled there, and shown nowhere; a server that takes any is found."""
    contract = _started(tmp_path, monkeypatch, POINT, ANSWER)
    assert (contract.operation.header, contract.operation.key_in_query) == ("key", True)
    with served(embedded.create_app(contract)) as url:
        status, report = verify(tmp_path, "points", "--target", f"points={url}", "--fuzz", "0")
    assert (status, "sandbox-token" in json.dumps(report)) == (0, False)
    fault = catalogue.find(contract, "breaks.authorization.unknown_token")
    with served(server.create_app(contract, fault)) as url:
        status, report = verify(tmp_path, "points", "--target", f"points={url}", "--fuzz", "0")
    violated = {c["id"] for c in report["runs"][0]["clauses"] if c["outcome"] == "violated"}
    assert (status, violated) == (1, {"authorization.unknown_token"})


def test_a_credential_of_the_query_is_written_as_an_address_has_it() -> None:
    """Markers stay, and what no address may hold is escaped."""
    assert placed("key", "{token}", in_query=True) == ([], "key={token}")
    assert placed("key", '""', in_query=True) == ([], "key=%22%22")
    assert placed("X-Key", "{token}", in_query=False) == ([("X-Key", "{token}")], "")


def test_a_page_says_that_a_parameter_is_the_key() -> None:
    """In Markdown as well: the parameter is the credential, and none beside it."""
    rows = "| {} | string | yes | {} |\n"
    table = "| Name | Type | Required | About |\n|-|-|-|-|\n"
    page = f"# Look\n\n`GET /a`\n\n## Query parameters\n\n{table}"
    derived: Any = derive(page + rows.format("appkey", "Your API key"), name="a.md")
    assert derived["operation"]["authorization"] == {
        "in": "query",
        "name": "appkey",
        "scheme": None,
    }
    assert "parameters" not in derived["operation"]
    derived = derive(page + rows.format("key", "The key to look up"), name="a.md")
    assert derived["operation"]["authorization"] is None


def test_a_list_is_sent_as_a_body(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each length, with each item that differs, and broken in each way."""
    answer = {"type": "array", "items": ANSWER}
    contract = _started(tmp_path, monkeypatch, MANY, answer)
    cases = plan(contract, 0).cases
    taken = [case.body for case in cases if case.region is not Region.INVALID]
    lists = [body for body in taken if isinstance(body, list)]
    assert {1, 5} <= {len(body) for body in lists}
    assert len({item["lat"] for body in lists if len(body) == 5 for item in body}) == 5
    broken = {clause for case in cases if case.must_refuse for clause in case.decides}
    assert {"request.maxItems", "request.minItems", "request.[].lat.required"} <= broken
    with served(embedded.create_app(contract)) as url:
        status, _ = verify(tmp_path, "points", "--target", f"points={url}", "--fuzz", "0")
    assert status == 0


def test_one_of_several_forms_is_sent_in_each() -> None:
    """Members of one form never come in another one."""
    forms = [
        {"type": "object", "required": [name], "properties": {name: {"type": "integer"}}}
        for name in ("width", "pages")
    ]
    schema = {"type": "object", "anyOf": forms}
    body = {"type": "object", "required": ["of"], "properties": {"of": schema}}
    update, _ = plausible.narrowed(body, plausible.plainest(body))
    assert update["properties"]["of"] == {"enum": [{"width": 0}, {"pages": 0}]}


def test_the_scheme_of_an_operation_is_no_other_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``Token`` is tried as a wrong scheme, but where it is the right one."""
    monkeypatch.chdir(tmp_path)
    page = "# Look\n\n`POST /a`\n\nSend `Authorization: Token YOUR_KEY`.\n\n## Response `201`\n\n"
    (tmp_path / "a.md").write_text(f"{page}| Name | Type |\n|-|-|\n| id | string |\n")
    assert main.run(["new", "things", "a.md"]) == 0
    (clause,) = [c for c in loading.load("things").clauses if c.id == "authorization.other_scheme"]
    assert "Token {token}" not in clause.arguments["authorization"].values()


def test_a_title_that_names_an_answer_ends_an_example() -> None:
    """A status beneath an example is one of the example."""
    body = "## Body\n\n| Name | Type |\n|-|-|\n| a | string |\n\n"
    example = '## Example request\n\n```json\n{"a": "x"}\n```\n\n'
    answer = "## Response `201`\n\n| Name | Type |\n|-|-|\n| id | string |\n"
    derived: Any = derive(f"# Make\n\n`POST /a`\n\n{body}{example}{answer}", name="a.md")
    assert derived["operation"]["success_status"] == 201
    assert list(derived["response"]["properties"]) == ["id"]


def test_a_form_is_broken_where_it_fits_no_other_one() -> None:
    """A limit of one form is a break of all of them."""
    schema = {
        "type": "object",
        "anyOf": [
            {
                "type": "object",
                "required": ["width"],
                "properties": {"width": {"type": "integer", "minimum": 16}},
            },
            {
                "type": "object",
                "required": ["pages"],
                "properties": {"pages": {"type": "integer", "maximum": 9}},
            },
        ],
    }
    body = {"type": "object", "required": ["of"], "properties": {"of": schema}}
    narrow = {"properties": {"of": {"enum": [{"width": 16}, {"pages": 9}]}}}
    every = list(breaks.breaks(body, narrow, {"of": {"width": 16}}))
    assert {"of": {"width": 15}} in [each.body for each in every if each.clause == "of.anyOf"]
    assert {"of": {"pages": 10}} in [each.body for each in every if each.clause == "of.anyOf"]


def test_what_a_member_is_called_says_what_it_may_be() -> None:
    """Where the page shows no value: a code of a country, any member of metadata."""
    text = {"type": "string"}
    properties = {"country": text, "metadata": {"type": "object"}, "title": text}
    assert plausible.plainest({"type": "object", "properties": properties}) == {
        "country": "FR",
        "metadata": {"note": "text"},
        "title": "text",
    }


PROSE = """# Lamps

{head}

## Add a lamp

`POST /lamps`{key}

### Body

- name (string, required): 1 to 20 characters.

### Returns

`201 Created`

- id (string)
- name (string)

## Get a lamp

`GET /lamps/{{id}}` returns the lamp.

## Cancel a lamp

`POST /lamps/{{id}}/cancel` calls it off.
"""
KEY = "Requests need an `X-Lamp-Key` header."


@pytest.mark.parametrize("shared", [True, False])
def test_operations_that_sentences_name_are_verified_each_with_its_own_credential(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, shared: bool
) -> None:
    """A key before the first title is that of all; one of the creation creates for the others.

    What takes back what was created is an operation as well.
    """
    monkeypatch.chdir(tmp_path)
    text = PROSE.format(head=KEY if shared else "", key="" if shared else f"\n\n{KEY}")
    (tmp_path / "lamps.md").write_text(text, "utf-8")
    assert main.run(["new", "lamps", "lamps.md", "--operation", "*"]) == 0
    contract = loading.load("lamps")
    header = "X-Lamp-Key" if shared else ""
    assert [each.header for each in contract.operations] == ["X-Lamp-Key", header, header]
    for name, value in embedded.environment(contract).items():
        monkeypatch.setenv(name, value)
    with served(embedded.create_app(contract)) as url:
        status, report = verify(tmp_path, "lamps", "--target", f"lamps={url}", "--fuzz", "0")
    assert (status, len(report["runs"])) == (0, 3)
