"""Situations that a release gate meets: exit status, last line and files, over the command.

Each row is run against a server in this process. What depends on how Python was started, or on
where its output goes, is run in a process of its own.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from contracts import sandbox
from contracts.cli import main
from tests.helpers.nightly import at_night
from tests.helpers.serving import App, conforming, faulty, served

WHOLE = ("kohort", "--fuzz", "0")  # all operations of the API
CREATE = ("kohort/create-order", "--fuzz", "0")
SMALL = (*CREATE, "--budget", "150")
STRICT = {"PYTHONUTF8": "0"}


def answering(status: int, body: bytes, media_type: str, **headers: str) -> App:
    """Return a server that answers the same to everything."""

    def app(_: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        pairs = [(name.replace("_", "-"), value) for name, value in headers.items()]
        start_response(f"{status} Whatever", [("Content-Type", media_type), *pairs])
        return [body]

    return app


class Guarded:
    """The embedded Kohort that takes one token of its own, and echoes it in a refusal."""

    def __init__(self, token: str, spelled: Callable[[str], str] = str) -> None:
        self._app, self._token, self._spelled = conforming("kohort"), token, spelled

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Put the sandbox's own token in place of the good one."""
        given = environ.get("HTTP_AUTHORIZATION", "")
        if given == f"Bearer {self._token}":
            good = {**environ, "HTTP_AUTHORIZATION": f"Bearer {sandbox.TOKEN}"}
            return self._app(good, start_response)
        start_response("401 Unauthorized", [("Content-Type", "application/json")])
        return [f'{{"message": "no token {self._spelled(self._token)}"}}'.encode()]


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer with what was sent, whatever it is."""
    start_response("200 OK", [("Content-Type", "application/json")])
    return [environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)) or b"{}"]


def hollow(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer {} to who has a credential, and refuse all others."""
    allowed = environ.get("HTTP_AUTHORIZATION") == f"Bearer {sandbox.TOKEN}"
    status = "201 Created" if allowed else "401 Unauthorized"
    start_response(status, [("Content-Type", "application/json")])
    return [b"{}"]


def create_only() -> App:
    """Return the conforming sandbox for a token that may create, and not read."""
    inner = kohort()

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST":
            return inner(environ, start_response)
        return answering(403, b"{}", "application/json")(environ, start_response)

    return app


class Limited:
    """The conforming sandbox that takes amounts between two limits only."""

    def __init__(self, least: int, most: int) -> None:
        self._inner, self._limits = kohort(), (least, most)

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Refuse other amounts in place of making an order."""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        try:
            amount = json.loads(body)["amount"]
            usual = isinstance(amount, str) or self._limits[0] <= amount <= self._limits[1]
        except (ValueError, KeyError, TypeError):
            usual = True
        if usual:
            return self._inner(environ, start_response)
        start_response("422 Unprocessable", [("Content-Type", "application/json")])
        return [b'{"message": "the amount is out of range"}']


@dataclass(frozen=True)
class Situation:
    """A run of the command, and what has to come of it."""

    status: int
    last: str = ""  # in the last line of standard output, or of standard error for wrong use
    app: Callable[[], App] | None = None
    arguments: tuple[str, ...] = SMALL
    environment: dict[str, str] = field(default_factory=dict)
    targets: bytes | str | None = None  # a targets file; {url} is the server's
    waivers: bytes | str | None = None
    outcome: str | None = None  # of the JSON report; None where there must be none


def kohort() -> App:
    """Return the conforming sandbox."""
    return conforming("kohort")


def web_page() -> App:
    """Return a login page."""
    return answering(200, b"<html>log in</html>", "text/html")


def table(lines: str) -> str:
    """Return a targets file with further lines in its table."""
    return f'[s.kohort]\nurl = "{{url}}"\n{lines}\n'


def waiver(expires: str, name: str = "waivers") -> str:
    """Return a waivers file."""
    return (
        f'[[{name}]]\nclause = "request.typical"\nreason = "r"\nowner = "o"\nexpires = {expires}\n'
    )


def wrong(last: str, **more: Any) -> Situation:
    """Return a situation of wrong use."""
    return Situation(2, last, kohort, **more)


SITUATIONS = {
    "conforms": Situation(0, "pass: go", kohort, WHOLE, outcome="pass"),
    "nothing but the target is named": Situation(0, "kohort at http://", kohort, outcome="pass"),
    "embedded": Situation(0, "the embedded sandbox, not yours", None, WHOLE, outcome="pass"),
    "a violation": Situation(
        1, "fail: no go", lambda: faulty("kohort", "amount-in-euros"), outcome="fail"
    ),
    "a budget of one": Situation(
        3, "for want of budget", kohort, (*CREATE, "--budget", "1"), outcome="incomplete"
    ),
    "a budget of one is allowed": Situation(
        0,
        "go, since --allow-incomplete",
        kohort,
        (*CREATE, "--budget", "1", "--allow-incomplete"),
        outcome="incomplete",
    ),
    "a violation in a small budget": Situation(
        1,
        "no go",
        lambda: faulty("kohort", "amount-in-euros"),
        (*CREATE, "--budget", "3"),
        outcome="fail",
    ),
    "not exercised is counted": Situation(
        0, "not exercised", kohort, (*CREATE, "--budget", "100"), outcome="pass"
    ),
    "not exercised, all required": Situation(
        3,
        "not exercised, which --require-complete asks for",
        kohort,
        (*CREATE, "--budget", "100", "--require-complete", "--fail-on", "convention"),
        outcome="incomplete",
    ),
    "both of complete and incomplete": wrong(
        "exclude each other", arguments=("--require-complete", "--allow-incomplete")
    ),
    "a share": Situation(
        0,
        "share 1/100: no verdict by itself",
        kohort,
        (*SMALL, "--shard", "1/100"),
        outcome="incomplete",
    ),
    "a share with a violation": Situation(
        1,
        "no go",
        lambda: faulty("kohort", "amount-in-euros"),
        (*SMALL, "--shard", "1/100"),
        outcome="fail",
    ),
    "404 to all": Situation(
        3,
        "not there; check the base URL",
        lambda: answering(404, b"{}", "application/json"),
        WHOLE,
        outcome="aborted",
    ),
    "405 to all": Situation(
        3, "check the base URL", lambda: answering(405, b"", "text/plain"), WHOLE, outcome="aborted"
    ),
    "501 to all": Situation(
        3, "check the base URL", lambda: answering(501, b"", "text/plain"), WHOLE, outcome="aborted"
    ),
    "a redirect": Situation(
        3,
        "leads elsewhere",
        lambda: answering(302, b"", "text/plain", Location="/login"),
        outcome="aborted",
    ),
    "a login page": Situation(3, "behind a login", web_page, outcome="aborted"),
    "no JSON": Situation(
        3, "it is no JSON", lambda: answering(200, b"OK", "text/plain"), WHOLE, outcome="aborted"
    ),
    "an echo": Situation(3, "an echo or another API", lambda: echo, outcome="aborted"),
    "another API's success": Situation(
        3,
        "an echo or another API",
        lambda: answering(200, b'{"status": "ok"}', "application/json"),
        outcome="aborted",
    ),
    "nothing in any answer": Situation(
        1, "no go", lambda: hollow, (*CREATE, "--budget", "30"), outcome="fail"
    ),
    "maintenance": Situation(
        3, "in maintenance", lambda: answering(503, b"<html>", "text/html"), outcome="aborted"
    ),
    "a gateway without its server": Situation(
        3, "in maintenance", lambda: answering(521, b"<h1>down", "text/html"), outcome="aborted"
    ),
    "another host": Situation(
        3, "leads elsewhere", lambda: answering(421, b"{}", "application/json"), outcome="aborted"
    ),
    "TLS asked for": Situation(
        3, "leads elsewhere", lambda: answering(426, b"{}", "application/json"), outcome="aborted"
    ),
    "a network that asks to log in": Situation(
        3, "behind a login", lambda: answering(511, b"<html>", "text/html"), outcome="aborted"
    ),
    "a web page that says that a server failed": Situation(
        3, "with a web page", lambda: answering(500, b"<h1>oops", "text/html"), outcome="aborted"
    ),
    "a server that fails": Situation(
        1, "no go", lambda: answering(500, b"oops", "text/plain"), outcome="fail"
    ),
    "credentials refused": Situation(
        3, "refuses the credentials", lambda: Guarded("another-token"), outcome="aborted"
    ),
    "a token that may not read": Situation(
        3, "the token may lack a permission", create_only, WHOLE, outcome="incomplete"
    ),
    "nothing listens": Situation(
        3,
        "no connection",
        None,
        ("--target", "kohort=http://127.0.0.1:1", *SMALL),
        outcome="aborted",
    ),
    "a blank around the token": Situation(
        0, "go", kohort, environment={"KOHORT_TOKEN": " sandbox-token\n"}, outcome="pass"
    ),
    "a line end in the token": wrong(
        "KOHORT_TOKEN: a header can only carry printable ASCII",
        environment={"KOHORT_TOKEN": "sandbox\ntoken"},
    ),
    "a letter that no header has in the token": wrong(
        "KOHORT_TOKEN", environment={"KOHORT_TOKEN": "sändbox-token"}
    ),
    "a token of blanks": wrong("set KOHORT_TOKEN", environment={"KOHORT_TOKEN": "  "}),
    "a header that is a number": wrong(
        "s.kohort.headers.X-Team", targets=table("headers = {X-Team = 7}")
    ),
    "a header with another letter": wrong(
        "s.kohort.headers.X", targets=table('headers = {X = "é"}')
    ),
    "a header over two lines": wrong(
        "s.kohort.headers.X", targets=table('headers = {X = "a\\nb"}')
    ),
    "a header's name with a blank": wrong(
        "no name of a header", targets=table('headers = {"a b" = "x"}')
    ),
    "a header that is ours": wrong("take it out", targets=table('headers = {Host = "x"}')),
    "a header that httpx does not keep to": wrong(
        "take it out", targets=table('headers = {Expect = "100-continue"}')
    ),
    "the header of the token": wrong(
        "sends the token in this header itself", targets=table('headers = {authorization = "x"}')
    ),
    "a report on a full device": wrong(
        "--html /dev/full can't be written", arguments=(*CREATE, "--html", "/dev/full")
    ),
    "a pattern that no clause fits": wrong(
        "did you mean response.locale.enum", arguments=(*CREATE, "--only", "respnse.locale.enum")
    ),
    "a token with a blank in it": Situation(
        3, "check KOHORT_TOKEN", kohort, environment={"KOHORT_TOKEN": "a b"}, outcome="aborted"
    ),
    "no body in any answer": Situation(
        3, "check the base URL", lambda: answering(200, b"", "application/json"), outcome="aborted"
    ),
    "limits that exclude each other": wrong(
        "no value that the suite knows fits",
        targets=table("preconditions = {amount = {minimum = 5, maximum = 4}}"),
    ),
    "limits far above the usual": Situation(
        0,
        "go",
        lambda: Limited(2_000_000, 3_000_000),
        targets=table("preconditions = {amount = {minimum = 2000000, maximum = 3000000}}"),
        outcome="pass",
    ),
    "a rate without end": wrong("s.kohort.rate", targets=table("rate = inf")),
    "a rate that is no number": wrong("s.kohort.rate", targets=table("rate = nan")),
    "a rate of nothing": wrong("s.kohort.rate", targets=table("rate = 0")),
    "a rate in quotes": wrong("s.kohort.rate", targets=table('rate = "5"')),
    "a time-out without end": wrong("s.kohort.timeout", targets=table("timeout = inf")),
    "half a request at once": wrong("s.kohort.concurrency", targets=table("concurrency = 1.5")),
    "an option without end": wrong("--rate", arguments=("--rate", "inf")),
    "an option that is no number": wrong("--timeout", arguments=("--timeout", "nan")),
    "a misspelt key": wrong("did you mean timeout", targets=table("timout = 3")),
    "a precondition that is no schema": wrong(
        "preconditions.amount", targets=table("preconditions = {amount = 7}")
    ),
    "a multiple of nothing": wrong(
        "preconditions.amount", targets=table("preconditions = {amount = {multipleOf = 0}}")
    ),
    "a text longer than any request": wrong(
        "at most 1,000,000",
        targets=table("preconditions = {customerFirstName = {minLength = 1000000000}}"),
    ),
    "one of no conditions": wrong(
        "preconditions.anyOf", targets=table("preconditions = {anyOf = []}")
    ),
    "a base URL with a password": wrong(
        "s.kohort.url: 'http://127.0.0.1:1' is no base URL with a user",
        targets='[s.kohort]\nurl = "http://u:secret@127.0.0.1:1"\n',
    ),
    "a targets file with a byte order mark": Situation(
        0, "go", kohort, targets=b"\xef\xbb\xbf" + table("").encode(), outcome="pass"
    ),
    "a targets file in UTF-16": Situation(
        0, "go", kohort, targets=table("").encode("utf-16"), outcome="pass"
    ),
    "a targets file in Latin-1": wrong("save it as UTF-8", targets=table("# é").encode("latin-1")),
    "a targets file that is no TOML": wrong("no TOML", targets="[s.kohort"),
    "a number of 5,000 digits": wrong("no TOML", targets=table("budget = " + "9" * 5000)),
    "a waiver until an instant": Situation(
        2,
        "no finding needs the waiver",
        kohort,
        waivers=waiver("2099-12-31T00:00:00Z"),
        outcome="pass",
    ),
    "a waiver until no date": wrong("expected a date", waivers=waiver('"soon"')),
    "a misspelt waiver": wrong("did you mean 'waivers'", waivers=waiver("2099-12-31", "waiver")),
    "a waiver in UTF-16": Situation(
        2, "no finding needs", kohort, waivers=waiver("2099-12-31").encode("utf-16"), outcome="pass"
    ),
    "a terminal in Japanese": Situation(
        0, "go", kohort, environment={**STRICT, "PYTHONIOENCODING": "cp932"}, outcome="pass"
    ),
    "a terminal in Latin-1": Situation(
        0, "go", kohort, environment={**STRICT, "PYTHONIOENCODING": "latin-1"}, outcome="pass"
    ),
    "a terminal in ASCII": Situation(
        1,
        "no go",
        lambda: faulty("kohort", "amount-in-euros"),
        environment={**STRICT, "PYTHONIOENCODING": "ascii"},
        outcome="fail",
    ),
    "a token that is a word of ours": Situation(
        0, "go", lambda: Guarded("orders"), environment={"KOHORT_TOKEN": "orders"}, outcome="pass"
    ),
    "a token that is the API's name": Situation(
        0, "go", lambda: Guarded("kohort"), environment={"KOHORT_TOKEN": "kohort"}, outcome="pass"
    ),
}


def run(
    *arguments: str, environment: dict[str, str] | None = None, **more: Any
) -> subprocess.CompletedProcess[bytes]:
    """Run the installed command in a process of its own."""
    command = Path(sys.executable).with_name("contracts")
    own = {name: value for name, value in os.environ.items() if not name.startswith("KOHORT_")}
    return subprocess.run(  # noqa: S603
        [str(command), *arguments],
        stderr=subprocess.PIPE,
        timeout=120,
        check=False,
        env={**own, "KOHORT_TOKEN": sandbox.TOKEN, **(environment or {})},
        **{"stdout": subprocess.PIPE, **more},
    )


def text_of(done: subprocess.CompletedProcess[bytes]) -> tuple[str, str]:
    """Return standard output and standard error as text."""
    return done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


@pytest.fixture
def arguments(
    tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[tuple[Situation, list[str]]]:
    """Serve what a situation asks for, and give it with the arguments of its command."""
    situation: Situation = SITUATIONS[request.param]
    report = tmp_path / "report.json"
    typed = ["verify", "--json", str(report), *situation.arguments]
    with served(situation.app() if situation.app else kohort()) as url:
        if situation.targets is not None:
            text = situation.targets
            data = text if isinstance(text, bytes) else text.encode()
            for encoding in ("utf-8", "utf-16-le"):
                data = data.replace("{url}".encode(encoding), url.encode(encoding))
            (tmp_path / "targets.toml").write_bytes(data)
            typed += ["--targets", str(tmp_path / "targets.toml")]
        elif situation.app is not None:
            typed += ["--target", f"kohort={url}"]
        if situation.waivers is not None:
            text = situation.waivers
            (tmp_path / "w.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
            typed += ["--waivers", str(tmp_path / "w.toml")]
        yield situation, typed


# each of these is like another one, and takes a whole run of its own
AT_NIGHT = {
    "embedded",
    "a violation in a small budget",
    "not exercised, all required",
    "405 to all",
    "501 to all",
    "no JSON",
    "another API's success",
    "nothing in any answer",
    "a targets file in UTF-16",
    "a waiver in UTF-16",
    "a terminal in Latin-1",
    "a terminal in ASCII",
    "a token that is the API's name",
}


def check_end(situation: Situation, directory: Path, status: int, streams: tuple[str, str]) -> None:
    """Check exit status, last line, and that there is a report where there has to be one."""
    out, err = streams
    assert status == situation.status, out[-2000:] + err
    assert "Traceback" not in out + err
    lines = (err if situation.status == 2 else out).strip().splitlines()
    assert situation.last in lines[-1]
    report = directory / "report.json"
    if situation.outcome is None:
        assert not report.exists()
        assert len(lines) == 1
    else:
        assert json.loads(report.read_text(encoding="utf-8"))["outcome"] == situation.outcome


@pytest.mark.parametrize(
    "arguments",
    [at_night(name) if name in AT_NIGHT else name for name in SITUATIONS],
    indirect=True,
)
def test_a_situation_ends_as_it_has_to(
    arguments: tuple[Situation, list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exit status, last line, and a report that can be read back; never a traceback."""
    situation, typed = arguments
    if situation.environment.items() >= STRICT.items():
        done = run(*typed, environment=situation.environment)
        status = done.returncode
        streams = text_of(done)
    else:
        for name, value in {"KOHORT_TOKEN": sandbox.TOKEN, **situation.environment}.items():
            monkeypatch.setenv(name, value)
        status = main.run(typed)
        streams = capsys.readouterr()
    check_end(situation, tmp_path, status, streams)
    allowed = "--allow-incomplete" in situation.arguments or "--shard" in situation.arguments
    if situation.outcome is None or allowed:
        return
    report = tmp_path / "report.json"
    expected = {"pass": 0, "fail": 1, "incomplete": 3, "aborted": 3}[situation.outcome]
    assert main.run(["report", str(report)]) == (2 if situation.waivers else expected)
    assert main.run(["report", "--exit-zero", str(report)]) == 0


@pytest.mark.nightly
@pytest.mark.parametrize("arguments", list(SITUATIONS), indirect=True)
def test_a_situation_ends_so_for_the_installed_command(
    arguments: tuple[Situation, list[str]], tmp_path: Path
) -> None:
    """What is run in this process by day is the command's own behaviour."""
    situation, typed = arguments
    done = run(*typed, environment=situation.environment)
    check_end(situation, tmp_path, done.returncode, text_of(done))


@pytest.mark.parametrize("device", ["closed pipe", "full device"])
def test_reports_are_written_when_nobody_reads(tmp_path: Path, device: str) -> None:
    """The status is that of the verdict."""
    report = tmp_path / "report.json"
    if device == "full device":
        with Path("/dev/full").open("wb") as full:
            done = run("verify", *SMALL, "--json", str(report), stdout=full)
    else:
        reading, writing = os.pipe()
        os.close(reading)
        done = run("verify", *SMALL, "--json", str(report), stdout=writing)
        os.close(writing)
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    assert json.loads(report.read_text(encoding="utf-8"))["outcome"] == "pass"


def test_a_report_is_written_where_standard_output_and_error_are_closed(tmp_path: Path) -> None:
    """The status is that of the verdict; a violation is told by it alone."""
    report = tmp_path / "report.json"
    command = f"{sys.executable} -m contracts verify {' '.join(CREATE)} --budget 3 --json {report}"
    done = subprocess.run(["sh", "-c", f"{command} >&- 2>&-"], check=False)  # noqa: S603, S607
    assert done.returncode == 3  # for want of budget
    assert json.loads(report.read_text(encoding="utf-8"))["outcome"] == "incomplete"


def test_a_report_to_standard_output_that_is_closed_is_wrong_use() -> None:
    """Nobody would get it, which is said before anything is sent."""
    command = f"{sys.executable} -m contracts verify {' '.join(CREATE)} --json - >&-"
    done = subprocess.run(["sh", "-c", command], check=False, capture_output=True)  # noqa: S603, S607
    assert done.returncode == 2
    assert done.stderr == b"contracts: --json - can't be written: standard output is closed\n"
