"""A contract as OpenAPI, and the contract that is started from that document."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from contracts.cli import main
from contracts.definition import catalogue, loading
from contracts.interop import openapi
from contracts.model import Clause, Contract, Kind

NOT_OF_THE_SCHEMA = ("title", "description", "examples", "$schema")


def started_from(name: str, monkeypatch: pytest.MonkeyPatch, folder: Path) -> Contract:
    """Run ``contracts openapi NAME | contracts new back -``, and load what was started."""
    text = json.dumps(openapi.document(loading.load(name)), indent=2, ensure_ascii=False)
    stdin = SimpleNamespace(buffer=io.BytesIO(text.encode()))
    monkeypatch.setattr("sys.stdin", stdin)
    assert main.run(["new", "back", "-", "--out", str(folder)]) == 0
    return loading.load_folder(folder / "back")


@pytest.mark.parametrize("name", catalogue.shipped())
def test_an_api_comes_back_with_all_its_operations_and_links(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """``contracts openapi API | contracts new back -`` gives operations of the same names."""
    assert main.run(["openapi", name]) == 0
    stdin = SimpleNamespace(buffer=io.BytesIO(capsys.readouterr().out.encode()))
    monkeypatch.setattr("sys.stdin", stdin)
    assert main.run(["new", "back", "-", "--out", str(tmp_path)]) == 0
    shipped = loading.load_all(name)
    back = loading.load_all(str(tmp_path / "back"))
    assert {one.operation.name for one in back} == {one.operation.name for one in shipped}
    assert set(back[0].links) == set(shipped[0].links)
    responses = {one.operation.name: stated(one.response) for one in back}
    assert responses == {one.operation.name: stated(one.response) for one in shipped}


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


@pytest.mark.parametrize("name", catalogue.shipped_operations())
def test_a_contract_comes_back_from_its_own_openapi(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Both schemas, the operation and the clauses are those of the shipped one, but for sources."""
    shipped, back = loading.load(name), started_from(name, monkeypatch, tmp_path)
    assert stated(back.request) == stated(shipped.request)
    assert stated(back.response) == stated(shipped.response)
    ours, theirs = shipped.operation, back.operation
    for part in ("method", "success", "header", "credential", "answers", "production_hosts"):
        assert getattr(theirs, part) == getattr(ours, part), part
    assert theirs.path.partition("?")[0] == ours.path.partition("?")[0]
    clauses = {clause.id: clause.statement for clause in back.clauses if asked(clause)}
    expected = {clause.id: clause.statement for clause in shipped.clauses if asked(clause)}
    expected["protocol.media_type"] = clauses["protocol.media_type"]  # OpenAPI has to name one
    assert clauses == expected
