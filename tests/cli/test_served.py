"""Sandboxes over HTTP.

The same clauses and outcomes as embedded, and every seeded fault is named.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import pytest

from contracts.cli import main
from contracts.definition import catalogue, loading
from contracts.faults.catalogue import Fault
from tests.helpers.nightly import nightly_after
from tests.helpers.serving import (
    App,
    Counting,
    below,
    conforming,
    faulty,
    findings_of,
    outcomes,
    served,
    verify,
)

pytestmark = pytest.mark.usefixtures("_credentials")
APIS = catalogue.available()
TOKEN = "sandbox-token"


@functools.cache
def embedded(api: str) -> tuple[tuple[str, str], ...]:
    """Give the outcomes of a run over the embedded sandbox."""
    contract = loading.load(api)
    return tuple((clause.id, "held") for clause in contract.clauses)


def verified(
    folder: Path, api: str, app: App, *options: str, path: str = ""
) -> tuple[int, dict[str, Any]]:
    """Serve an application and verify it."""
    with served(app, path) as url:
        return verify(
            folder, f"{api}/create-order", "--target", f"{api}={url}", "--fuzz", "0", *options
        )


@pytest.mark.parametrize("api", APIS)
def test_a_served_sandbox_has_the_same_outcomes(tmp_path: Path, api: str) -> None:
    """Over a socket nothing changes, but for the name of the target."""
    status, report = verified(tmp_path, api, conforming(api))
    assert (status, report["outcome"]) == (0, "pass")
    assert tuple(outcomes(report).items()) == embedded(api)
    assert report["runs"][0]["target"].startswith("http://127.0.0.1:")


@pytest.mark.parametrize("api", nightly_after(1, reversed(APIS)))
def test_a_sandbox_behind_a_base_path_has_the_same_outcomes(tmp_path: Path, api: str) -> None:
    """The path of the target comes before the operation's."""
    status, report = verified(tmp_path, api, below("/some/v2", conforming(api)), path="/some/v2/")
    assert status == 0
    assert tuple(outcomes(report).items()) == embedded(api)


@pytest.mark.nightly
@pytest.mark.parametrize("api", APIS)
def test_eight_at_once_over_http_have_the_same_outcomes(tmp_path: Path, api: str) -> None:
    """Concurrency changes the time, not the verdict."""
    status, report = verified(tmp_path, api, conforming(api), "--concurrency", "8")
    assert status == 0
    assert tuple(outcomes(report).items()) == embedded(api)


# fault (of faults.toml, or of the test's own), the clause that has to be named, its place, what it
# got
FAULTS: list[tuple[str, str | Fault, str, str, str | None]] = [
    (
        "kohort",
        Fault("no-risk", "", response=({"op": "drop", "at": "/riskLevel"},)),
        "response.riskLevel.required",
        "/riskLevel",
        "absent",
    ),
    (
        "kohort",
        Fault("euros", "", response=({"op": "scale", "at": "/amount", "by": 0.01},)),
        "relation.amount.echo",
        "/amount",
        None,
    ),
    ("kohort", Fault("200", "", status=200), "protocol.status", "", "200"),
    (
        "kohort",
        Fault("no-token", "", takes_authorization="(?s).*"),
        "authorization.absent",
        "",
        "201",
    ),
    ("kohort", "locale-always-fr", "relation.locale.echo", "/locale", '"fr_FR"'),
    (
        "komerza",
        Fault("total", "", response=({"op": "add", "at": "/data/items/*/lineTotal", "by": 1},)),
        "relation.data.items.lineTotal",
        "/data/items/0/lineTotal",
        None,
    ),
    (
        "komerza",
        Fault("no-token", "", takes_authorization="(?s).*"),
        "authorization.absent",
        "",
        "200",
    ),
]


@pytest.mark.parametrize(
    ("api", "fault", "clause", "place", "got"),
    nightly_after(1, FAULTS),
    ids=lambda part: getattr(part, "id", None),
)
def test_a_faulty_sandbox_fails_and_is_told_why(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    *,
    api: str,
    fault: str | Fault,
    clause: str,
    place: str,
    got: str | None,
) -> None:
    """Exit status 1, and the finding names the clause, the lines of the page and the value."""
    status, report = verified(tmp_path, api, faulty(api, fault))
    out = capsys.readouterr().out
    assert (status, report["outcome"], outcomes(report)[clause]) == (1, "fail", "violated")
    finding, *_ = findings_of(report, [clause])
    known = loading.load(api).clause(clause)
    assert finding["place"] == place
    assert got is None or finding["got"] == got
    assert known.source.lines is not None
    assert finding["source"]["lines"] == list(known.source.lines)
    assert finding["minimised"]
    assert f"violated: {clause}" in out
    assert str(known.source) in " ".join(out.split())  # long lines break at words
    assert TOKEN not in str(report)


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("fault", "violated"),
    [
        (
            Fault("no-risk", "", response=({"op": "drop", "at": "/riskLevel"},)),
            {"response.riskLevel.required"},
        ),
        (Fault("200", "", status=200), {"protocol.status"}),
    ],
)
def test_one_fault_is_one_violated_clause(tmp_path: Path, fault: Fault, violated: set[str]) -> None:
    """No avalanche: the other clauses hold."""
    _, report = verified(tmp_path, "kohort", faulty("kohort", fault))
    found = outcomes(report)
    assert {clause for clause, outcome in found.items() if outcome == "violated"} == violated
    assert "undecided" not in found.values()


def test_a_finding_is_made_small(tmp_path: Path) -> None:
    """Of the amount that comes back wrong nothing but the amount is left."""
    fault = Fault("euros", "", response=({"op": "scale", "at": "/amount", "by": 0.01},))
    _, report = verified(tmp_path, "kohort", faulty("kohort", fault))
    (finding,) = findings_of(report, ["relation.amount.echo"])
    assert finding["request"]["body"] == '{"amount":30028}'
    assert float(finding["got"]) == pytest.approx(300.28)


CONFORMING: list[tuple[str, Fault]] = [
    ("komerza", Fault("201", "", status=201)),
    (
        "komerza",
        Fault(
            "more",
            "",
            response=(
                {"op": "set", "at": "/data/unheardOf", "value": {"a": [1]}},
                {"op": "set", "at": "/unheardOf", "value": 1},
            ),
        ),
    ),
    (
        "komerza",
        Fault(
            "null",
            "",
            response=tuple(
                {"op": "null", "at": f"/data/{name}"}
                for name in (
                    "coupon",
                    "affiliateDiscount",
                    "chargeback",
                    "deliveredItems",
                    "items",
                    "status",
                )
            ),
        ),
    ),
    (
        "komerza",
        Fault(
            "lacks",
            "",
            response=(
                {"op": "drop", "at": "/data/gatewayMetadata"},
                {"op": "drop", "at": "/message"},
            ),
        ),
    ),
    (
        "kohort",
        Fault("more", "", response=({"op": "set", "at": "/unheardOf", "value": {"a": [1]}},)),
    ),
    ("kohort", Fault("charset", "", headers={"Content-Type": "application/json; charset=utf-8"})),
]


@pytest.mark.nightly
@pytest.mark.parametrize(("api", "variant"), CONFORMING, ids=lambda part: getattr(part, "id", None))
def test_a_conforming_variant_is_not_accused(tmp_path: Path, api: str, variant: Fault) -> None:
    """What the page leaves open is no finding."""
    status, report = verified(tmp_path, api, faulty(api, variant))
    assert status == 0
    assert not [
        clause
        for clause, outcome in outcomes(report).items()
        if outcome in ("violated", "undecided")
    ]


def test_a_sandbox_that_refuses_everything_is_told_in_one_finding(tmp_path: Path) -> None:
    """The root cause with the server's own words; a few requests are enough to know."""

    def refuses(environ: dict[str, Any], start: Any) -> list[bytes]:
        environ["wsgi.input"].read()
        start("400 Bad Request", [("Content-Type", "application/json")])
        return [b'{"message":"The minimum purchase value is 3000"}']

    app = Counting(refuses)
    status, report = verified(tmp_path, "kohort", app)
    assert status == 1
    (finding,) = report["runs"][0]["findings"]
    assert finding["clause"] == "request.typical"
    assert finding["got"] == '400 "The minimum purchase value is 3000"'
    assert outcomes(report)["response.id.type"] == "undecided"
    assert app.requests == report["runs"][0]["requests"] <= 30


def test_refused_credentials_are_no_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit status 3 after two requests, and the report names the variable but not the token."""
    monkeypatch.setenv("KOHORT_TOKEN", "a-token-of-yesterday")
    app = Counting(conforming("kohort"))
    status, report = verified(tmp_path, "kohort", app)
    assert (status, report["outcome"]) == (3, "aborted")
    assert "KOHORT_TOKEN" in report["reason"]
    assert "a-token-of-yesterday" not in str(report)
    assert app.requests == 2


def test_live_mode_is_no_verdict(tmp_path: Path) -> None:
    """Exit status 3 after one request."""
    app = Counting(
        faulty(
            "kohort", Fault("live", "", response=({"op": "set", "at": "/livemode", "value": True},))
        )
    )
    status, report = verified(tmp_path, "kohort", app)
    assert (status, report["outcome"]) == (3, "aborted")
    assert "livemode" in report["reason"]
    assert app.requests == 1


def test_the_token_is_in_no_output_even_if_the_server_echoes_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither in the report nor on the terminal."""
    secret = "tok/en+with=odd characters"
    monkeypatch.setenv("KOHORT_TOKEN", secret)

    def echoes(environ: dict[str, Any], start: Any) -> list[bytes]:
        environ["wsgi.input"].read()
        header = environ.get("HTTP_AUTHORIZATION", "")
        start("400 Bad Request", [("Content-Type", "text/plain"), ("X-Echo", header)])
        return [f"no: {header}".encode()]

    _, report = verified(tmp_path, "kohort", echoes)
    out, err = capsys.readouterr()
    assert "[redacted]" in str(report)
    assert secret not in str(report) + out + err


def test_missing_further_credentials_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clause that needs a credential which is not there is not exercised.

    And says which variable would do it.
    """
    monkeypatch.delenv("KOMERZA_TOKEN_WITHOUT_PERMISSION")
    monkeypatch.delenv("KOMERZA_FOREIGN_STORE")
    status, report = verified(tmp_path, "komerza", conforming("komerza"))
    assert status == 0
    left = {
        clause["id"]: clause["why"]
        for clause in report["runs"][0]["clauses"]
        if clause["outcome"] != "held"
    }
    assert left == {
        "authorization.permission": "set KOMERZA_TOKEN_WITHOUT_PERMISSION to exercise it",
        "address.foreign_store": "set KOMERZA_FOREIGN_STORE to exercise it",
    }


def test_a_target_for_one_api_verifies_that_api_alone(tmp_path: Path) -> None:
    """Without naming it again."""
    with served(conforming("komerza")) as url:
        status, report = verify(tmp_path, "--target", f"komerza={url}", "--fuzz", "0")
    assert (status, {run["api"] for run in report["runs"]}) == (0, {"komerza"})


def test_the_plan_of_a_served_sandbox_sends_nothing() -> None:
    """Not a single request."""
    app = Counting(conforming("kohort"))
    with served(app) as url:
        assert main.run(["verify", "--plan", "--target", f"kohort={url}"]) == 0
    assert app.requests == 0
