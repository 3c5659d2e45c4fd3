"""The real ``schemathesis run`` with our document and hooks, against served sandboxes."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from contracts.cli import main
from contracts.definition import catalogue, loading
from contracts.mocks.strict import Strict
from tests.helpers.nightly import nightly_after
from tests.helpers.serving import ENVIRONMENT, App, conforming, faulty, served

HOOKS = {"SCHEMATHESIS_HOOKS": "contracts.interop"}
CLAUSES = (
    "relation.",
    "request.",
    "response.",
    "protocol.",
    "robustness.",
    "authorization.",
    "address.",
)


def schemathesis(
    folder: Path, name: str, app: App, *options: str, hooks: bool
) -> subprocess.CompletedProcess[str]:
    """Run Schemathesis with all its checks, and ours when `hooks` says so."""
    assert main.run(["openapi", name, "--out", str(folder / "openapi.json")]) == 0
    environment = {
        **os.environ,
        **ENVIRONMENT,
        **(HOOKS if hooks else {}),
        "NO_COLOR": "1",
        "COLUMNS": "200",
    }
    with served(app) as url:
        return subprocess.run(  # noqa: S603
            [
                Path(sys.executable).with_name("schemathesis"),
                "run",
                "openapi.json",
                "--url",
                url,
                "-H",
                f"Authorization: Bearer {ENVIRONMENT['KOHORT_TOKEN']}",
                "--seed",
                "7",
                "-n",
                "10",
                *options,
            ],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )


@pytest.mark.parametrize("api", nightly_after(1, catalogue.shipped()))
def test_nothing_is_reported_of_a_clean_sandbox(tmp_path: Path, api: str) -> None:
    """With the document and the hooks, and all of Schemathesis's own checks."""
    alone = replace(loading.load(api), others={}, take_backs=())
    documented = Strict(conforming(api), alone)
    done = schemathesis(tmp_path, f"{api}/create-order", documented, hooks=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No issues found" in done.stdout


FAULTS = [
    ("kohort", "amount-in-euros", "relation.amount.echo", "30028, as sent"),
    ("kohort", "default-locale-wrong", "relation.locale.default", '"fr_FR", the default'),
    ("komerza", "line-total-is-amount", "relation.data.items.lineTotal", "times"),
]


@pytest.mark.parametrize(
    ("api", "fault", "clause", "expected"), nightly_after(1, FAULTS), ids=[row[1] for row in FAULTS]
)
def test_relations_are_found_with_the_hooks_and_not_without(
    tmp_path: Path, *, api: str, fault: str, clause: str, expected: str
) -> None:
    """The document alone says nothing of them; the hooks name the clause and the values."""
    found = schemathesis(tmp_path, f"{api}/create-order", faulty(api, fault), hooks=True)
    assert found.returncode == 1
    assert "Custom check failed: `contract_clauses`" in found.stdout
    assert clause in found.stdout
    assert expected in found.stdout
    alone = schemathesis(tmp_path, f"{api}/create-order", faulty(api, fault), hooks=False)
    assert not [prefix for prefix in CLAUSES if prefix in alone.stdout]
    assert "ST20" in alone.stdout or alone.returncode == 0, (
        alone.stdout
    )  # a reused reference, as of a clean one


@pytest.mark.nightly
def test_a_relation_over_several_orders_is_found_at_the_end(tmp_path: Path) -> None:
    """What no single exchange shows: every order has the same id."""
    found = schemathesis(tmp_path, "komerza/create-order", faulty("komerza", "same-id"), hooks=True)
    assert found.returncode == 1
    assert "relation.data.id.unique" in found.stdout


FEW = ("--phases", "examples,coverage")


@pytest.mark.nightly
@pytest.mark.parametrize("api", catalogue.available())
def test_the_document_of_all_operations_finds_nothing_in_a_clean_sandbox(
    tmp_path: Path, api: str
) -> None:
    """Answers to whatever a generator asks for are judged by the operation's own clauses."""
    documented = Strict(conforming(api), loading.load(api))
    done = schemathesis(tmp_path, api, documented, *FEW, hooks=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "FAILURES" not in done.stdout


@pytest.mark.nightly
def test_the_operation_is_judged_that_a_call_goes_to(tmp_path: Path) -> None:
    """A defect of a list shows, though the contract's first operation creates."""
    app = faulty("kohort/list-orders", "name-twice")
    only = ("--include-path", "/orders", "--include-method", "GET")
    done = schemathesis(tmp_path, "kohort", app, *FEW, *only, hooks=True)
    assert done.returncode == 1
    assert "GET /orders" in done.stdout
    assert "protocol.unique_names" in done.stdout


@pytest.mark.parametrize("named", ['"x-other": "kohort"', '"x-contract": "books"'])
def test_another_document_is_left_to_schemathesis(tmp_path: Path, named: str) -> None:
    """The hooks have nothing to say where no contract is named, or none that is shipped."""
    assert (
        main.run(["openapi", "kohort/create-order", "--out", str(tmp_path / "openapi.json")]) == 0
    )
    text = (
        (tmp_path / "openapi.json")
        .read_text(encoding="utf-8")
        .replace('"x-contract": "kohort"', named)
    )
    (tmp_path / "openapi.json").write_text(text, encoding="utf-8")
    with served(faulty("kohort", "default-locale-wrong")) as url:
        done = subprocess.run(  # noqa: S603
            [
                Path(sys.executable).with_name("schemathesis"),
                "run",
                "openapi.json",
                "--url",
                url,
                "-n",
                "5",
                "--phases",
                "examples",
                "-H",
                "Authorization: Bearer sandbox-token",
            ],
            cwd=tmp_path,
            env={**os.environ, **HOOKS},
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
    assert done.returncode in (0, 1), done.stdout
    assert "contract_clauses" not in done.stdout
    assert "there is no contract named" not in done.stdout + done.stderr


def test_importing_the_strategies_registers_no_check() -> None:
    """A project that draws from our strategies gets no check that it did not ask for."""
    program = "import contracts, schemathesis.checks as c; contracts.responses; print(c.CHECKS.get_all_names())"  # noqa: E501
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert "contract_clauses" not in done.stdout
    assert "not_a_server_error" in done.stdout
