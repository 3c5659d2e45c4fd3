"""Runs against a sandbox with needs of its own.

Targets files, preconditions, waivers, drift, interruption.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from contracts.cli import main
from contracts.definition import loading
from contracts.faults import catalogue
from contracts.faults.catalogue import Fault
from contracts.proof import prove
from contracts.reports import reading
from tests.helpers.nightly import nightly_after
from tests.helpers.serving import ENVIRONMENT, Counting, conforming, faulty, served

AMOUNTS = Fault("", "", schema=({"at": "/properties/amount", "set": "minimum", "value": 3000},))
KOHORT, KOMERZA = "kohort/create-order", "komerza/create-order"
NEEDS_BODY = {"type": "object", "required": ["gateway"]}


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the credentials of the embedded sandbox into the environment."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


def verify(path: Path, *arguments: str) -> tuple[int, Any]:
    """Run ``contracts verify``; give the exit status and the report."""
    status = main.run(["verify", "--fuzz", "0", "--json", str(path / "report.json"), *arguments])
    return status, reading.read(path / "report.json")


def file(path: Path, name: str, text: str) -> str:
    """Write a file; give its path."""
    (path / name).write_text(text, encoding="utf-8")
    return str(path / name)


def test_a_minimum_purchase_is_one_finding_and_none_with_the_precondition(tmp_path: Path) -> None:
    """The finding carries the hint where to set it.

    The precondition narrows what is sent as valid.
    """
    with served(faulty("kohort", AMOUNTS)) as url:
        small = (KOHORT, "--budget", "150")
        status, report = verify(tmp_path, *small, "--target", f"kohort={url}")
        assert status == 1
        (finding,) = report["runs"][0]["findings"]
        assert finding["clause"] == "request.amount.accepted"
        assert "preconditions" in finding["hint"]
        assert json.loads(finding["request"]["body"])["amount"] < 3000
        entry = f'[s.kohort]\nurl = "{url}"\npreconditions = {{ amount = {{ minimum = 3000 }} }}\n'
        assert verify(tmp_path, *small, "--targets", file(tmp_path, "t.toml", entry))[0] == 0


def test_a_body_that_the_page_does_not_know_can_be_set(tmp_path: Path) -> None:
    """A Komerza that needs a body, and takes one, breaks no sentence: its page says nothing of it.

    The run is incomplete, and its last line has the setting that leads to a go.
    """
    # only this test makes a server with a schema of its own
    from contracts import sandbox  # noqa: PLC0415

    with served(sandbox.create_app("komerza", NEEDS_BODY)) as url:
        status, report = verify(tmp_path, KOMERZA, "--target", f"komerza={url}")
        assert (status, report["runs"][0]["findings"]) == (3, [])
        assert report["runs"][0]["requests"] < 20
        hint = report["reason"].partition("in the targets file: ")[2]
        table, _, line = hint.partition(" body = ")
        assert table == "[NAME.komerza]"
        for body in (line, '{ gateway = "stripe", note = "{fresh}" }'):
            entry = f'[s.komerza]\nurl = "{url}"\nbody = {body}\n'
            status, report = verify(tmp_path, KOMERZA, "--targets", file(tmp_path, "t.toml", entry))
            assert (status, report["runs"][0]["findings"]) == (0, [])


def test_a_sandbox_that_takes_nothing_is_one_finding_with_the_setting_of_a_body(
    tmp_path: Path,
) -> None:
    """It may as well ask for a body that nobody could guess."""
    # as above
    from contracts import sandbox  # noqa: PLC0415

    nothing = {**NEEDS_BODY, "properties": {"gateway": {"const": "of our own"}}}
    with served(sandbox.create_app("komerza", nothing)) as url:
        status, report = verify(tmp_path, KOMERZA, "--target", f"komerza={url}")
        assert status == 1
        (finding,) = report["runs"][0]["findings"]
        assert finding["clause"] == "request.typical"
        assert "in the targets file: [NAME.komerza] body = {" in finding["hint"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[s.kohort]\nurl = 'http://127.0.0.1:1'\ntimout = 3\n", "did you mean timeout"),
        ("[s.kohort]\nrate = 3\n", "url is missing"),
        ("[s.kohort]\nurl = 'http://127.0.0.1:1'\nrate = 0\n", "expected a number above 0"),
        ("[s.kohort]\nurl = 7\n", "expected a text in quotes"),
        ("kohort = 'x'\n", "unknown key 'kohort'"),
        ("", "no target"),
        (
            "[s.kohort]\nurl = 'http://127.0.0.1:1'\npreconditions = { amont = {} }\n",
            "no such member",
        ),
        (
            (
                "[s.kohort]\nurl = 'http://127.0.0.1:1'\npreconditions = { locale = { enum = "
                "['x'] } "
                "}\n"
            ),
            "no value",
        ),
        (
            "[s.kohort]\nurl = 'http://127.0.0.1:1'\npreconditions = { amount = { minium = 1 } }\n",
            "minium",
        ),
        ("[s.kohort]\nurl = 'http://127.0.0.1:1'\nbody = {}\n", "use preconditions"),
        (
            "[s.komerza]\nurl = 'http://127.0.0.1:1'\npreconditions = { a = {} }\n",
            "documents no members",
        ),
        ("[s.kohort]\nurl = 'http://127.0.0.1:1'\nheaders = { X = '$NOWHERE' }\n", "set NOWHERE"),
        ("[s.kohort]\nurl = 'https://127.0.0.1:1'\nca = 'nowhere.pem'\n", "files for TLS"),
        ("[", "t.toml: "),
    ],
)
def test_a_slip_in_a_targets_file_is_one_line_that_names_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, words: str
) -> None:
    """Exit status 2, nothing is sent, and the line names the file."""
    assert main.run(["verify", "--targets", file(tmp_path, "t.toml", text)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert words in line
    assert "t.toml" in line


def test_the_example_of_a_targets_file_is_read_and_not_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """``contracts init`` writes what ``--targets`` reads, once."""
    path = str(tmp_path / "t.toml")
    assert main.run(["init", path]) == 0
    assert main.run(["verify", "kohort", "--plan", "--targets", path, "--env", "staging"]) == 0
    assert main.run(["init", path]) == 2
    assert "exists" in capsys.readouterr().err


def test_settings_of_a_targets_file_reach_the_run(tmp_path: Path) -> None:
    """Budget, concurrency, rate, fixed parameters and headers are those of the entry."""
    with served(faulty("komerza", Fault("", ""))) as url:
        entry = f"""
            [s.komerza]
            url = "{url}/"
            budget = 12
            concurrency = 4
            rate = 500
            headers = {{ X-Team = "$KOMERZA_STORE" }}
            parameters = {{ storeId = "{ENVIRONMENT["KOMERZA_STORE"]}" }}
            foreign = {{ storeId = "{ENVIRONMENT["KOMERZA_FOREIGN_STORE"]}" }}
        """
        status, report = verify(tmp_path, KOMERZA, "--targets", file(tmp_path, "t.toml", entry))
    # so small a budget decides too little for a go
    assert (status, report["runs"][0]["requests"]) == (3, 12)


WAIVER = (
    '[[waivers]]\nclause = "protocol.status"\nreason = "known"\nowner = "ann"\n'
    "expires = 2999-01-01\n"
)


def test_a_waived_finding_is_shown_and_does_not_fail_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The report says who waived it, why and until when."""
    with served(faulty("kohort", "success-200")) as url:
        target = (KOHORT, "--budget", "100", "--target", f"kohort={url}")
        status, report = verify(tmp_path, *target, "--waivers", file(tmp_path, "w.toml", WAIVER))
    assert status == 0
    assert report["runs"][0]["findings"][0]["waived"] == {
        "reason": "known",
        "owner": "ann",
        "expires": "2999-01-01",
    }
    assert "until 2999-01-01 by ann: known" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (WAIVER, "no finding needs the waiver of protocol.status"),
        (WAIVER.replace("2999", "1999"), "expired on 1999-01-01; ask ann"),
        (WAIVER.replace('owner = "ann"', ""), "owner is missing"),
        (WAIVER + "plce = '/id'", "unknown key 'plce'"),
        (WAIVER.replace("2999-01-01", '"soon"'), "expected a date"),
        (WAIVER + "api = 'kohrt'", "w.toml: waiver 1: api: there is no contract named 'kohrt'"),
        (WAIVER + "api = 'kohort/get-ordr'", "1: api: kohort has no operation get-ordr; there are"),
        (WAIVER + "api = ['kohort', 'komerzy']", "api: there is no contract named 'komerzy'"),
        ("[", "w.toml: "),
    ],
)
def test_a_waiver_that_can_not_be_used_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, words: str
) -> None:
    """Unused, expired or malformed: exit status 2 and a line that says so."""
    arguments = ["verify", KOHORT, "--fuzz", "0", "--waivers", file(tmp_path, "w.toml", text)]
    assert main.run(arguments) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ('clause = "protocol.statsu"', "waiver 1: no clause fits 'protocol.statsu'; did you mean "),
        ('clause = ["protocol.status", "rseponse.*"]', "no clause fits 'rseponse.*'"),
        ('clause = "relation.list_holds"', "no clause fits 'relation.list_holds'"),
        ('clause = "response.shareId.required"\napi = "kohort/create-order"', "no clause fits"),
    ],
)
def test_a_waiver_that_fits_no_clause_is_told_before_anything_is_sent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], row: str, words: str
) -> None:
    """As any mistyped name; clauses of other operations of the API count where none is named."""
    waivers = file(tmp_path, "w.toml", WAIVER.replace('clause = "protocol.status"', row))
    with served(app := Counting(conforming("kohort"))) as url:
        arguments = [KOHORT, "--target", f"kohort={url}", "--waivers", waivers]
        assert main.run(["verify", *arguments]) == 2
    assert app.requests == 0
    assert words in capsys.readouterr().err


def test_drift_against_an_earlier_report_is_shown_and_can_fail(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Amounts that were taken and are refused now are no finding.

    But a release gate wants to know.
    """
    planned = (KOHORT, "--fuzz", "0")
    assert verify(tmp_path, *planned)[0] == 0
    before = str((tmp_path / "report.json").rename(tmp_path / "before.json"))
    with served(faulty("kohort", "strict-amounts")) as url:
        target = (*planned, "--target", f"kohort={url}", "--baseline", before)
        status, report = verify(tmp_path, *target)
        assert status == 0
        (drift,) = report["drift"]
        observed = next(o for o in drift["observations"] if o["id"].startswith("amount."))
        assert (observed["was"], observed["is"]) == ("accepted 201", "refused 400")
        words = f"{observed['id']}: was accepted 201, is refused 400"
        assert words in " ".join(capsys.readouterr().out.split())  # long lines break at words
        assert verify(tmp_path, *target, "--fail-on-drift")[0] == 1
    assert verify(tmp_path, *planned, "--baseline", before, "--fail-on-drift")[0] == 0


def test_a_baseline_that_is_none_is_wrong_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file of another kind is refused before anything is sent."""
    assert main.run(["verify", "kohort", "--baseline", file(tmp_path, "b.json", "{}")]) == 2
    assert "is no report of format" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("signals", "status"),
    nightly_after(
        2,
        [
            ([signal.SIGINT, signal.SIGINT], 130),
            ([signal.SIGTERM, signal.SIGINT], 143),
            ([signal.SIGINT], 130),
            ([signal.SIGTERM], 143),
        ],
    ),
)
def test_an_interrupted_run_writes_what_is_known(
    tmp_path: Path, signals: list[int], status: int
) -> None:
    """The report is marked as aborted, the exit status is that of the first signal.

    A second one in quick succession, from somebody who is impatient, changes neither.
    """
    path = tmp_path / "report.json"
    app = conforming("kohort")

    def slow(environ: Any, start_response: Any) -> Any:
        time.sleep(0.1)
        return app(environ, start_response)

    counting = Counting(slow)
    with served(counting) as url:
        command = [
            sys.executable,
            "-m",
            "contracts",
            "verify",
            "--target",
            f"kohort={url}",
            "--json",
            str(path),
        ]
        process = subprocess.Popen(  # noqa: S603
            command, env={**os.environ, **ENVIRONMENT}, stdout=subprocess.DEVNULL
        )
        while counting.requests < 5 and process.poll() is None:
            time.sleep(0.1)
        for number in signals:
            process.send_signal(number)
            time.sleep(0.05)
        assert process.wait(20) == status
    report = reading.read(path)
    assert report["outcome"] == "aborted"
    assert report["runs"][0]["requests"] > 0


def test_prove_tells_what_it_ran_and_what_is_not_proven(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a few faults of the data, what they break is proven, the rest is a gap.

    The gate runs all of them.
    """
    contract = loading.load(KOMERZA)
    clauses = len(contract.clauses)
    known = catalogue.load(contract)
    few = (
        *known[:5],
        *(fault for fault in known if fault.conforming and fault.id == "created-201"),
    )
    monkeypatch.setattr(catalogue, "load", lambda _: few)
    monkeypatch.setattr(prove, "ProcessPoolExecutor", ThreadPoolExecutor)
    assert main.run(["prove", KOMERZA, "--json", str(tmp_path / "p.json")]) == 1
    out = capsys.readouterr().out
    assert (
        f"1 of {clauses} clauses proven, 5 of 5 faults caught precisely, "
        "0 of 1 conforming variants accused" in out
    )
    assert out.count("komerza: no fault proves ") == clauses - 1
    written = json.loads((tmp_path / "p.json").read_text(encoding="utf-8"))
    assert [proof["violated"] for proof in written["proofs"]] == [["relation.success.true"]] * 5 + [
        []
    ]
    assert "relation.success.true" not in written["unproven"]["komerza"]


def test_serve_refuses_what_it_can_not_serve(capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown API, and an unknown fault with its neighbours."""
    assert main.run(["serve", "nope"]) == 2
    assert main.run(["serve", "kohort", "--fault", "same-ids"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert "same-id" in lines[1]
