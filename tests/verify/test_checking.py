"""Exchanges that somebody else made are judged: one of a library, and recordings."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

import contracts
from contracts import sandbox
from contracts.cli import main
from contracts.interop.exchanges import request_of
from tests.helpers.serving import App, conforming, faulty

URL = "https://sandbox.example/v2/orders"
HEADERS = {"Authorization": f"Bearer {sandbox.TOKEN}"}


def exchange(app: App, url: str = URL, body: Any = None) -> httpx.Response:
    """Return what a client of its own got from a sandbox below a base path."""
    sent = httpx.URL(url)
    with httpx.Client(transport=httpx.WSGITransport(app=app)) as client:
        request = client.build_request(
            "POST", sent, json={"amount": 1200} if body is None else body, headers=HEADERS
        )
        plain = client.build_request(
            "POST", sent.copy_with(path="/orders"), content=request.content, headers=request.headers
        )
        answer = client.send(plain)
    answer.request = request
    return answer


def archive(answers: list[httpx.Response], **content: Any) -> str:
    """Return exchanges as a HAR file."""

    def pairs(headers: httpx.Headers) -> list[dict[str, str]]:
        return [{"name": name, "value": value} for name, value in headers.items()]

    entries = [
        {
            "request": {
                "method": answer.request.method,
                "url": str(answer.request.url),
                "headers": pairs(answer.request.headers),
                "postData": {
                    "mimeType": "application/json",
                    "text": answer.request.content.decode(),
                },
            },
            "response": {
                "status": answer.status_code,
                "headers": pairs(answer.headers),
                "content": {"size": len(answer.content), "text": answer.text, **content},
            },
        }
        for answer in answers
    ]
    return json.dumps({"log": {"version": "1.2", "entries": entries}})


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., tuple[int, dict[str, Any]]]:
    """Return a function that calls ``contracts check`` with a HAR's text."""

    def call(text: str, *arguments: str) -> tuple[int, dict[str, Any]]:
        traffic, out = tmp_path / "traffic.har", tmp_path / "report.json"
        traffic.write_text(text, encoding="utf-8")
        status = main.run(["check", str(traffic), *arguments, "--json", str(out)])
        return status, json.loads(out.read_text()) if out.exists() else {}

    return call


def test_one_exchange_of_a_library_is_judged() -> None:
    """A conforming answer breaks nothing; a broken one is a finding with its clause and place."""
    answer = exchange(conforming("kohort"))
    assert contracts.check("kohort", answer.request, answer) == ()
    answer = exchange(faulty("kohort", "amount-in-euros"))
    (finding,) = contracts.check(contracts.load("kohort"), answer.request, answer)
    assert (finding.clause.id, finding.place) == ("relation.amount.echo", "/amount")


def test_an_exchange_of_no_operation_is_wrong_use() -> None:
    """The message names those that there are."""
    answer = exchange(conforming("kohort"), "https://sandbox.example/else")
    with pytest.raises(contracts.UsageError, match=r"POST https://sandbox\.example/else is none"):
        contracts.check("kohort", answer.request, answer)


@pytest.mark.parametrize(
    ("fault", "status", "clauses"),
    [(None, 0, []), ("amount-in-euros", 1, ["relation.amount.echo"])],
)
def test_a_recording_is_judged_as_verify_would(
    check: Callable[..., tuple[int, dict[str, Any]]],
    capsys: pytest.CaptureFixture[str],
    fault: str | None,
    status: int,
    clauses: list[str],
) -> None:
    """The exit status is that of verify; the base path is found, the token is not shown."""
    app = faulty("kohort", fault) if fault else conforming("kohort")
    refused = exchange(app, body={"amount": "ten"})
    assert refused.status_code == 400
    done, report = check(archive([exchange(app), refused]))
    (run,) = report["runs"]
    assert (done, [cause["clauses"] for cause in run["causes"]]) == (
        status,
        [[clause] for clause in clauses],
    )
    assert (run["target"], run["requests"]) == ("https://sandbox.example/v2", 2)
    assert sandbox.TOKEN not in json.dumps(report) + "".join(capsys.readouterr())


def test_what_cannot_be_judged_is_named(
    check: Callable[..., tuple[int, dict[str, Any]]], capsys: pytest.CaptureFixture[str]
) -> None:
    """An exchange of no operation, and one whose body was cut, are left out."""
    answer = exchange(conforming("kohort"))
    other = exchange(conforming("kohort"), "https://sandbox.example/else")
    assert check(archive([answer, other]), "kohort")[0] == 0
    assert "left out: POST https://sandbox.example/else: no operation" in capsys.readouterr().err
    assert check(archive([answer], size=10**6), "kohort")[0] == 2
    assert "the body was not recorded whole" not in capsys.readouterr().out


@pytest.mark.parametrize("text", ["{}", "[]", '{"log": {"entries": [{}]}}', "no JSON"])
def test_a_file_that_is_no_har_is_one_line(
    text: str, check: Callable[..., tuple[int, dict[str, Any]]], capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 2, with the file's name."""
    assert check(text)[0] == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "traffic.har is no " in line


def test_a_recorded_request_has_its_query() -> None:
    """By which what a list was asked for is judged."""
    request = request_of("GET", "/orders?take=2&orderBy=createdAt%3Aasc&search=", (), None, {})
    assert request.query == {"take": "2", "orderBy": "createdAt:asc", "search": ""}
