"""The examples in docs/examples do what the README tells of them."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from contracts.cli import main
from contracts.faults.catalogue import Fault
from contracts.verify import waivers
from tests.helpers.serving import ENVIRONMENT, faulty, served

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def example(client: str) -> str:
    """Run the example's tests over one of its clients, give what pytest says."""
    done = subprocess.run(  # noqa: S603
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-W",
            "error",
            "--client",
            client,
        ],
        cwd=EXAMPLES / "checkout_client",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.stdout


def test_the_good_client_passes() -> None:
    """It keeps to the page and stands every answer that the page allows."""
    assert re.search(r"^\d+ passed", example("Checkout"), re.MULTILINE)


def test_the_client_that_sends_euros_is_told_so() -> None:
    """Each of its tests fails, with the unit as the reason, though the sandbox takes the order."""
    out = example("InEuros")
    assert "passed" not in out.splitlines()[-1]
    assert "amount seems to be in the wrong unit: 12.5" in out
    assert "perhaps   the unit is wrong: 12.5 would be 1250 in the unit of the page" in out


def test_the_client_that_chokes_on_null_fails_where_a_null_is() -> None:
    """Only the variants with a null share id fail, and their names say so."""
    out = example("ChokesOnNull")
    failed = re.findall(r"^FAILED test_checkout.py::(\S+)", out, re.MULTILINE)
    assert failed == [
        "test_any_answer_that_the_page_allows_is_read[kohort:paymentGroupShareId=null]",
        "test_any_answer_that_the_page_allows_is_read[kohort:all-null]",
    ]


def scripts(value: Any) -> list[str]:
    """Give the shell commands in a job file."""
    if isinstance(value, dict):
        own = [value["run"]] if isinstance(value.get("run"), str) else []
        return own + [text for member in value.values() for text in scripts(member)]
    if isinstance(value, list):
        return [
            text for item in value for text in ([item] if isinstance(item, str) else scripts(item))
        ]
    return []


def parse(text: str) -> list[str]:
    """Parse a command of this package, and return its arguments."""
    _, command, *arguments = shlex.split(text)
    found = main.contracts.get_command(click.Context(main.contracts), command)
    assert found is not None
    found.make_context(command, [*arguments])
    return arguments


@pytest.mark.parametrize("name", ["github-actions.yml", "gitlab-ci.yml"])
def test_the_jobs_call_commands_that_exist(name: str) -> None:
    """The files are YAML.

    Each ``contracts`` command in them parses, and a release needs the verdict.
    """
    jobs = yaml.safe_load((EXAMPLES / "ci" / name).read_text(encoding="utf-8"))
    commands = [text for text in scripts(jobs) if text.startswith("contracts ")]
    assert commands
    for text in commands:
        parse(re.sub(r"\$\{\{[^}]*\}\}|\$\w+", "https://sandbox.example", text))
    assert (jobs.get("jobs") or jobs)["release"]["needs"] == ["client", "sandbox"]


def test_the_gitlab_include_verifies_and_keeps_its_reports() -> None:
    """A job extends it with the arguments of ``contracts verify``."""
    job = yaml.safe_load((EXAMPLES / "ci" / "gitlab-include.yml").read_text(encoding="utf-8"))
    (script,) = [text for text in scripts(job) if text.startswith("contracts ")]
    arguments = parse(script.replace("$CONTRACTS", "kohort --wait 60"))
    files = {name for name in arguments if name.startswith("report.")}
    assert files == {*job[".contracts-verify"]["artifacts"]["paths"]}


def test_the_action_installs_the_revision_that_a_step_names() -> None:
    """Nothing is asked of a registry for this package: the folder of the repository is there."""
    folder = Path(__file__).parents[2] / ".github" / "actions" / "verify"
    action = yaml.safe_load((folder / "action.yml").read_text(encoding="utf-8"))
    (step,) = [one for one in action["runs"]["steps"] if "pip install" in one.get("run", "")]
    assert step["env"] == {"SOURCE": "${{ github.action_path }}"}
    assert '"$SOURCE/../../..[all]"' in step["run"]
    assert (folder / "../../.." / "pyproject.toml").is_file()


@pytest.mark.slow
@pytest.mark.parametrize(("fault", "status"), [(None, 0), ("default-locale-wrong", 1)])
def test_the_action_verifies_and_keeps_its_reports(
    fault: str | None, status: int, tmp_path: Path
) -> None:
    """Its shell step, run as a runner does: reports, summary, and the status of the verdict."""
    folder = Path(__file__).parents[2] / ".github" / "actions" / "verify"
    action = yaml.safe_load((folder / "action.yml").read_text(encoding="utf-8"))
    (step,) = [one for one in action["runs"]["steps"] if "contracts verify" in one.get("run", "")]
    inputs = {"APIS": "kohort/create-order", "OPTIONS": "--fuzz 0 --only relation.locale.default"}
    summary = tmp_path / "summary.md"
    with served(faulty("kohort", fault or Fault("", ""))) as url:
        done = subprocess.run(  # noqa: S603
            ["/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            env={
                "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
                "GITHUB_STEP_SUMMARY": str(summary),
                "TARGETS": f"kohort={url}",
                "ENVIRONMENT": "",
                "REPORTS": "out/reports",
                **inputs,
                **ENVIRONMENT,
            },
            cwd=tmp_path,
            timeout=60,
            check=False,
        )
    assert done.returncode == status
    files = {path.name for path in (tmp_path / "out" / "reports").iterdir()}
    assert files == {"report.json", "report.html", "junit.xml"}
    assert summary.read_text(encoding="utf-8").startswith("## ")
    (upload,) = [one for one in action["runs"]["steps"] if "upload" in one.get("uses", "")]
    assert upload["with"]["name"] == "${{ inputs.artifact }}"  # a folder's name may have a /


def test_the_image_is_slim_and_runs_as_no_root() -> None:
    """Whoever it runs as can write reports to the folder that is mounted or made for them."""
    text = (EXAMPLES / "docker" / "Dockerfile").read_text(encoding="utf-8")
    rows = [line.partition(" ") for line in text.replace("\\\n", " ").splitlines()]
    said = {name: rest for name, _, rest in rows if name.isupper()}
    assert said["FROM"] == "python:3.12-slim"
    assert said["USER"] == "contracts"
    assert "useradd" in said["RUN"]
    assert "mkdir --mode 1777 /work" in said["RUN"]
    assert '--user "$(id -u)"' in text
    ignored = (EXAMPLES.parents[1] / ".dockerignore").read_text(encoding="utf-8")
    assert {".git", ".venv", ".tox"} <= set(ignored.split())


def test_the_waivers_file_can_be_read() -> None:
    """It waives nothing as it stands; with its comment taken away it waives one clause."""
    path = EXAMPLES / "ci" / "waivers.toml"
    assert waivers.read(path, date(2026, 11, 1)) == ()
