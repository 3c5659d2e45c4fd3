"""Tokens that expire: a command or an OAuth2 server gives a new one, also during a run."""

import shlex
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import httpx

from contracts.engine.credentials import Connection, Credentials
from contracts.engine.gates import Gate
from contracts.engine.transports import HttpTransport
from contracts.errors import UsageError
from contracts.model import Failure, Request, Response

LONGEST = 60  # seconds that a command or a server may take
PAUSE = 0.25  # seconds between two tries whether a server is there
EARLY = 10  # seconds before its end in which a token is replaced already
UNAUTHORIZED = 401
FROM_ANSWER = r"""sed -n 's/.*"access_token" *: *"\([^"]*\)".*/\1/p'"""


@dataclass(frozen=True, slots=True)
class Token:
    """A token, and when it ends by `time.monotonic`; None when nobody said."""

    text: str
    ends: float | None = None


class TokenSource:
    """The token of a target, and whatever gives the next one.

    `texts` are all tokens it ever gave: no report may show any of them.
    """

    def __init__(self, fetch: Callable[[], Token], secrets: tuple[str, ...] = ()) -> None:
        self.texts: list[str] = []
        self.secrets = secrets
        self._fetch, self._lock = fetch, threading.Lock()
        self._token = Token("", 0)

    def current(self) -> str:
        """Return the token, a new one when it is about to end; UsageError when there is none."""
        with self._lock:
            ends = self._token.ends
            if ends is not None and time.monotonic() >= ends:
                self._replace()
            return self._token.text

    def after(self, refused: str) -> str:
        """Return the token to use after one was refused: a new one, unless there is one by now."""
        with self._lock:
            if self._token.text == refused:
                self._replace()
            return self._token.text

    def _replace(self) -> None:
        """Fetch a new token; during a run the old one stays where that fails."""
        try:
            self._token = self._fetch()
        except UsageError:
            if not self.texts:
                raise
            # during a run the old one is kept: the sandbox refuses it, and the run ends with words
        if self._token.text not in self.texts:
            self.texts.append(self._token.text)


def printed(command: str, place: str) -> Token:
    """Return the token that a command prints; what it says besides is not shown."""
    try:
        done = subprocess.run(  # noqa: S603 - the project's own configuration names it
            shlex.split(command), capture_output=True, text=True, timeout=LONGEST, check=False
        )
    except (OSError, ValueError) as error:
        raise UsageError(f"{place}: the command can't be run: {error}") from error
    except subprocess.TimeoutExpired:
        raise UsageError(f"{place}: no token came within {LONGEST} s") from None
    if done.returncode != 0:
        raise UsageError(f"{place}: the command ended with status {done.returncode}")
    return Token(_single_line(done.stdout, place))


@dataclass(frozen=True, slots=True)
class OAuth:
    """OAuth2 client credentials (RFC 6749, section 4.4) as a target's table names them."""

    url: str
    client_id: str  # this and the next are names of environment variables
    client_secret: str
    scope: str | None = None
    audience: str | None = None

    def command(self, options: Sequence[str] = ()) -> str:
        """Return a shell command that prints a token, with further options of curl."""
        words = ["curl", "--silent", *options, self.url]
        for name, text in self._form.items():
            words += ["--data-urlencode", f"{name}={text}"]
        identity = f'--user "${{{self.client_id}}}:${{{self.client_secret}}}"'
        return f"{shlex.join(words)} {identity} | {FROM_ANSWER}"

    @property
    def _form(self) -> dict[str, str]:
        form = {"grant_type": "client_credentials", "scope": self.scope, "audience": self.audience}
        return {name: text for name, text in form.items() if text}

    def fetch(
        self, identity: tuple[str, str], connection: Connection, place: str, wait: float = 0
    ) -> Token:
        """Return a token that the server gives for a client's id and secret.

        `wait` is how many seconds it may take until the server is there.
        """
        client = httpx.Client(
            verify=connection.context(), proxy=connection.proxy, timeout=LONGEST, trust_env=False
        )
        asked = time.monotonic()
        try:
            with client:
                answer = _when_there(
                    partial(client.post, self.url, data=self._form, auth=identity), asked + wait
                )
            body = answer.json() if answer.is_success else {}
        except (httpx.HTTPError, ValueError) as error:
            why = f"{type(error).__name__} at {self.url}"
            raise UsageError(f"{place}: no token: {why}") from error
        if not answer.is_success:
            raise UsageError(f"{place}: the server gave no token: status {answer.status_code}")
        text = body.get("access_token") if isinstance(body, dict) else None
        if not isinstance(text, str):
            raise UsageError(f"{place}: the server's answer has no access_token")
        lasts = body.get("expires_in")
        ends = asked + max(lasts - EARLY, lasts / 2) if isinstance(lasts, int | float) else None
        return Token(_single_line(text, place), ends)


def _when_there(ask: Callable[[], httpx.Response], ends: float) -> httpx.Response:
    """Return an answer, asked for until a moment (of `time.monotonic`) while nothing listens."""
    while time.monotonic() < ends:
        with suppress(httpx.ConnectError):
            return ask()
        time.sleep(PAUSE)
    return ask()


def _single_line(text: str, place: str) -> str:
    token = text.strip()
    if not token or not token.isascii() or not token.isprintable():
        raise UsageError(f"{place}: expected a token in one line, which a header can carry")
    return token


class RenewingTransport:
    """A transport whose token is replaced when it ends, or when it is refused with a 401.

    A new token that is refused as well is kept until a request with it is accepted: a sandbox
    that refuses what it should take is no reason to ask for a token with every request.
    """

    def __init__(
        self, transport: HttpTransport, source: TokenSource, credentials: Credentials
    ) -> None:
        self.name = transport.name
        self._transport = transport
        self._source = source
        self._credentials = credentials
        self._worked: set[str] = set()
        self._in_use = credentials.token

    def send(
        self, request: Request, deadline: float, gate: Gate | None = None
    ) -> Response | Failure:
        """Send one request, once more with a new token where the old one has expired."""
        if not any("{token}" in value for _, value in request.headers):
            return self._transport.send(request, deadline, gate)
        token = self._source.current()
        answer = self._send(token, request, deadline, gate)
        refused = isinstance(answer, Response) and answer.status == UNAUTHORIZED
        if not refused:
            self._worked.add(token)
        elif token in self._worked:
            self._worked.discard(token)
            return self._send(self._source.after(token), request, deadline, None)
        return answer

    def _send(
        self, token: str, request: Request, deadline: float, gate: Gate | None
    ) -> Response | Failure:
        if token != self._in_use:  # its spoiled forms are worked out once
            self._transport.authenticate(self._credentials.with_token(token))
            self._in_use = token
        return self._transport.send(request, deadline, gate)

    def close(self) -> None:
        """Let go of connections."""
        self._transport.close()
