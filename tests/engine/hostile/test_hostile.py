"""Whatever a server does, a run ends in time, in plain words, with its reports.

And keeps its secrets.
"""

from __future__ import annotations

import io
import json
import os
import re
import resource
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from contracts import sandbox
from contracts.cli import main
from contracts.definition import loading
from contracts.engine import foreign
from contracts.engine.run import run
from contracts.engine.settings import Settings
from contracts.model import Failure, Request, Response
from tests.helpers.nightly import at_night, nightly_after
from tests.helpers.serving import assert_keeps_its_schema

from .behaviours import BEHAVIOURS, TOKEN, Behaviour, always, message
from .decoder import readings
from .server import Server

LONGEST = 60.0  # seconds that a run may take
MOST_MEMORY = 300 * 1024  # kB that it may take
LONGEST_REPORT = 2_000_000  # characters, however much a server says
WINDOW = 9  # characters of a token that may not be seen in a row
EXITS = {"pass": 0, "fail": 1, "incomplete": 0, "aborted": 3}  # with --allow-incomplete
CONTROLS = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
PROGRESS = re.compile(r"\d+ requests done\n")
# what could take memory or time has a process of its own, in which both are measured
HEAVY = re.compile(
    "endless|flood|bomb|hang|drip|huge|nested|large|many|mega|thousands|hundreds|long|digits|exponent"
)
# the behaviours of all kinds that show a token, and every fourth of the others
BY_DAY = {
    name
    for number, name in enumerate(BEHAVIOURS)
    if name.startswith("echo") or (number % 4 == 0 and not HEAVY.search(name))
}
NO_WORDS = re.compile(
    r"Traceback|Error\b|Exception|\bb['\"]|bytearray|\[Errno|_ssl|0x[0-9a-f]|<class"
)


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of a run: exit status, streams, seconds, peak memory in kB, and the JSON report."""

    status: int
    out: str
    err: str
    seconds: float
    memory: int
    written: str

    @property
    def report(self) -> dict[str, Any]:
        """The report, read as strict JSON."""
        report: dict[str, Any] = json.loads(self.written, parse_constant=pytest.fail)
        assert_keeps_its_schema(report)
        return report


def arguments(url: str, folder: Path, api: str, *options: str) -> list[str]:
    """Return the command line of a run, on the operation that the servers answer for.

    So few requests do not decide every clause, which is allowed.
    """
    fixed = ["--budget", "20", "--allow-incomplete", "--fuzz", "0", "--timeout", "0.3"]
    to = ["--target", f"{api}={url}", "--json", str(folder / "report.json")]
    return ["verify", f"{api}/create-order", *fixed, *to, *options]


def verify(url: str, folder: Path, token: str, api: str, *options: str) -> Ended:
    """Run the real command in a process of its own, whose time and memory are measured."""
    known = {n: v for n, v in os.environ.items() if not n.startswith(("KOHORT_", "KOMERZA_"))}
    started = time.monotonic()
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        child = subprocess.Popen(  # noqa: S603 - the command under test
            [sys.executable, "-m", "contracts", *arguments(url, folder, api, *options)],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            env={**known, **credentials(token)},
        )
        memory = 0
        try:
            while child.poll() is None and time.monotonic() - started < LONGEST:
                memory = max(memory, peak(child.pid))
                time.sleep(0.01)
        finally:
            child.kill()
            child.wait()
    return Ended(
        child.returncode,
        (folder / "out").read_text("utf-8"),
        (folder / "err").read_text("utf-8"),
        time.monotonic() - started,
        memory or resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss,
        written(folder),
    )


def verify_here(url: str, folder: Path, token: str, api: str, *options: str) -> Ended:
    """Run the command in this process, which takes a third of the time; memory is not measured."""
    out, err = io.StringIO(), io.StringIO()
    started = time.monotonic()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name, value in credentials(token).items():
            patch.setenv(name, value)
        status = main.run(arguments(url, folder, api, *options))
    seconds = time.monotonic() - started
    return Ended(status, out.getvalue(), err.getvalue(), seconds, 0, written(folder))


def credentials(token: str) -> dict[str, str]:
    """Return the variables of a run."""
    return {"KOHORT_TOKEN": token, "KOMERZA_TOKEN": token, "KOMERZA_STORE": sandbox.STORE}


def written(folder: Path) -> str:
    """Return the JSON report of a run, nothing when it wrote none."""
    report = folder / "report.json"
    return report.read_text("utf-8") if report.exists() else ""


def peak(process: int) -> int:
    """Give the most memory that a process has had, in kB, 0 where the system does not tell.

    What `resource` tells of a child counts the parent too, which it was a copy of when it began.
    """
    with suppress(OSError):
        found = re.search(r"VmHWM:\s*(\d+)", Path(f"/proc/{process}/status").read_text("ascii"))
        return int(found[1]) if found else 0
    return 0


def texts(value: Any) -> Iterator[str]:
    """Yield every string of a JSON value, names included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, dict):
        for name, member in value.items():
            yield name
            yield from texts(member)


def shown_of(token: str, text: str) -> list[str]:
    """Return the parts of a token that a text shows, as they are or in a code that is undone."""
    windows = {token[begin : begin + WINDOW] for begin in range(len(token) - WINDOW + 1)}
    texts_read = readings(text)
    return sorted(window for window in windows if any(window.lower() in one for one in texts_read))


def assert_survived(ended: Ended, token: str) -> None:
    """Check what holds of every run, whatever the server did."""
    assert ended.seconds < LONGEST
    assert ended.memory < MOST_MEMORY
    assert ended.status in EXITS.values(), ended.err
    assert PROGRESS.sub("", ended.err) == ""
    assert len(ended.written) < LONGEST_REPORT
    assert len(ended.out) < LONGEST_REPORT
    assert not CONTROLS.findall(ended.out)
    assert "Traceback" not in ended.out
    report = ended.report
    assert EXITS[report["outcome"]] == ended.status
    assert f"\n{report['outcome']}: " in ended.out
    for text in (ended.out, ended.written, "\n".join(texts(report))):
        assert not shown_of(token, text)


def assert_told(ended: Ended) -> None:
    """Check that a run that is not passed says why, in words."""
    report = ended.report
    findings = [finding for run_ in report["runs"] for finding in run_["findings"]]
    told = [finding["got"] or finding["expected"] for finding in findings]
    if ended.status == EXITS["aborted"]:
        told.append(report["reason"])
        assert "aborted: " in ended.out
    else:
        assert findings
    for words in told:
        assert 0 < len(words) < 1000
        assert not NO_WORDS.search(words)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait a moment only for what a server says to a handshake: many of these never answer."""
    monkeypatch.setattr(foreign, "HANDSHAKE", 0.3)


@pytest.mark.parametrize(
    "name", [name if name in BY_DAY else at_night(name) for name in BEHAVIOURS]
)
def test_a_hostile_server_is_survived(name: str, tmp_path: Path) -> None:
    """A run against it ends within a minute and 300 MB, by a finding or an abort in plain words."""
    behaviour = BEHAVIOURS[name]
    run_command = verify if HEAVY.search(name) else verify_here
    ended = against(behaviour, tmp_path, run_command=run_command)
    assert_survived(ended, behaviour.token)
    assert ended.status in behaviour.exits, behaviour.fact
    if ended.status:
        assert_told(ended)


@pytest.mark.parametrize("name", ["echo_of_request", "echo_in_order", "echo_in_refusal"])
def test_spoiled_tokens_are_not_shown_either(name: str, tmp_path: Path) -> None:
    """The requests with half a token, or with one character changed.

    Are echoed without betraying the rest.
    """
    behaviour = BEHAVIOURS[name]
    ended = against(behaviour, tmp_path, "kohort", "--budget", "150", run_command=verify_here)
    assert_survived(ended, behaviour.token)


@pytest.mark.parametrize(
    "number",
    nightly_after(
        2, ["1e999999999", "1" * 10_000, "-1e-999999999", "0." + "1" * 10_000, "1e" + "9" * 30]
    ),
)
def test_prices_of_any_size_are_multiplied(number: str, tmp_path: Path) -> None:
    """Relations between numbers hold or do not, however large the numbers are; a run goes on."""
    item = f'{{"amount": {number}, "quantity": {number}, "lineTotal": {number}}}'
    coupon = f'{{"percentageDecrease": {number}, "amountDecrease": {number}}}'
    body = f'{{"success": true, "data": {{"id": "1", "items": [{item}], "coupon": {coupon}}}}}'
    ended = against(Behaviour("", always(message(body))), tmp_path, "komerza")
    assert_survived(ended, TOKEN)
    assert ended.status == EXITS["fail"]


def against(
    behaviour: Behaviour,
    folder: Path,
    api: str = "kohort",
    *options: str,
    run_command: Callable[..., Ended] = verify,
) -> Ended:
    """Verify an API against a server that behaves like that, or against none."""
    with closing(Server(behaviour.act or (lambda _: None))) as server:
        if behaviour.act is None:
            server.close()
        url = behaviour.url.format(port=server.port)
        return run_command(url, folder, behaviour.token, api, *options)


@dataclass
class Hanging:
    """A transport on which the requests from some number on, or every so many.

    Are never answered.
    """

    name: str = "hanging"
    first: int = 1
    every: int = 1
    requests: int = 0
    hung: int = 0

    def send(self, request: Request, deadline: float, gate: object = None) -> Response | Failure:  # noqa: ARG002
        """Answer with a refusal, or with what a transport says after the deadline."""
        self.requests += 1
        if self.requests >= self.first and self.requests % self.every == 0:
            self.hung += 1
            return Failure("timeout", f"more than {deadline:g} s passed before it answered")
        return Response(201, (("content-type", "application/json"),), b"{}")

    def close(self) -> None:
        """Do nothing."""


@dataclass
class Limiting:
    """A transport on which every request is asked to come again later."""

    header: tuple[tuple[str, str], ...]
    name: str = "limiting"

    def send(self, request: Request, deadline: float, gate: object = None) -> Response | Failure:  # noqa: ARG002
        """Refuse with 429."""
        return Response(429, self.header, b"")

    def close(self) -> None:
        """Do nothing."""


@pytest.mark.parametrize("after", [None, "0", "1", "soon", "Mon, 01 Jan 2001 00:00:00 GMT"])
def test_a_server_that_never_has_time_does_not_take_the_time_of_a_run(
    after: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Requests that are asked again and again to wait end the run within a minute."""
    slept: list[float] = []
    monkeypatch.setattr("contracts.engine.pace.time.sleep", slept.append)
    transport = Limiting((("retry-after", after),) if after else ())
    ended = run(loading.load("kohort"), transport, Settings(budget=60))
    assert ended.aborted
    assert sum(slept) < LONGEST


@pytest.mark.parametrize(
    ("first", "every"),
    [(1, 1), (2, 1), (10, 1), (1, 2), (1, 3)],
    ids=["all", "second", "tenth", "every 2", "every 3"],
)
def test_a_server_that_hangs_does_not_take_the_time_of_a_run(first: int, every: int) -> None:
    """With the default time-out as well.

    All requests that hang take less than a minute together.
    """
    transport = Hanging(first=first, every=every)
    ended = run(loading.load("kohort"), transport, Settings(budget=60))
    assert ended.findings or ended.aborted
    assert transport.hung * Settings().deadline < LONGEST


def test_a_port_that_speaks_tls_is_told_of_and_not_accused(tmp_path: Path) -> None:
    """A base URL with http for https is no verdict: the mend is named, and nothing is violated."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(Path(__file__).with_name("localhost.pem"))
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        server.socket = context.wrap_socket(server.socket, server_side=True)
        Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        ended = verify_here(url, tmp_path, TOKEN, "kohort")
        server.shutdown()
    report = ended.report
    assert (ended.status, report["outcome"]) == (3, "aborted")
    assert report["reason"].endswith("TLS is spoken there; give the address with https://")
    assert not report["runs"][0]["findings"]
