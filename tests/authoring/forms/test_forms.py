"""One operation in ten forms, each from its file to a verdict, as a new user goes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from contracts.cli import main
from contracts.definition import loading
from contracts.model import Contract
from contracts.planning.bodies.templates import sample
from contracts.planning.plan import plan
from tests.authoring.forms.server import SIGNATURE, TOKEN, create_app
from tests.helpers.nightly import nightly_after
from tests.helpers.serving import findings_of, outcomes, served, verify

PAGES = Path(__file__).parent / "pages"
FORMS = sorted(path.name for path in PAGES.iterdir())
WITH_KEY = "swagger20.yaml"
SIGNED = "openapi31.json"
NULLABLE = ("openapi30.yaml", "openapi31.json")  # which say so of the label
WITH_BASE_PATH = ("openapi30.yaml", "openapi31.json", "postman.json", "swagger20.yaml")


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that starts the contract of a form, as the only thing written by hand."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CRATES_TOKEN", TOKEN)
    monkeypatch.setenv("CRATES_X_SIGNATURE", SIGNATURE)
    monkeypatch.setenv("CRATES_X_TENANT", "north")

    def start(form: str) -> Contract:
        assert main.run(["new", "crates", str(PAGES / form)]) == 0
        return loading.load("crates")

    return start


def _verify(form: str, folder: Path, **server: Any) -> tuple[int, dict[str, Any]]:
    header = "X-Crates-Key" if form == WITH_KEY else "Authorization"
    app = create_app(header, nullable=form in NULLABLE, signed=form == SIGNED, **server)
    with served(app) as url:
        base = f"{url}/v1" if form in WITH_BASE_PATH else url
        few = (
            ("--budget", "90" if "refused" in server else "30") if server else ()
        )  # what is wrong shows in the first requests
        return verify(folder, "crates", "--target", f"crates={base}", "--fuzz", "0", *few)


@pytest.mark.parametrize(
    "form", nightly_after(2, ["listed.txt", "openapi31.json", "postman.json", "swagger20.yaml"])
)
def test_a_conforming_server_is_never_accused(form: str, started: Any, tmp_path: Path) -> None:
    """From the file to a go, with nothing written but the token."""
    started(form)
    status, report = _verify(form, tmp_path)
    accused = findings_of(report, tuple(outcomes(report)))
    assert [(f["clause"], f["case"], f["got"]) for f in accused if f["basis"] != "convention"] == []
    assert status == 0
    assert outcomes(report)["request.typical"] == "held"


@pytest.mark.parametrize("form", FORMS)
def test_a_wrong_answer_is_found(form: str, started: Any, tmp_path: Path) -> None:
    """An id that is a number is a violation; where its type was only guessed, it warns."""
    contract = started(form)
    _, report = _verify(form, tmp_path, spoiled=True)
    broken = [name for name, outcome in outcomes(report).items() if outcome == "violated"]
    assert broken == ["response.id.type"]
    guessed = form in ("curl.txt", "postman.json", "traffic.har")
    assert contract.clause("response.id.type").basis == ("convention" if guessed else "document")


@pytest.mark.slow
@pytest.mark.parametrize(("form", "status"), [("listed.txt", 1), ("curl.txt", 0)])
def test_a_documented_option_has_to_be_accepted(
    form: str, status: int, started: Any, tmp_path: Path
) -> None:
    """One that is refused where another is taken breaks the page, if the page lists the options."""
    started(form)
    ended, report = _verify(form, tmp_path, refused="letter")
    accused = findings_of(report, tuple(outcomes(report)))
    failing = {one["clause"] for one in accused if one["basis"] != "convention"}
    assert failing == ({"request.kind.letter"} if status else set())
    assert (ended == 1) is bool(status)


@pytest.mark.parametrize("form", FORMS)
def test_the_plainest_request_is_the_pages_own(form: str, started: Any) -> None:
    """What the page shows is sent first, but for addresses of mail, which are new each time."""
    contract = started(form)
    body = sample(plan(contract, 0).cases[0].body)
    assert body["kind"] == "box"
    assert body["weight"] == 12
    assert body.get("label", "Two blue hats") == "Two blue hats"
    if "owner" in body:
        assert body["owner"]["name"] == "Ada Byron"
