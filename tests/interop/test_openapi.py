"""``contracts openapi``: a document that other tools read."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from contracts.cli import main
from contracts.definition import catalogue, loading
from contracts.interop import openapi
from contracts.mocks import variants
from contracts.mocks.backend import samples

APIS = catalogue.shipped()
PAGES = Path(__file__).parents[1] / "helpers" / "pages"


@pytest.mark.parametrize("api", APIS)
def test_the_document_is_valid(
    api: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """By OpenAPI 3.1's own schema; on standard output and in a file it is the same."""
    assert main.run(["openapi", api]) == 0
    out = capsys.readouterr().out
    assert list(OpenAPIV31SpecValidator(json.loads(out)).iter_errors()) == []
    assert main.run(["openapi", api, "--out", str(tmp_path / "openapi.json")]) == 0
    assert (tmp_path / "openapi.json").read_text(encoding="utf-8") == out


@pytest.mark.parametrize("api", APIS)
def test_every_keyword_says_where_it_comes_from(api: str) -> None:
    """Each schema of the components has x-source with lines, and a description."""
    schemas = openapi.document(loading.load(api))["components"]["schemas"]
    for schema in schemas.values():
        for name, member in schema["properties"].items():
            assert member["x-source"], name
            assert member["description"].startswith(name)


@pytest.mark.parametrize("api", APIS)
def test_its_examples_and_the_sandboxes_answers_fit(api: str) -> None:
    """A reader who validates with plain JSON Schema agrees with the contract."""
    contract = loading.load(api)
    made = openapi.document(contract)
    schemas = made["components"]["schemas"]
    operation = made["paths"][contract.operation.path]["post"]
    for media in operation.get("requestBody", {"content": {}})["content"].values():
        for example in media["examples"].values():
            jsonschema.validate(example["value"], schemas["OrderRequest"])
    for exchange in filter(
        lambda one: one.accepted, samples(contract, variants.sample_bodies(contract))
    ):
        jsonschema.validate(exchange.value, schemas["Order"])


def test_errors_security_and_servers_are_described() -> None:
    """What code generators and readers look for.

    Refusals, the token, the sandbox before production.
    """
    made = openapi.document(loading.load("komerza"))
    operation = made["paths"]["/stores/{storeId}/orders"]["post"]
    assert list(operation["responses"]) == ["200", "2XX", "401", "403", "404", "4XX"]
    assert "without the permission" in operation["responses"]["403"]["description"]
    assert made["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert [server["url"] for server in made["servers"]] == [
        "http://127.0.0.1:8000",
        "https://api.komerza.com",
    ]
    assert operation["operationId"] == "createOrder"
    assert "lineTotal is amount times quantity (line 195)" in operation["description"]
    (parameter,) = operation["parameters"]
    assert parameter["example"] == "6f1c2a52-8f0e-4c5e-9a56-0f5a3f1d7b01"


@pytest.mark.parametrize(
    ("page", "operation", "security", "parameters"),
    [
        ("beacons", "changeBeacon", {"basic": ("http", "basic")}, {"beaconId": "path"}),
        (
            "invoices",
            "getInvoice",
            {"key": ("apiKey", "X-Api-Key")},
            {"status": "query", "limit": "query"},
        ),
        (
            "shelves",
            "replaceBook",
            {"key": ("apiKey", "X-API-Key")},
            {"shelfId": "path", "bookId": "path"},
        ),
        ("tickets", "createTicket", {"bearer": ("http", "bearer")}, {"projectId": "path"}),
    ],
)
def test_a_contract_of_ones_own_is_described_as_it_is(
    page: str,
    operation: str,
    security: dict[str, tuple[str, str]],
    parameters: dict[str, str],
    tmp_path: Path,
) -> None:
    """Whatever the method, the credential and the parameters.

    What it is called follows from its address.
    """
    assert main.run(["new", page, str(PAGES / f"{page}.txt"), "--out", str(tmp_path)]) == 0
    made = openapi.document(loading.load(str(tmp_path / page)))
    assert list(OpenAPIV31SpecValidator(made).iter_errors()) == []
    ((_, methods),) = made["paths"].items()
    ((_, described),) = methods.items()
    schemes = made["components"]["securitySchemes"]
    assert {
        name: (s["type"], s.get("scheme") or s["name"]) for name, s in schemes.items()
    } == security
    assert described["operationId"] == operation
    assert {p["name"]: p["in"] for p in described["parameters"]} == parameters
    assert "embedded" not in json.dumps(made["servers"])


def test_wrong_use_is_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """An unknown contract, and a folder that is not there."""
    assert main.run(["openapi", "kohorte"]) == 2
    assert main.run(["openapi", "kohort", "--out", str(tmp_path / "missing" / "x.json")]) == 2
    first, second = capsys.readouterr().err.splitlines()
    assert "there is no contract named 'kohorte'" in first
    assert "there is no folder" in second
