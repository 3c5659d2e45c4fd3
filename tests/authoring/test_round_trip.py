"""A contract as OpenAPI, and the contract that is started from that document."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from contracts.authoring.inputs import pages_of_api
from contracts.authoring.start import start_api
from contracts.cli import main
from contracts.definition import catalogue, loading
from contracts.interop import openapi
from contracts.model import Clause, Contract, Kind

PAGES = sorted(Path(__file__).parents[2].glob("docs/examples/library/pages/*"))
NOT_OF_THE_SCHEMA = ("title", "description", "examples", "$schema")


# of an operation; its variables have the name of their own API
PARTS = (
    "name", "method", "success", "header", "credential", "answers", "production_hosts", "linked",
    "base_path",
    "query",
)  # fmt: skip
MEDIA_TYPE = "protocol.media_type"  # has one in OpenAPI, which has to name it


def started_from(
    document: dict[str, Any], monkeypatch: pytest.MonkeyPatch, folder: Path
) -> tuple[Contract, ...]:
    """Run ``contracts openapi NAME | contracts new back -``, and load what was started."""
    text = json.dumps(document, indent=2, ensure_ascii=False)
    stdin = SimpleNamespace(buffer=io.BytesIO(text.encode()))
    monkeypatch.setattr("sys.stdin", stdin)
    assert main.run(["new", "back", "-", "--out", str(folder)]) == 0
    return loading.load_all(str(folder / "back"))


def stated(value: Any) -> Any:
    """Return a schema without annotations."""
    if isinstance(value, list):
        return [stated(item) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {
        name: part
        for name, part in value.items()
        if not name.startswith("x-") and name not in NOT_OF_THE_SCHEMA
    }
    members = value.get("properties", {})
    named = {"properties": {name: stated(part) for name, part in members.items()}}
    return {name: stated(part) for name, part in kept.items()} | (named if members else {})


def asked(clause: Clause) -> bool:
    """Whether an OpenAPI document can state a clause: no relations, nothing about other tenants."""
    kinds = (Kind.KEYWORD, Kind.REFUSAL, Kind.PROTOCOL, Kind.ROBUSTNESS)
    return clause.kind in kinds and not clause.id.startswith("address.")


def facts(contract: Contract) -> dict[str, Any]:
    """Return what a contract says, but for its sources and what OpenAPI has no words for."""
    operation = contract.operation
    return {
        **{part: getattr(operation, part) for part in PARTS},
        "path": operation.path.partition("?")[0],
        "parameters": set(operation.parameters),
        "request": stated(contract.request),
        "response": stated(contract.response),
        "links": set(contract.links),
        "clauses": {
            one.id: one.statement for one in contract.clauses if asked(one) and one.id != MEDIA_TYPE
        },
    }


def assert_all_come_back(
    shipped: Sequence[Contract], monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    """Check that the document of an API is the one of the same operations."""
    back = {
        one.operation.name: facts(one)
        for one in started_from(openapi.whole(shipped[0]), monkeypatch, folder)
    }
    expected = {one.operation.name: facts(one) for one in shipped}
    assert back.keys() == expected.keys()
    for name, contract in expected.items():
        assert back[name] == contract, name


@pytest.mark.parametrize("name", catalogue.shipped())
def test_an_api_comes_back_from_its_own_openapi(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """``contracts openapi API | contracts new back -`` is the same contract, but for sources."""
    assert_all_come_back(loading.load_all(name), monkeypatch, tmp_path)


def test_an_api_that_was_started_from_pages_comes_back(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The library of the examples as well, of which OpenAPI has other operations."""
    _, folder, *_ = start_api("library", pages_of_api(PAGES), tmp_path / "apis")
    assert_all_come_back(loading.load_all(str(folder)), monkeypatch, tmp_path)


@pytest.mark.parametrize("name", catalogue.shipped_operations())
def test_a_contract_comes_back_from_its_own_openapi(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The document of one operation has no links and its own name, and is the same else."""
    shipped = loading.load(name)
    (back,) = started_from(openapi.document(shipped), monkeypatch, tmp_path)
    alone = {"name": back.operation.name, "links": set(), "linked": back.operation.linked}
    alone["parameters"] = set(back.operation.parameters)
    assert facts(back) == facts(shipped) | alone
