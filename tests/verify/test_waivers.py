"""One waiver a cause: by patterns of clauses, the state that shows it, the sandbox's words."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from contracts.cli import main
from contracts.definition import loading
from contracts.errors import UsageError
from contracts.faults.catalogue import Fault, find
from contracts.reports import document
from contracts.verify import waivers
from tests.helpers.nightly import at_night
from tests.helpers.serving import faulty, served, verify
from tests.reports.made import broken, report, run_of
from tests.reports.test_causes import caused

TODAY = date(2026, 1, 1)
RESPELT = {
    "customerEmail": "customer_email",
    "customerFirstName": "customer_first_name",
    "clientReferenceId": "client_reference_id",
}
SNAKE = Fault(
    "snake",
    "",
    response=(
        *({"op": "copy", "at": f"/{new}", "from": f"/{old}"} for old, new in RESPELT.items()),
        *({"op": "drop", "at": f"/{old}"} for old in RESPELT),
    ),
)


def waiver(folder: Path, lines: str) -> waivers.Waiver:
    """Return the waiver of a table with some lines."""
    path = folder / "w.toml"
    path.write_text(f'[[waivers]]\nreason="r"\nowner="o"\nexpires=2099-01-01\n{lines}', "utf-8")
    (one,) = waivers.read(path, TODAY)
    return one


@pytest.mark.parametrize(
    ("lines", "covered"),
    [
        ('clause = "response.riskLevel.enum"', True),
        ('clause = "response.*"', True),
        ('clause = ["response.id.*", "response.risk*"]', True),
        ('clause = "response.id.*"', False),
        ('clause = "*"\napi = "kohort"', True),
        ('clause = "*"\napi = ["komerza", "kohort/create-order"]', True),
        ('clause = "*"\napi = "kohort/get-order"', False),
        ('clause = "*"\nplace = "/riskLevel"', True),
        ('clause = "*"\nplace = "/id"', False),
        ('clause = "*"\nstate = "plain"', True),
        ('clause = "*"\nstate = ["longest", "shortest"]', False),
        ('clause = "*"\nwords = "NONE"', True),
        ('clause = "*"\nwords = "null pointer"', False),
    ],
)
def test_a_waiver_covers_what_it_names(lines: str, covered: bool, tmp_path: Path) -> None:  # noqa: FBT001
    """Pattern, operation, place, state and words all have to fit; of a list one is enough."""
    one = waiver(tmp_path, lines)
    made, unused = waivers.apply(report(run_of(broken(riskLevel="NONE"))), [one])
    assert bool(made["runs"][0]["findings"][0]["waived"]) is covered
    assert bool(unused) is (not covered and one.concerns("kohort", "create-order"))


def filled_in(text: str) -> str:
    """Return a waivers file as somebody has filled it in."""
    return re.sub(r"^# (owner|expires)", r"\1", text, flags=re.MULTILINE)


def written(made: Any, folder: Path) -> str:
    """Return the waivers file that ``contracts report`` starts."""
    (folder / "r.json").write_text(document.render(made), encoding="utf-8")
    path = folder / "waivers.toml"
    arguments = ["report", str(folder / "r.json"), "--write-waivers", str(path), "--exit-zero"]
    assert main.run(arguments) == 0
    return path.read_text(encoding="utf-8")


def test_a_started_file_has_a_waiver_for_each_cause(tmp_path: Path) -> None:
    """With all its clauses, and of use only when owner and expiry are filled in."""
    made = caused(("all but one", [0, 1]), ("the other", [2]))
    text = written(made, tmp_path)
    assert text.count("[[waivers]]") == 2
    path = tmp_path / "waivers.toml"
    with pytest.raises(UsageError, match="expires is missing"):
        waivers.read(path, TODAY)
    path.write_text(filled_in(text), encoding="utf-8")
    known = waivers.read(path, TODAY)
    assert [len(one.clause) for one in known] == [2, 1]
    applied, unused = waivers.apply(made, known)
    assert all(finding["waived"] for finding in applied["runs"][0]["findings"])
    assert unused == ()
    assert "[[waivers]]" not in written(applied, tmp_path)  # which are known by now


@pytest.mark.nightly
@pytest.mark.usefixtures("_credentials")
@pytest.mark.parametrize(
    ("fault", "other"),
    [
        (SNAKE, "success-200"),
        at_night(
            (find(loading.load("kohort"), "server-error-on-negative"), "server-error-on-huge")
        ),
    ],
    ids=lambda fault: fault if isinstance(fault, str) else fault.id,
)
def test_a_file_that_was_filled_in_lets_the_next_run_pass(
    fault: Fault, other: str, tmp_path: Path
) -> None:
    """One waiver covers the respelt members, or one 500; another defect fails the run still."""
    create = ("kohort/create-order", "--fuzz", "0")
    with served(faulty("kohort", fault)) as url:
        target = (*create, "--target", f"kohort={url}")
        status, made = verify(tmp_path, *target)
        assert (status, len(made["runs"][0]["causes"])) == (1, 1)
        text = filled_in(written(made, tmp_path))
        path = tmp_path / "waivers.toml"
        path.write_text(text, encoding="utf-8")
        assert text.count("[[waivers]]") == 1
        assert verify(tmp_path, *target, "--waivers", str(path))[0] == 0
    with served(faulty("kohort", other)) as url:
        target = (*create, "--target", f"kohort={url}")
        assert verify(tmp_path, *target, "--waivers", str(path))[1]["outcome"] == "fail"
