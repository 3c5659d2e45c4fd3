"""The generic sandbox: for any API of several operations it keeps what the contract says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from contracts.cli import main
from contracts.definition import loading
from contracts.faults import catalogue, embedded, server
from contracts.model import Contract
from contracts.sandbox import generic
from contracts.sandbox.described import FORMATS
from contracts.sandbox.invention import Inventor
from contracts.sandbox.relations import nearest_home
from tests.helpers.serving import served, verify

LIBRARY = Path(__file__).parents[2] / "docs" / "examples" / "library" / "pages"
TOKEN = {"Authorization": "Bearer sandbox-token"}


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Contract:
    """Start the library's contract in a folder of its own, with the sandbox's credentials."""
    monkeypatch.chdir(tmp_path)
    assert main.run(["new", "library", str(LIBRARY)]) == 0
    contract = loading.load("library")
    for name, value in embedded.environment(contract).items():
        monkeypatch.setenv(name, value)
    return contract


def test_a_contract_that_was_just_started_gets_a_go(tmp_path: Path, library: Contract) -> None:
    """Five operations with links: nothing is violated, nothing is undecided."""
    with served(embedded.create_app(library)) as url:
        status, report = verify(tmp_path, "library", "--target", f"library={url}", "--fuzz", "0")
    assert (status, report["outcome"]) == (0, "pass")
    outcomes = {each["outcome"] for run in report["runs"] for each in run["clauses"]}
    assert outcomes <= {"held", "not exercised"}


def test_what_was_created_is_read_and_listed_and_others_see_nothing(library: Contract) -> None:
    """The newest first, by the id that was handed out; another tenant gets 404 and empty lists."""
    other = {"Authorization": "Bearer sandbox-token-of-another"}
    app = embedded.create_app(library)
    with served(app) as url, httpx.Client(base_url=url, headers=TOKEN) as client:
        first, second = (
            client.post("/loans", json={"title": title, "days": 7}).json() for title in "ab"
        )
        assert first["id"] != second["id"]
        assert client.get(f"/loans/{first['id']}").json() == first
        listed = client.get("/loans").json()
        assert [each["title"] for each in listed["data"]] == ["b", "a"]
        assert listed["count"] == 2
        assert client.get("/loans/nobody").status_code == 404
        assert client.get(f"/loans/{first['id']}", headers=other).status_code == 404
        assert client.get("/loans", headers=other).json()["data"] == []
        assert client.get("/loans", headers={"Authorization": "Basic x"}).status_code == 401


def test_what_breaks_the_page_is_refused_and_not_kept(library: Contract) -> None:
    """400, and no list has it."""
    with served(embedded.create_app(library)) as url:
        refused = httpx.post(f"{url}/loans", json={"title": "a", "days": "7"}, headers=TOKEN)
        listed = httpx.get(f"{url}/loans", headers=TOKEN).json()
    assert refused.status_code == 400
    assert listed["data"] == []


@pytest.mark.parametrize(
    ("lacks", "clause"),
    [
        ("changes", "relation.created.reads_back"),
        ("unknown", "address.unknown_loan"),
        ("new_id", "relation.id.unique"),
    ],
)
def test_a_server_that_lacks_something_is_found_out(
    tmp_path: Path, library: Contract, lacks: str, clause: str
) -> None:
    """What it leaves out breaks the clause that says so."""
    operation = "create-loan" if lacks == "new_id" else "get-loan"
    with served(embedded.create_app(library, frozenset({lacks}))) as url:
        arguments = (f"library/{operation}", "--target", f"library={url}", "--fuzz", "0")
        _, report = verify(tmp_path, *arguments, "--fail-on", "convention")
    found = {each["id"]: each["outcome"] for each in report["runs"][0]["clauses"]}
    assert found[clause] == "violated"


def test_faults_of_schemas_are_seeded_into_it(library: Contract) -> None:
    """A keyword of one's own contract can be broken as those of the shipped ones are."""
    answers = []
    for name, days in (("response.days.type", 7), ("request.days.type", "7")):
        with served(server.create_app(library, catalogue.find(library, name))) as url:
            sent = {"title": "a", "days": days}
            answers.append(httpx.post(f"{url}/loans", json=sent, headers=TOKEN))
    assert answers[0].json()["days"] == "text"
    assert [answer.status_code for answer in answers] == [201, 201]


def described(name: str, method: str, path: str, **more: Any) -> dict[str, Any]:
    """Return an operation of a small shop, as the generic sandbox is told of it."""
    item = {"type": "object", "properties": {"id": {"type": "string"}, "size": {"enum": [1, 2]}}}
    plain: dict[str, Any] = {
        "name": name,
        "method": method,
        "path": path,
        "success": None,
        "created": None,
    }
    plain |= {"media_type": None, "answers": True, "header": "X-Key", "credential": "{token}"}
    plain |= {"permission": None, "body_required": True, "request": None, "response": item}
    return {**plain, "relations": [], **more}


def test_things_are_changed_and_deleted() -> None:
    """PUT changes what is read from then on, after DELETE nothing is there; keys in any header."""
    body = {"type": "object", "required": ["size"], "properties": {"code": {"x-unique": True}}}
    product = {"op": "product", "of": ["/a", "/b"], "equals": "/sum"}
    numbers = {name: {"type": "number", "minimum": 3} for name in ("a", "b", "sum")}
    shown = described("get", "GET", "/things/{id}")
    response = {**shown["response"], "properties": {**shown["response"]["properties"], **numbers}}
    operations = [
        described(
            "create",
            "POST",
            "/things",
            created="/id",
            request=body,
            response=response,
            relations=[product],
        ),
        shown,
        described("put", "PUT", "/things/{id}", request=body),
        described("delete", "DELETE", "/things/{id}", answers=False),
    ]
    link = {"source": "create", "pointer": "/id", "place": "path", "name": "id"}
    links = [{**link, "target": name} for name in ("get", "put", "delete")]
    app = generic.create_app({"operations": operations, "links": links, "values": {}})
    key = {"X-Key": "sandbox-token"}
    with served(app) as url, httpx.Client(base_url=url, headers=key) as client:
        made = client.post("/things", json={"size": 2, "code": "c"})
        assert (made.status_code, made.json()["size"], made.json()["sum"]) == (201, 2, 9)
        assert client.post("/things", json={"size": 2, "code": "c"}).status_code == 409
        place = f"/things/{made.json()['id']}"
        assert client.get(place).json() == {"id": made.json()["id"], "size": 2}
        assert client.put(place, json={"size": 1}).json()["size"] == 1
        assert client.get(place).json()["size"] == 1
        assert client.delete(place).status_code == 204
        assert client.get(place).status_code == 404
        assert client.get(place, headers={"X-Key": "no"}).status_code == 401


def test_invented_values_fit_their_schemas() -> None:
    """Patterns, formats, bounds, alternatives and schemas that refer to themselves."""
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {
            "id": {"type": "string", "pattern": "^crt_[a-z0-9]{8}$"},
            "at": {"type": "string", "format": "date-time"},
            "short": {"type": "string", "maxLength": 2},
            "long": {"type": "string", "minLength": 20},
            "many": {"type": "array", "minItems": 3, "items": {"type": "integer", "minimum": 5}},
            "step": {"type": "number", "multipleOf": 0.5, "exclusiveMinimum": 2},
            "either": {"anyOf": [{"type": "null"}, {"const": "x"}]},
            "self": {"oneOf": [{"$ref": "#"}, {"type": "null"}]},
        },
        "required": ["id", "at", "short", "long", "many", "step", "either", "described nowhere"],
    }
    inventor = Inventor(schema)
    first, second = inventor.value(schema), inventor.value(schema)
    for value in (first, second):
        Draft202012Validator(schema, format_checker=FORMATS).validate(value)
    assert first["id"] != second["id"]
    assert first["long"] == second["long"]


def test_what_was_sent_is_found_where_it_was_sent() -> None:
    """Also where it is nested as in the answer, above the object that has the id."""
    answer = {"data": {"id": 1, "attributes": {"name": ""}}}
    assert nearest_home(answer, {"data": {"attributes": {"name": "Blue"}}}, "/data") == ""
    assert nearest_home(answer, {"attributes": {"name": "Blue"}}, "/data") == "/data"
