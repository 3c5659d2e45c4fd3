"""What a run authenticates with, and where its requests go."""

from __future__ import annotations

import ssl
from dataclasses import dataclass

import httpx

from contracts.errors import UsageError

UNKNOWN_TOKEN = "order-contracts-unknown-token"  # noqa: S105 - made up so that nobody was given it


@dataclass(frozen=True, slots=True)
class Credentials:
    """Tokens by the names that requests use in braces; never shown."""

    token: str
    token_without_permission: str | None = None
    other_token: str | None = None  # of another tenant

    def values(self) -> dict[str, str]:
        """Give every value that a header may need.

        The spoiled tokens of the authorization cases included.
        """
        token = self.token
        middle = len(token) // 2
        other = "x" if token[middle : middle + 1] != "x" else "y"
        values = {
            "token": token,
            "unknown": UNKNOWN_TOKEN,
            "altered": f"{token[:middle]}{other}{token[middle + 1 :]}",
            "altered_last": f"{token[:-1]}{'x' if token[-1:] != 'x' else 'y'}",
            "other_case": token.swapcase() if token.swapcase() != token else f"{token}-",
            "cut": token[:-1] or "?",
            "prefix": token[:middle] + "".join("z" if c != "z" else "q" for c in token[middle:]),
        }
        if self.token_without_permission:
            values["token_without_permission"] = self.token_without_permission
        if self.other_token:
            values["other_token"] = self.other_token
        return values


@dataclass(frozen=True, slots=True)
class Connection:
    """How to reach a target.

    Further headers (some of them `secrets`), files for TLS, a proxy's URL.
    """

    headers: tuple[tuple[str, str], ...] = ()
    secrets: tuple[str, ...] = ()
    ca: str | None = None
    certificate: str | None = None
    key: str | None = None
    proxy: str | None = None

    def context(self) -> ssl.SSLContext:
        """Make the TLS context; UsageError when a file can't be used."""
        try:
            context = (
                httpx.create_ssl_context()
                if self.ca is None
                else ssl.create_default_context(cafile=self.ca)
            )
            if self.certificate:
                context.load_cert_chain(self.certificate, self.key)
        except (OSError, ssl.SSLError) as error:
            raise UsageError(f"the files for TLS can't be used: {error}") from error
        return context


def check_base_url(base_url: str) -> httpx.URL:
    """Give a base URL read; UsageError when it is none."""
    try:
        url = httpx.URL(base_url)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise UsageError(f"{base_url!r} is no URL: {error}") from error
    if url.port is not None and not 0 < url.port < 1 << 16:
        raise UsageError(f"{base_url!r}: there is no port {url.port}")
    if (
        url.scheme not in ("http", "https")
        or not url.host
        or url.query
        or url.fragment
        or url.userinfo
    ):
        shown = str(url.copy_with(userinfo=b"")) if url.userinfo else base_url
        raise UsageError(
            f"{shown!r} is no base URL; give http://host or https://host, with a path if need be"
        )
    return url
