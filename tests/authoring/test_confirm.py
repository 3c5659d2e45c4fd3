"""What was guessed of a page is a convention until a person confirms it."""

from __future__ import annotations

from pathlib import Path

import pytest

from contracts.cli import main
from contracts.definition import loading
from contracts.errors import ContractError

COLLECTION = Path(__file__).parent / "forms" / "pages" / "postman.json"
CONTRACT = Path("contracts", "apis", "crates", "contract.toml")


@pytest.fixture(autouse=True)
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start a contract from samples alone, in a working directory of its own."""
    monkeypatch.chdir(tmp_path)
    assert main.run(["new", "crates", str(COLLECTION)]) == 0


def bases() -> dict[str, str]:
    """Return the basis of every clause of the contract."""
    return {clause.id: clause.basis.value for clause in loading.load("crates").clauses}


def test_types_of_samples_are_conventions() -> None:
    """Neither bodies nor the status that only a sample shows can fail a run."""
    found = bases()
    for clause in ("response.id.type", "request.kind.type", "protocol.status"):
        assert found[clause] == "convention"


def test_what_is_confirmed_is_the_pages_own(capsys: pytest.CaptureFixture[str]) -> None:
    """One line of contract.toml names it; patterns take several, and others stay guesses."""
    assert main.run(["confirm", "crates", "response.id.*", "protocol.status"]) == 0
    assert "confirmed: response.id.type" in capsys.readouterr().out
    assert CONTRACT.read_text().count("confirmed = [") == 1
    found = bases()
    assert found["response.id.type"] == found["protocol.status"] == "document"
    assert found["response.kind.type"] == "convention"
    assert main.run(["confirm", "crates", "response.kind.type"]) == 0
    assert bases()["response.id.type"] == bases()["response.kind.type"] == "document"


def test_what_is_left_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a clause the command lists the guesses with their lines."""
    assert main.run(["confirm", "crates", "response.*"]) == 0
    capsys.readouterr()
    assert main.run(["confirm", "crates"]) == 0
    listed = capsys.readouterr().out
    assert "request.kind.type (postman.json, line" in listed
    assert "response." not in listed


@pytest.mark.parametrize("clause", ["response.id.enum", "authorization.absent", "request.typical"])
def test_what_was_not_guessed_is_refused(clause: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit status 2 names what can be confirmed, and nothing is written."""
    before = CONTRACT.read_text()
    assert main.run(["confirm", "crates", "response.id.type", clause]) == 2
    assert f"{clause} is no clause that was guessed" in capsys.readouterr().err
    assert CONTRACT.read_text() == before


def test_a_confirmation_of_nothing_is_an_error_of_the_contract() -> None:
    """A line that names a clause which is gone is refused when the contract is loaded."""
    text = CONTRACT.read_text().replace("confirmed = []", 'confirmed = ["response.gone.type"]')
    CONTRACT.write_text(text)
    with pytest.raises(ContractError, match=r"response\.gone\.type is no clause that was guessed"):
        loading.load("crates")
