"""Wrong use: one line that says what to do, exit status 2, no traceback; nothing listening: 3."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from contracts.cli import main
from contracts.errors import WRONG_USE
from contracts.reports import reading
from contracts.reports.formats import files

PAGE = Path(__file__).parents[1] / "helpers" / "pages" / "invoices.txt"
TARGET = "kohort=http://127.0.0.1:9"


def line(capsys: pytest.CaptureFixture[str], status: int, *arguments: str) -> str:
    """Run a command that goes wrong; give the one line that it says."""
    assert main.run(list(arguments)) == status
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("\n")
    assert err.count("\n") == 1
    assert err.startswith("contracts: ")
    return err.removeprefix("contracts: ").rstrip("\n")


def process(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own."""
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "contracts", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def closed_port() -> int:
    """Give a port of the loopback interface where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port: int = unused.getsockname()[1]
    return port


@pytest.mark.parametrize(
    "arguments",
    [
        ["verify", "cohort"],
        ["verify", "--target", "cohort=http://127.0.0.1:9"],
        ["serve", "cohort"],
        ["verify", "kohort", "cohort"],
    ],
)
def test_an_unknown_api(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    """The shipped ones are named."""
    said = line(capsys, 2, *arguments)
    assert said == (
        "there is no contract named 'cohort'; there are: kohort, kohort@2, komerza, komerza@2; "
        "or give the path of a folder"
    )


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["verify"], "books has no embedded sandbox; give its address: --target books=URL"),
        (
            ["prove", "--operators"],
            (
                "books has no embedded sandbox of its own, whose answers --operators changes; "
                "those that have one: kohort, kohort@2, komerza, komerza@2"
            ),
        ),
    ],
)
def test_a_contract_without_an_embedded_sandbox(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: list[str], words: str
) -> None:
    """A verdict on the general sandbox would say nothing, so the mend is named."""
    assert main.run(["new", "books", str(PAGE), "--out", str(tmp_path)]) == 0
    capsys.readouterr()
    assert line(capsys, 2, *command, str(tmp_path / "books")) == words


@pytest.mark.parametrize("target", ["kohort", "kohort=", "=http://x", "", "http://127.0.0.1:9"])
def test_a_malformed_target(capsys: pytest.CaptureFixture[str], target: str) -> None:
    """What is expected is shown."""
    said = line(capsys, 2, "verify", "--target", target)
    assert said.startswith(f"--target {target!r}: expected API=URL, such as kohort=http://")


@pytest.mark.usefixtures("_credentials")
@pytest.mark.parametrize(
    "url", ["ftp://x", "127.0.0.1:9", "http://", "http://x?y", "http://x:port", "http://x: 80"]
)
def test_a_target_that_is_no_base_url(capsys: pytest.CaptureFixture[str], url: str) -> None:
    """The text quotes it."""
    assert repr(url) in line(capsys, 2, "verify", "--target", f"kohort={url}")


@pytest.mark.usefixtures("_credentials")
@pytest.mark.parametrize(
    ("variable", "own"),
    [
        ("KOMERZA_TOKEN_WITHOUT_PERMISSION", "KOMERZA_TOKEN"),
        ("KOMERZA_FOREIGN_TOKEN", "KOMERZA_TOKEN"),
        ("KOMERZA_FOREIGN_STORE", "KOMERZA_STORE"),
    ],
)
def test_what_has_to_be_of_another_and_is_ones_own(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, variable: str, own: str
) -> None:
    """The sandbox would take it rightly, and be accused of that."""
    monkeypatch.setenv(variable, os.environ[own])
    said = line(capsys, 2, "verify", "--target", "komerza=http://127.0.0.1:9")
    assert said == f"{variable} is the same as {own}: give another one, or none"


@pytest.mark.usefixtures("_credentials")
def test_a_password_in_a_target_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """A URL with user and password is no base URL, and the text leaves them out."""
    said = line(capsys, 2, "verify", "--target", "kohort=http://user:secret@x")
    assert "http://x" in said
    assert "secret" not in said


def test_a_missing_token(capsys: pytest.CaptureFixture[str]) -> None:
    """The variable is named."""
    said = line(capsys, 2, "verify", "--target", TARGET)
    assert (
        said
        == "set KOHORT_TOKEN in the environment: the token for the sandbox at http://127.0.0.1:9"
    )


def test_a_token_that_holds_its_scheme(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The scheme is sent before the token, so that it would be there twice and be refused."""
    monkeypatch.setenv("KOHORT_TOKEN", "bearer abc")
    said = line(capsys, 2, "verify", "--target", TARGET)
    problem = "KOHORT_TOKEN: it begins with 'bearer', which is sent before it"
    assert said == f"{problem}; set it to the token alone"


def test_a_missing_store(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """So is that of a path parameter."""
    monkeypatch.setenv("KOMERZA_TOKEN", "token")
    assert "set KOMERZA_STORE" in line(
        capsys, 2, "verify", "--target", "komerza=http://127.0.0.1:9"
    )


@pytest.mark.usefixtures("_credentials")
@pytest.mark.parametrize("host", ["api.kohortpay.com", "API.KohortPay.com:443"])
def test_a_production_host(capsys: pytest.CaptureFixture[str], host: str) -> None:
    """Orders are not made there unless one says so."""
    said = line(capsys, 2, "verify", "--target", f"kohort=https://{host}/v1")
    assert said.startswith("api.kohortpay.com is a production host of kohort; --allow-production")


@pytest.mark.usefixtures("_credentials")
def test_a_target_of_an_api_that_is_not_verified(capsys: pytest.CaptureFixture[str]) -> None:
    """A target without its API is a slip."""
    said = line(capsys, 2, "verify", "komerza", "--target", TARGET)
    assert said == "--target names kohort, which is not among the APIs to verify: komerza"


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["verify", "--buget", "3"], "--buget"),
        (["verify", "--budget", "many"], "--budget"),
        (["verify", "--budget", "0"], "--budget"),
        (["verify", "--fuzz", "-1"], "--fuzz"),
        (["verify", "--fail-on", "guess"], "--fail-on"),
        (["verify", "--concurrency", "0"], "--concurrency"),
        (["verify", "--target"], "--target"),
        (["verfy"], "there is no command 'verfy'; did you mean verify?"),
        (["serve", "kohort", "--host", "no.such.host.invalid"], "--host no.such.host.invalid"),
        (["verify", "--fail-on-drift"], "give --baseline FILE"),
        (["verify", "--plan", "--json", "r.json"], "--json"),
        (["verify", "--env", "a", "--env", "b"], "--env is given more than once"),
        (["verify", "--json", "a", "--json", "b"], "--json is given more than once"),
        (["report", "r.json", "--html", "a", "--html", "b"], "--html is given more than once"),
        (["verify", "--json", ""], "--json . can't be written"),
        (["serve"], "API"),
        (["serve", "kohort", "--port", "70000"], "--port"),
        (["explain"], "CLAUSE"),
    ],
)
def test_an_unknown_option_or_value(
    capsys: pytest.CaptureFixture[str], arguments: list[str], word: str
) -> None:
    """The option, argument or command that is wrong is named."""
    assert word in line(capsys, 2, *arguments)


def test_what_may_be_given_several_times_is_all_taken(capsys: pytest.CaptureFixture[str]) -> None:
    """A filter and a switch are no options of one value."""
    patterns = ["--only", "response.locale.enum", "--only", "request.typical"]
    assert main.run(["verify", "kohort/create-order", *patterns, "--keep", "--keep", "--plan"]) == 0
    assert "request.typical" in capsys.readouterr().out


def test_a_path_that_was_tried_is_as_it_was(tmp_path: Path) -> None:
    """A new file is not left behind, an old one keeps its text, a pipe is not opened."""
    old, pipe = tmp_path / "old.json", tmp_path / "pipe"
    old.write_text("before", encoding="utf-8")
    os.mkfifo(pipe)
    for path in (tmp_path / "new.json", old, pipe, Path("-")):
        files.check_place("--json", path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["old.json", "pipe"]
    assert old.read_text(encoding="utf-8") == "before"


def test_a_kept_report_that_is_broken_is_told_of_before_anything_is_sent(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Not after the run, whose verdict would be lost."""
    (tmp_path / "report-20200101T000000-deadbeef.json").write_text("{", encoding="utf-8")
    said = line(capsys, 2, "verify", "kohort/create-order", "--history", str(tmp_path))
    assert "deadbeef.json is no JSON" in said


def test_a_violation_outweighs_a_report_that_could_not_be_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What fails in the end is said; it makes a go wrong use, and hides no finding."""
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "/dev/full")
    arguments = ["verify", "kohort/create-order", "--fuzz", "0", "--only", "request.typical"]
    assert main.run(arguments) == WRONG_USE
    assert main.run([*arguments, "--require-complete", "--budget", "1"]) in (WRONG_USE, 3)
    assert capsys.readouterr().err.count("GITHUB_STEP_SUMMARY=/dev/full can't be written") == 2


def test_a_report_into_a_folder_that_does_not_exist(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """It is said before anything is sent."""
    folder = tmp_path / "missing"
    said = line(capsys, 2, "verify", "--json", str(folder / "report.json"))
    assert str(folder) in said


@pytest.mark.parametrize(
    "arguments",
    [
        ["verify", "--json"],
        ["prove", "--json"],
        ["openapi", "kohort", "--out"],
        ["diff", "kohort", "kohort@2", "--markdown"],
        ["init"],
        ["new", "books", str(PAGE), "--out"],
        ["derive", str(PAGE), "--out"],
    ],
)
def test_what_cannot_be_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: list[str]
) -> None:
    """A place below a file is none.

    Every command that writes says which, before it begins its work.
    """
    (tmp_path / "a-file").touch()
    assert str(tmp_path / "a-file") in line(
        capsys, 2, *arguments, str(tmp_path / "a-file" / "below")
    )


def test_a_report_into_a_folder(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A folder is no file."""
    assert str(tmp_path) in line(capsys, 2, "verify", "--json", str(tmp_path))


def test_documents_that_are_not_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A folder without the documents, and no folder at all."""
    assert "is not in" in line(capsys, 2, "verify", "--documents", str(tmp_path))
    assert "missing" in line(capsys, 2, "verify", "--documents", str(tmp_path / "missing"))


def test_an_unknown_clause(capsys: pytest.CaptureFixture[str]) -> None:
    """The nearest ones are named."""
    said = line(capsys, 2, "explain", "response.riskLevel.enumm")
    assert said.startswith(
        "no clause 'response.riskLevel.enumm'; did you mean response.riskLevel.enum"
    )


def test_an_unknown_fault(capsys: pytest.CaptureFixture[str]) -> None:
    """The nearest ones are named."""
    said = line(capsys, 2, "serve", "kohort", "--fault", "amount-in-euro")
    assert said.startswith(
        "kohort/create-order has no fault 'amount-in-euro'; did you mean amount-in-euros"
    )


def test_a_port_that_is_taken() -> None:
    """The text says what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = process("serve", "kohort", "--port", port)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"contracts: port {port} can't be used: ")
    assert done.stderr.endswith("choose another with --port\n")


@pytest.mark.usefixtures("_credentials")
def test_nothing_listening(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, closed_port: int
) -> None:
    """The run could not be carried out: status 3, and the report says why."""
    path = tmp_path / "report.json"
    status = main.run(
        ["verify", "--target", f"kohort=http://127.0.0.1:{closed_port}", "--json", str(path)]
    )
    assert status == 3
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    assert f"http://127.0.0.1:{closed_port}: no connection" in out + err
    report = reading.read(path)
    assert report["outcome"] == "aborted"
    assert f"127.0.0.1:{closed_port}" in str(report["reason"])
    assert not [
        clause for run in report["runs"] for clause in run["clauses"] if clause["outcome"] == "held"
    ]


@pytest.mark.usefixtures("_credentials")
def test_what_is_waited_for_is_said_once(
    capsys: pytest.CaptureFixture[str], closed_port: int
) -> None:
    """With how long at most; after that the run says what is not there."""
    url = f"http://127.0.0.1:{closed_port}"
    arguments = ["kohort/create-order", "--target", f"kohort={url}", "--wait", "0.3"]
    assert main.run(["verify", *arguments]) == 3
    message = f"contracts: waiting up to 0.3 s for kohort at {url}\n"
    assert capsys.readouterr().err.count(message) == 1


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["verify", "cohort"], "kohort, kohort@2, komerza, komerza@2"),
        (["verify", "--target", "kohort"], "API=URL"),
        (["verify", "--target", TARGET], "KOHORT_TOKEN"),
    ],
)
def test_wrong_use_of_the_installed_command(arguments: list[str], word: str) -> None:
    """The same from a process of its own: one line on standard error, exit status 2."""
    done = process(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert word in done.stderr
