"""The requests that a page shows, in whatever notation, and the samples of both bodies."""

import re
from dataclasses import dataclass

from contracts.derive.model import Note
from contracts.derive.page.sample import Sample

METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Header:
    """A header of a request with its line."""

    name: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A sample of an answer: its body, its status and media type where they are printed."""

    sample: Sample
    status: int | None
    media_type: str | None
    first: int
    last: int
    refuses: bool


@dataclass(frozen=True, slots=True)
class Command:
    """One request as the page shows it, with the samples that belong to it.

    `said` is the line above it, which may say where it goes; it is not `whole` where its body is
    cut off.
    """

    method: str
    method_line: int
    url: str | None
    url_line: int
    headers: tuple[Header, ...]
    request: Sample | None
    start: int
    end: int
    answers: tuple[Answer, ...] = ()
    notes: tuple[Note, ...] = ()
    said: str = ""
    whole: bool = True

    @property
    def success(self) -> Answer | None:
        """The first answer that is no refusal."""
        return next((answer for answer in self.answers if not answer.refuses), None)

    @property
    def response(self) -> Sample | None:
        """The sample of the answer to a request that succeeds."""
        return self.success.sample if self.success else None


_URL = re.compile(
    r"(?P<server>[a-z]+://[^/?#]*|[^/?#]*)(?P<path>/[^?#]*)?(?:\?(?P<query>[^#]*))?.*", re.DOTALL
)
_PARAMETER_SPELLING = re.compile(
    r"\$\{(\w+)\}|\$(\w+)|\{\{\s*([\w.-]+)\s*\}\}|<([\w -]+)>|(?<=/):([A-Za-z]\w*)"
)
_KNOWN_SERVER = re.compile(r"[a-z]+://[\w.-]+(?::\d+)?")


@dataclass(frozen=True, slots=True)
class Address:
    """An address in its parts; the server is None where the page writes a variable for it."""

    server: str | None
    path: str | None
    query: tuple[str, ...] = ()


def read_address(url: str) -> Address:
    """Return the parts of an address; parameters of its path are written as ``{name}``.

    Example: ``$BASE/crates/:id`` is the path ``/crates/{id}`` on an unknown server.
    """
    match = _URL.fullmatch(url.strip())
    if not match:
        return Address(None, None)
    server = match["server"] if _KNOWN_SERVER.fullmatch(match["server"]) else None
    path = _PARAMETER_SPELLING.sub(_parameter, match["path"] or "/")
    query = re.findall(r"(?:^|&)([\w.\[\]-]+)=", match["query"] or "")
    return Address(server, path, tuple(dict.fromkeys(query)))


def _parameter(match: re.Match[str]) -> str:
    name = next(group for group in match.groups() if group)
    return "{" + re.sub(r"\W+", "_", name) + "}"
