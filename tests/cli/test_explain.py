"""``contracts explain``.

Where a clause comes from, the fault that proves it, and an exchange that breaks it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from contracts.cli import main
from contracts.definition import catalogue, loading
from contracts.faults import catalogue as faults


def explained(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """Run the command; give its lines."""
    assert main.run(["explain", *arguments]) == 0
    return capsys.readouterr().out.splitlines()


def test_explain_shows_where_a_clause_comes_from(capsys: pytest.CaptureFixture[str]) -> None:
    """Sentence, basis, reason, lines, and the fault."""
    (name,) = loading.load("kohort").documents
    lines = explained(capsys, "relation.status.created")
    assert lines[:5] == [
        "kohort: relation.status.created",
        "  an order that was just created has the status CREATED",
        f"  basis: convention, {name}, lines 163-173",
        "  address: https://api-docs.kohortpay.com/orders/create-an-order",
        "  reading: the page does not say which status an order starts with",
    ]
    fault, *_ = faults.proving(loading.load("kohort"))["relation.status.created"]
    assert lines[5].startswith(f"  proven by: {fault.id}: {fault.about}")
    assert lines[6] == f"  to see it: contracts serve kohort --port 9001 --fault {fault.id}"


def test_explain_shows_an_answer_that_breaks_the_clause(capsys: pytest.CaptureFixture[str]) -> None:
    """From a run of the embedded sandbox with the fault in it; what breaks the clause is marked."""
    lines = explained(capsys, "response.riskLevel.enum")
    start, end = (
        lines.index("    response"),
        next(i for i, line in enumerate(lines) if line.startswith("    expected")),
    )
    assert [line for line in lines if line.startswith("    >")] == [
        '    >   "riskLevel": "NONE OF THEM",'
    ]
    body = json.loads("".join(line[6:] for line in lines[start + 5 : end]))
    assert body["riskLevel"] == "NONE OF THEM"
    assert lines[end + 1] == '    got      "NONE OF THEM"'


def test_explain_shows_a_request_that_was_wrongly_taken(capsys: pytest.CaptureFixture[str]) -> None:
    """For a clause about refusal it is the request that matters; the gap is marked."""
    lines = explained(capsys, "request.amount.required")
    assert "    >   (nothing at /amount)" in lines
    assert "    > 201" in lines


def test_explain_shows_all_apis_or_one(capsys: pytest.CaptureFixture[str]) -> None:
    """A clause that both have is shown for both; credentials that it needs are named."""
    lines = explained(capsys, "authorization.absent")
    assert [text for text in lines if text[0] != " "] == [
        "kohort: authorization.absent",
        "komerza: authorization.absent",
    ]
    lines = explained(capsys, "authorization.permission", "--api", "komerza")
    assert "  needs: KOMERZA_TOKEN_WITHOUT_PERMISSION" in lines


def test_a_fault_that_can_not_be_served_is_not_offered(capsys: pytest.CaptureFixture[str]) -> None:
    """A connection that breaks is made by the embedded transport."""
    lines = explained(capsys, "robustness.answers", "--api", "kohort")
    assert not [line for line in lines if "to see it" in line]
    assert any(line.startswith("    > no whole answer") for line in lines)


def test_explain_shows_the_text_of_the_lines(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With ``--documents``.

    And only when the page is the one that the contract was derived from.
    """
    contract = loading.load("kohort")
    (name,) = contract.documents
    (tmp_path / name).write_text(
        "\n".join(f"text {number}" for number in range(1, 226)), encoding="utf-8"
    )
    assert main.run(["explain", "response.riskLevel.enum", "--documents", str(tmp_path)]) != 0
    digest = hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()
    monkeypatch.setattr(loading, "load", lambda _: replace(contract, documents={name: digest}))
    capsys.readouterr()
    lines = explained(
        capsys, "response.riskLevel.enum", "--api", "kohort", "--documents", str(tmp_path)
    )
    assert lines[4:9] == [f"    {number} | text {number}" for number in range(204, 209)]


@pytest.mark.parametrize("api", catalogue.available())
def test_every_clause_names_a_fault(api: str) -> None:
    """So that every clause can be explained by what breaks it."""
    contract = loading.load(api)
    assert faults.proving(contract).keys() >= {clause.id for clause in contract.clauses}


def test_a_contract_of_ones_own_is_explained_by_a_derived_fault(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """It is seeded into the generic sandbox; what can't be called by its name is not served."""
    own = shutil.copytree(catalogue.APIS / "kohort", tmp_path / "mine")
    lines = explained(capsys, "response.riskLevel.enum", "--api", str(own))
    assert lines[0] == "mine: response.riskLevel.enum"
    assert any(line.startswith("  proven by: response.riskLevel.enum: ") for line in lines)
    assert lines[-1].startswith("    got ")
    assert "contracts serve" not in "".join(lines)


def test_a_changed_contract_of_the_same_name_has_no_faults(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The shipped faults say nothing about clauses that somebody else wrote."""
    own = shutil.copytree(catalogue.APIS / "kohort", tmp_path / "kohort")
    folder = own / "create-order"
    text = (folder / "contract.toml").read_text(encoding="utf-8")
    changed = text.replace('id = "relation.amount.echo"', 'id = "relation.amount.same"')
    (folder / "contract.toml").write_text(changed, encoding="utf-8")
    lines = explained(capsys, "relation.amount.same", "--api", str(own))
    assert lines[-1] == "  no seeded fault proves it: kohort has none"
