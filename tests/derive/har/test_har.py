"""HAR: recorded calls grouped into operations, with what their samples show."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from contracts.derive import har
from contracts.derive.model import Derived, Json, Node, schema
from contracts.errors import UsageError

HERE = Path(__file__).parent


def read() -> dict[str, Derived]:
    """Return the operations of the recording beside this file by their method and path."""
    records = har.read((HERE / "crates.har").read_bytes(), "crates.har")
    return {f"{facts(record)['method']} {facts(record)['path']}": record for record in records}


def facts(record: Derived) -> dict[str, Json]:
    """Return the facts of an operation without their lines."""
    return {fact.keyword: fact.value for fact in record.operation}


def members(node: Node | None) -> dict[str, Any]:
    """Return the members of a node with their types."""
    assert node is not None
    return {name: child.value("type") for name, child in node.properties}


CREATE = "POST /v2/yards/{id}/crates"


def test_calls_are_grouped_by_method_and_template() -> None:
    """Numbers, UUIDs and what differs from call to call are parameters.

    Scripts of the page are no operation.
    """
    assert list(read()) == [
        CREATE,
        "GET /v2/crates/{id}",
        "PUT /v2/yards/{yardId}/crates/{crateId}",
    ]


def test_bodies_are_samples() -> None:
    """What bodies that were not refused show is learned; answers are told apart by their status."""
    record = read()[CREATE]
    assert members(record.request) == {"kind": "string", "weight": "number"}
    assert members(record.response) == {"id": "string"}
    assert facts(record)["success_status"] == 201
    (refusal,) = record.refusals
    assert refusal.status == 400
    assert members(refusal.body) == {"message": "string"}


def test_a_refused_body_is_no_example() -> None:
    """Only bodies that were taken are examples of a request, and learned from it all is a guess."""
    record = read()[CREATE]
    assert record.request is not None
    assert record.request.value("x-examples") == [{"kind": "box", "weight": 2.5}]
    assert record.request.value("x-guessed") is True


def test_credentials_and_headers_are_told_apart() -> None:
    """The credential is no parameter, headers of the browser neither.

    A header of some calls is optional.
    """
    record = read()[CREATE]
    assert facts(record)["server"] == "https://crates.example"
    assert facts(record)["authorization"] == {
        "in": "header",
        "name": "Authorization",
        "scheme": "Bearer",
    }
    listed = facts(record)["parameters"]
    assert isinstance(listed, list)
    rows = [(row["in"], row["name"], row["required"]) for row in listed if isinstance(row, dict)]
    assert rows == [("path", "id", True), ("query", "dry", False), ("header", "X-Yard", False)]


def test_a_call_without_an_answer_is_still_an_operation() -> None:
    """A request that was stopped has no answer, and a form is noted as not read."""
    record = read()["PUT /v2/yards/{yardId}/crates/{crateId}"]
    assert record.response is None
    assert facts(record)["media_type"] == "application/x-www-form-urlencoded"
    notes = [note.text for note in record.notes]
    assert "the body is not read: it is not JSON (application/x-www-form-urlencoded)" in notes
    assert "no answer was saved: what a success looks like is not known" in notes


def test_no_value_of_a_credential_is_kept() -> None:
    """Neither facts nor schemas hold what a credential was."""
    for record in read().values():
        nodes = [schema(node) for node in (record.request, record.response) if node is not None]
        assert "abc" not in json.dumps([facts(record), nodes])


def test_facts_have_the_lines_of_the_file() -> None:
    """The address of an operation stands on the line that its fact names."""
    lines = (HERE / "crates.har").read_text(encoding="utf-8").splitlines()
    for operation, record in read().items():
        span = next(fact.span for fact in record.operation if fact.keyword == "path")
        assert operation.split("/")[2] in lines[span.first - 1]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"log": {}}, "is no HAR: it has no log with entries"),
        ({"log": {"entries": []}}, "is a HAR in which nothing sends or answers JSON"),
        ({"item": []}, "is no HAR"),
    ],
)
def test_what_is_no_recording_is_refused_by_name(value: Json, message: str) -> None:
    """The refusal says what is missing."""
    with pytest.raises(UsageError, match=re.escape(message)):
        har.read(json.dumps(value).encode(), "crates.har")


def test_a_number_in_front_of_a_path_is_a_version() -> None:
    """``/2/files`` and ``/1.0/files`` name versions; a number behind a noun is an id."""
    paths = {
        "/2/files/create": "/2/files/create",
        "/1.0/tasks/17": "/1.0/tasks/{id}",
        "/orders/17/lines": "/orders/{id}/lines",
        "/v2/orders/17": "/v2/orders/{id}",
    }
    for path, expected in paths.items():
        entry = {
            "request": {"method": "GET", "url": f"https://api.crates.example{path}", "headers": []},
            "response": {
                "status": 200,
                "content": {"mimeType": "application/json", "text": '{"size": 1}'},
            },
        }
        log = json.dumps({"log": {"entries": [entry]}}).encode()
        (record,) = har.read(log, "log.har")
        assert facts(record)["path"] == expected
