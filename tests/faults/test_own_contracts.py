"""Faults of a contract that somebody just started, at the generic sandbox."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from contracts.cli import main
from contracts.definition import loading
from contracts.faults import catalogue, edits, embedded
from contracts.interop import openapi
from contracts.mocks.mock import ContractMock
from contracts.model import Contract
from tests.helpers.serving import served

KEY = {"X-Api-Key": "sandbox-token"}
PARCEL: dict[str, Any] = {
    "type": "object",
    "required": ["weight", "country"],
    "properties": {
        "weight": {"type": "integer", "minimum": 1},
        "insured": {"type": "boolean", "default": False},
        "country": {"type": "string", "pattern": "^[A-Z]{2}$"},
        "tags": {
            "type": "array",
            "maxItems": 3,
            "uniqueItems": True,
            "items": {"type": "string", "maxLength": 20},
        },
    },
}
SHOWN = {**PARCEL, "properties": {"id": {"type": "string"}, **PARCEL["properties"]}}
REFUSAL = {"type": "object", "required": ["title"], "properties": {"title": {"type": "string"}}}


def body(schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a body of JSON as OpenAPI describes it."""
    return {"description": "…", "content": {"application/json": {"schema": schema, **more}}}


@pytest.fixture
def parcels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Contract:
    """Start a contract from an OpenAPI document whose server has a path of its own."""
    example = {"weight": 1200, "country": "GB", "tags": ["a", "b"]}
    operation = {
        "requestBody": {"required": True, **body(PARCEL, example=example)},
        "responses": {"201": body(SHOWN), "422": body(REFUSAL)},
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Parcels", "version": "1"},
        "servers": [{"url": "https://api.parcels.example/v2"}],
        "components": {
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"}}
        },
        "security": [{"key": []}],
        "paths": {"/parcels": {"post": operation}},
    }
    monkeypatch.chdir(tmp_path)
    Path("parcels.json").write_text(json.dumps(document))
    assert main.run(["new", "parcels", "parcels.json"]) == 0
    contract = loading.load("parcels")
    for name, value in embedded.environment(contract).items():
        monkeypatch.setenv(name, value)
    return contract


def test_the_items_of_an_empty_list_are_left_as_they_are() -> None:
    """A fault of the first item shows where there is one."""
    edit = {"op": "set", "at": "/tags/0", "value": 4711}
    assert edits.apply_edits(b'{"tags": []}', [edit], None, None) == b'{"tags": []}'
    assert edits.apply_edits(b'{"tags": ["a"]}', [edit], None, None) == b'{"tags": [4711]}'


def test_too_many_items_of_a_set_differ(parcels: Contract) -> None:
    """What breaks maxItems breaks nothing but that."""
    (edit,) = catalogue.find(parcels, "response.tags.maxItems").response
    assert len(set(edit["value"])) == 4


def test_codes_and_flags_have_another_value(parcels: Contract) -> None:
    """A pattern of two capitals and a default of false can be broken as other members can."""
    reasons = catalogue.reasons(parcels)
    assert not {"relation.country.echo", "relation.insured.default"} & reasons.keys()


def test_a_broken_body_is_refused_with_the_status_that_the_page_knows(parcels: Contract) -> None:
    """422 in the body that is documented for it; what is no JSON stays 400."""
    with served(embedded.create_app(parcels)) as url:
        broken = httpx.post(f"{url}/parcels", json={"weight": "1"}, headers=KEY)
        malformed = httpx.post(f"{url}/parcels", content=b"{", headers=KEY)
    assert (broken.status_code, set(broken.json())) == (422, {"title"})
    assert malformed.status_code == 400
    assert catalogue.find(parcels, "breaks.refusal.422.body").when == {"status": 422}


def test_the_path_of_the_server_is_in_front_of_every_address(parcels: Contract) -> None:
    """A client that calls the documented address is answered, and OpenAPI names it."""
    address = "https://api.parcels.example/v2"
    with ContractMock("parcels"):
        answer = httpx.post(f"{address}/parcels", json={"weight": 1, "country": "GB"}, headers=KEY)
    assert answer.status_code == 201
    assert openapi.document(parcels)["servers"][-1]["url"] == address
