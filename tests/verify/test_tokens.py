"""Tokens that expire are renewed during a run, and no output shows any of them."""

from __future__ import annotations

import base64
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from contracts import sandbox
from contracts.authoring.inputs import choose_page
from contracts.authoring.start import start
from contracts.cli import main
from contracts.engine.credentials import Connection
from contracts.errors import UsageError
from contracts.verify import tokens
from contracts.verify.targets import choose
from tests.helpers.serving import App, conforming, faulty, served, verify


class Expiring:
    """A sandbox that issues tokens by OAuth2 and takes each of them for a few requests only."""

    LASTS = 8

    def __init__(self, app: App) -> None:
        self.issued = 0
        self._app, self._left = app, 0

    @property
    def token(self) -> str:
        """The token that is good now."""
        return f"issued-secret-{self.issued}"

    def issue(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Give a new token to who has the client's id and secret."""
        identity = base64.b64encode(b"the-id:the-secret").decode()
        if environ.get("HTTP_AUTHORIZATION") != f"Basic {identity}":
            start_response("401 Unauthorized", [])
            return [b""]
        self.issued, self._left = self.issued + 1, self.LASTS
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps({"access_token": self.token, "token_type": "Bearer"}).encode()]

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer as the sandbox does whoever has the token that is good now."""
        if environ["PATH_INFO"] == "/token":
            return self.issue(environ, start_response)
        given = environ.get("HTTP_AUTHORIZATION", "")
        if given == f"Bearer {self.token}" and self._left:
            self._left -= 1
            environ["HTTP_AUTHORIZATION"] = f"Bearer {sandbox.TOKEN}"
        elif given:
            environ["HTTP_AUTHORIZATION"] = "Bearer expired"
        return self._app(environ, start_response)


@pytest.fixture
def expiring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Expiring, str]]:
    """Return the sandbox and its address; the client's id and secret are in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ID", "the-id")
    monkeypatch.setenv("SECRET", "the-secret")
    app = Expiring(conforming("kohort"))
    with served(app, threads=1) as url:
        yield app, url


OAUTH = 'oauth = {{ url = "{url}/token", client_id = "ID", client_secret = "{secret}" }}\n'


def test_a_token_of_oauth_is_renewed_during_a_run(
    tmp_path: Path, expiring: tuple[Expiring, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """The run is as good as with a token that lasts; neither tokens nor the secret are shown."""
    app, url = expiring
    target = f'[env.s.kohort]\nurl = "{url}"\n' + OAUTH.format(url=url, secret="SECRET")
    Path("order-contracts.toml").write_text(target, encoding="utf-8")
    few = ("--fuzz", "0", "--budget", "40", "--allow-incomplete")
    status, report = verify(tmp_path, "kohort/create-order", "--env", "s", *few)
    assert (status, report["runs"][0]["findings"]) == (0, [])
    assert app.issued > 2
    shown = json.dumps(report) + "".join(capsys.readouterr())
    assert "issued-secret" not in shown
    assert "the-secret" not in shown


@pytest.mark.usefixtures("expiring")
@pytest.mark.parametrize("key", [OAUTH, 'token_command = "cat the\\\\ token.txt"\n'])
@pytest.mark.parametrize(
    ("fault", "clause"),
    [
        ("first-name-cut", "relation.customerFirstName.echo"),
        ("group-lost", "relation.paymentGroupId.joined"),
    ],
)
def test_a_printed_command_works_where_no_variable_holds_the_token(
    tmp_path: Path, key: str, fault: str, clause: str
) -> None:
    """It asks for a token by itself: one request, and several of which the last joins a group."""
    app = Expiring(faulty("kohort", fault))
    app.LASTS = 10_000
    Path("the token.txt").write_text(app.token.replace("0", "1"), encoding="utf-8")
    with served(app, threads=1) as url:
        app.issue({"HTTP_AUTHORIZATION": "Basic dGhlLWlkOnRoZS1zZWNyZXQ="}, lambda *_: None)
        given = key.format(url=url, secret="SECRET") if "oauth" in key else key
        config = f'[env.s.kohort]\nurl = "{url}"\n{given}'
        Path("order-contracts.toml").write_text(config, encoding="utf-8")
        options = ("kohort/create-order", "--env", "s", "--fuzz", "0", "--only", clause)
        status, report = verify(tmp_path, *options)
        assert status == 1
        command = report["runs"][0]["findings"][0]["curl"]
        done = subprocess.run(["sh", "-c", command], check=True, capture_output=True)  # noqa: S603, S607
        assert done.stdout.startswith(b"HTTP/1.1 201"), command


@pytest.mark.usefixtures("expiring")
@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("token_command = \"{python} -c 'exit(3)'\"", "the command ended with status 3"),
        ("token_command = \"{python} -c 'print()'\"", "expected a token in one line"),
        ('token_command = "/nowhere"', "the command can't be run"),
        (OAUTH.format(url="{url}", secret="ID"), "the server gave no token: status 401"),
        (OAUTH.format(url="{url}", secret="NOWHERE"), "set NOWHERE in the environment"),
        ('oauth = {{ url = "{url}/token" }}', "s.kohort.oauth: client_id is missing"),
    ],
)
def test_no_token_is_one_line(
    token: str, words: str, expiring: tuple[Expiring, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 2: it names the place, and shows nothing of what the command printed."""
    text = f'[env.s.kohort]\nurl = "{expiring[1]}"\n'
    text += token.replace("{{", "{").replace("}}", "}").replace("{url}", expiring[1])
    text = text.replace("{python}", sys.executable)
    Path("order-contracts.toml").write_text(text, encoding="utf-8")
    assert main.run(["verify", "kohort/create-order", "--env", "s"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert words in line


@pytest.mark.usefixtures("expiring")
@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("token_command = \"{python} -c 'print(1234567)'\"", "s.kohort.token_command"),
        ('token = "ID"', "check ID"),
    ],
)
def test_a_token_that_is_refused_is_told_by_where_it_comes_from(
    token: str, words: str, expiring: tuple[Expiring, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 3: what is to be checked is not the variable that the contract names."""
    text = f'[env.s.kohort]\nurl = "{expiring[1]}"\n' + token.replace("{python}", sys.executable)
    Path("order-contracts.toml").write_text(text, encoding="utf-8")
    assert main.run(["verify", "kohort/create-order", "--env", "s"]) == 3
    said = " ".join(capsys.readouterr().out.split())
    assert words in said
    assert "KOHORT_TOKEN" not in said


def test_nothing_is_secret_where_no_token_is_asked_for(tmp_path: Path) -> None:
    """Spoiled forms of no token, such as " more", are words that every report has."""
    page = tmp_path / "page.txt"
    page.write_text("POST\n/crates\n\nBody\n\napplication/json\n\nkind\nstring\nrequired\n")
    _, folder = start("crates", choose_page([page]), tmp_path / "apis")
    (target,) = choose([str(folder)], ["crates=http://127.0.0.1:9"], {})
    assert target.secrets == []


def test_a_server_of_tokens_that_is_being_started_is_waited_for() -> None:
    """As long as `--wait` says, while nothing listens there."""
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    oauth = tokens.OAuth(f"http://127.0.0.1:{port}/token", "ID", "SECRET")
    fetch = partial(oauth.fetch, ("the-id", "the-secret"), Connection(), "place")
    with pytest.raises(UsageError, match="no token: ConnectError at http"):
        fetch()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 23\r\n\r\n"

    def start() -> None:
        with socket.create_server(("127.0.0.1", port)) as server:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(head + b'{"access_token": "t-1"}')

    starting = threading.Timer(0.6, start)
    starting.start()
    assert fetch(wait=20).text == "t-1"
    starting.join()
