"""Second revisions and contracts of one's own on the command line.

Named, verified, explained, waived.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contracts import sandbox
from contracts.cli import main
from contracts.definition import catalogue, loading
from contracts.faults.catalogue import Fault
from tests.helpers.serving import conforming, faulty, outcomes, served, verify

pytestmark = pytest.mark.usefixtures("_credentials")
CUT = Fault("cut", "", response=({"op": "set", "at": "/data/gateway", "value": "paypal"},))


@pytest.mark.nightly
@pytest.mark.parametrize("api", ["kohort@2", "komerza@2"])
def test_a_second_revision_is_verified_over_http(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, api: str
) -> None:
    """With ids that exist every clause holds, and the report names API and revision."""
    contract = loading.load(api)
    for name, variable in contract.operation.known.items():
        monkeypatch.setenv(variable, sandbox.KNOWN[name])
    with served(conforming(api)) as url:
        status, report = verify(tmp_path, api, "--target", f"{api}={url}", "--fuzz", "0")
    assert (status, report["outcome"], report["runs"][0]["api"]) == (0, "pass", api)
    assert set(outcomes(report, "create-order").values()) == {"held"}
    sources = {clause["source"].get("document") for clause in report["runs"][0]["clauses"]}
    assert contract.documents.keys() <= sources


@pytest.mark.nightly
def test_a_waiver_of_one_revision_is_not_one_of_another(tmp_path: Path) -> None:
    """``komerza`` and ``komerza@1`` are the same in a waiver, ``komerza@2`` is another contract."""
    day = (datetime.now(UTC) + timedelta(days=9)).date()
    path = tmp_path / "waivers.toml"
    row = (
        '[[waivers]]\nclause = "relation.data.gateway.echo"\nreason = "r"\nowner = "o"\n'
        f"expires = {day}\napi = "
    )
    with served(faulty("komerza@2", CUT)) as url:
        name = "komerza@2/create-order"  # what is cut is missed in the reads as well
        arguments = (name, "--target", f"{name}={url}", "--fuzz", "0", "--waivers", str(path))
        path.write_text(f'{row}"komerza@1"', encoding="utf-8")
        assert verify(tmp_path, *arguments)[0] == 1
        path.write_text(f'{row}"komerza@2"', encoding="utf-8")
        assert verify(tmp_path, *arguments)[0] == 0


def test_a_targets_file_names_a_revision(tmp_path: Path) -> None:
    """A table of a revision is of that contract, with what its sandbox asks for."""
    path = tmp_path / "targets.toml"
    with served(conforming("komerza@2")) as url:
        path.write_text(
            f'[s."komerza@2"]\nurl = "{url}"\nknown = {{ couponCode = ["SPRING"] }}\n'
            'preconditions = { gateway = { enum = ["paypal"] } }\n',
            encoding="utf-8",
        )
        status, report = verify(tmp_path, "--targets", str(path), "--fuzz", "0")
    run, *_ = report["runs"]
    assert (status, run["api"]) == (0, "komerza@2")
    assert outcomes(report, "create-order")["request.couponCode.accepted"] == "held"
    assert outcomes(report, "create-order")["request.affiliateCode.accepted"] == "not exercised"


def test_explain_finds_what_only_a_later_revision_says(capsys: pytest.CaptureFixture[str]) -> None:
    """Without --api the first revisions are looked through, then the others."""
    assert main.run(["explain", "request.cost.minimum"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("komerza@2: request.cost.minimum\n")
    assert "document, later-revisions.md, line 44" in said
    assert main.run(["explain", "response.data.id.type", "--api", "komerza@2"]) == 0
    assert capsys.readouterr().out.startswith("komerza@2: response.data.id.type\n")


def test_a_contract_of_ones_own_is_live_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a target it is wrong use in one line; with one it is verified.

    Nothing named verifies what is shipped.
    """
    folder = tmp_path / "contracts" / "apis" / "shop"
    shutil.copytree(catalogue.APIS / "kohort", folder, ignore=shutil.ignore_patterns("2"))
    monkeypatch.chdir(tmp_path)
    assert main.run(["verify", "shop"]) == 2
    assert capsys.readouterr().err == (
        "contracts: shop has no embedded sandbox; give its address: --target shop=URL\n"
    )
    with served(conforming("kohort")) as url:
        status, report = verify(tmp_path, "--target", f"shop={url}", "--fuzz", "0")
    assert (status, report["runs"][0]["api"]) == (0, "shop")
    capsys.readouterr()
    assert main.run(["verify", "--plan"]) == 0
    plans = [
        line for line in capsys.readouterr().out.splitlines() if "pairs of field states" in line
    ]
    assert [line.partition(":")[0] for line in plans] == [
        name for api in catalogue.available() for name in catalogue.operations(api)
    ]
