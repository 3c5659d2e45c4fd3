"""What a run authenticates with, and where its requests go."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote

import httpcore
import httpx

from contracts.errors import UsageError
from contracts.model import Operation
from contracts.spoiling import SPOILINGS, UNKNOWN_TOKEN, spoiled

HIGHEST_PORT = 65_535
REFUSING_CREDENTIALS = frozenset({401, 403})  # statuses


@dataclass(frozen=True, slots=True)
class Credentials:
    """Tokens by the names that requests use in braces; never shown.

    With the scheme Basic a token may be ``user:password``, which is encoded when it is sent.
    """

    token: str
    token_without_permission: str | None = None
    other_token: str | None = None  # of another tenant
    scheme: str = ""

    def with_token(self, token: str) -> Credentials:
        """Return the same credentials with another token."""
        return replace(self, token=token)

    def values(self) -> dict[str, str]:
        """Return every value that a header may need, the spoiled tokens of cases included."""
        token = self._written(self.token)
        user = _base64(f"{self.token}:")
        values = {"token": token, "unknown": UNKNOWN_TOKEN, "user": user}
        values |= spoiled(token)
        if self.token_without_permission:
            values["token_without_permission"] = self._written(self.token_without_permission)
        if self.other_token:
            values["other_token"] = self._written(self.other_token)
        return values

    def secrets(self) -> list[str]:
        """Return what no report may show: the values, and what people wrote for them."""
        written = (self.token, self.token_without_permission, self.other_token)
        passwords = [text.partition(":")[2] for text in written if text and self._is_encoded(text)]
        values = [value for name, value in self.values().items() if name != "unknown"]
        return [text for text in (*values, *written, *passwords) if text]

    def _written(self, token: str) -> str:
        """Return a token as a header carries it."""
        return _base64(token) if self._is_encoded(token) else token

    def _is_encoded(self, token: str) -> bool:
        """Whether a token is encoded for its header: no text in base64 has a colon in it."""
        return self.scheme.lower() == "basic" and ":" in token

    @property
    def unsure(self) -> frozenset[str]:
        """The markers of spoiled tokens that could still be the token itself."""
        return frozenset(spoiling.marker for spoiling in SPOILINGS) - self.values().keys()


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@dataclass(frozen=True, slots=True)
class Connection:
    """How to reach a target: headers (some are `secrets`), files for TLS, a proxy's URL."""

    headers: tuple[tuple[str, str], ...] = ()
    secrets: tuple[str, ...] = ()
    ca: str | None = None
    certificate: str | None = None
    key: str | None = None
    proxy: str | None = None

    def context(self) -> ssl.SSLContext:
        """Make the TLS context; UsageError when a file can't be used."""
        try:
            if self.ca is None:
                context = httpx.create_ssl_context()
            else:
                context = ssl.create_default_context(cafile=self.ca)
            if self.certificate:
                context.load_cert_chain(self.certificate, self.key)
        except (OSError, ssl.SSLError) as error:
            raise UsageError(f"the files for TLS can't be used: {error}") from error
        return context

    def through(self) -> httpcore.Proxy | None:
        """Return the proxy, with the user and password of its URL; None without one."""
        if not self.proxy:
            return None
        url = _read_url(self.proxy, "proxy")
        user, password = (unquote(part) for part in (url.username, url.password))
        address = str(url.copy_with(userinfo=b""))
        return httpcore.Proxy(address, auth=(user, password) if url.userinfo else None)


def proxy_secrets(proxy: str | None) -> list[str]:
    """Return what nobody may see of a proxy's URL: the password, plain and escaped."""
    if not proxy:
        return []
    password = _read_url(proxy, "proxy").password
    return [password, quote(password, safe="")] if password else []


def check_base_url(base_url: str) -> httpx.URL:
    """Return a base URL read; UsageError when it is none."""
    url = _read_url(base_url, "base URL")
    if url.userinfo:
        address = str(url.copy_with(userinfo=b""))
        mend = "take them out; where the page asks for Basic, they are the token"
        raise UsageError(f"{address!r} is no base URL with a user and a password in it; {mend}")
    return url


def _read_url(text: str, what: str) -> httpx.URL:
    """Return a URL of http or https without query and fragment; UsageError when it is none."""
    address = text.rpartition("@")[2] if "@" in text else text
    if any(character.isspace() for character in text):
        raise UsageError(f"{address!r} is no URL: it has a blank in it; take it out")
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, UnicodeError) as error:
        reason = "" if "@" in text else f": {error}"
        raise UsageError(f"{address!r} is no URL{reason}") from error
    if url.port is not None and not 0 < url.port <= HIGHEST_PORT:
        raise UsageError(f"{address!r}: there is no port {url.port}")
    if url.scheme not in ("http", "https") or not url.host or url.query or url.fragment:
        mend = "give http://host or https://host, with a path if need be"
        raise UsageError(f"{address!r} is no {what}; {mend}")
    return url


def to_be_checked(operation: Operation, token_from: str) -> str:
    """Return what may be wrong where a target refuses the credentials: names of variables.

    `token_from` is what gives the token, if it is not the operation's own variable.
    """
    variables = [token_from or operation.token_variable, *operation.parameters.values()]
    names = " and ".join(filter(None, variables)) or "what the page says of credentials"
    is_basic = operation.scheme.lower() == "basic"
    return f"{names} (user:password, or that in base64)" if is_basic else names


def refuse_the_same(
    credentials: Credentials, parameters: Mapping[str, str], names: Mapping[str, str]
) -> None:
    """Raise UsageError where what has to be another's is the caller's own.

    It would be taken rightly, and the sandbox accused of that. `names` say where each was given,
    the token without a name.
    """
    weaker = credentials.token_without_permission
    other = credentials.other_token
    same = {
        name: ""
        for name, token in {"token_without_permission": weaker, "other_token": other}.items()
        if token and token == credentials.token
    }
    for name, value in parameters.items():
        own = name.removeprefix("foreign_")
        if own != name and value.casefold() == parameters.get(own, "").casefold():
            same[name] = own
    for name, own in same.items():
        variable = names.get(name) or name
        place = names.get(own) or "the token"
        raise UsageError(f"{variable} is the same as {place}: give another one, or none")
