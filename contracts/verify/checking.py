"""Exchanges that somebody else made, judged: one of any HTTP library, or a recording (HAR).

Each exchange is judged by itself: protocol, robustness, the response schema, and the relations
within one exchange. What a refusal decides needs a run, which knows why it sent a request.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from contracts.definition import loading
from contracts.errors import UsageError
from contracts.interop import fuzzing
from contracts.interop.exchanges import exchange_of, request_of
from contracts.judge.causes import causes
from contracts.judge.operators import is_of_several
from contracts.judge.outcomes import judge
from contracts.model import Case, Contract, Exchange, Finding, Region, Response, Run
from contracts.schema.files import read_json

SECRET = re.compile(r"auth|token|api[-_]?key|cookie|secret", re.IGNORECASE)


class SentRequest(Protocol):
    """A request as httpx has it; of requests, a PreparedRequest (its body is `body`)."""

    method: Any
    url: Any
    headers: Any


class ReceivedResponse(Protocol):
    """A response as httpx and requests have it; `content` is the decoded body."""

    status_code: int
    headers: Any

    @property
    def content(self) -> Any:
        """The body as bytes."""


def check(
    api: str | Contract, request: SentRequest, response: ReceivedResponse
) -> tuple[Finding, ...]:
    """Return what one exchange breaks of a contract: nothing when it keeps it.

    `api` is a name, the folder of a contract, or a contract that is loaded; of an API with
    several operations the one is taken whose method and path fit. UsageError when none does.
    Example: ``contracts.check("kohort", response.request, response)`` after an `httpx.post`;
    each finding has `clause`, `place`, `expected` and `got`.
    """
    operations = (api,) if isinstance(api, Contract) else loading.load_all(api)
    body = getattr(request, "content", None) or getattr(request, "body", None) or b""
    recorded = Recorded(
        str(request.method),
        str(request.url),
        tuple(request.headers.items()),
        body.encode() if isinstance(body, str) else bytes(body),
        Response(response.status_code, tuple(response.headers.items()), bytes(response.content)),
    )
    contract = _contract_of(operations, recorded)
    if contract is None:
        known = ", ".join(f"{c.operation.method} {c.operation.path}" for c in operations)
        raise UsageError(f"{recorded.name} is none of the operations: {known}")
    return judge(_by_itself(contract), [judged_exchange(contract, recorded, 1)])[1]


@dataclass(frozen=True, slots=True)
class Recorded:
    """One exchange as it was recorded."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    answer: Response

    @property
    def name(self) -> str:
        """The method and the address, without a query."""
        return f"{self.method} {self.url.partition('?')[0]}"


@dataclass(slots=True)
class Recording:
    """The runs that a recording amounts to, and what of it was left out, with the reason."""

    runs: list[Run] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)  # what no report may show


def check_recording(path: Path, apis: Sequence[str]) -> Recording:
    """Return the exchanges of a HAR file judged by the operations of APIs they belong to."""
    contracts = [contract for api in apis for contract in loading.load_all(api)]
    recording = Recording()
    exchanges: dict[tuple[str, str], list[Exchange]] = {}
    for number, recorded in enumerate(_read(path, recording), 1):
        contract = _contract_of(contracts, recorded)
        if contract is None:
            recording.left_out.append(f"{recorded.name}: no operation of the contracts")
            continue
        place = contract.name, _base_url(contract, recorded)
        exchanges.setdefault(place, []).append(judged_exchange(contract, recorded, number))
        for name, value in recorded.headers:
            if SECRET.search(name):
                recording.secrets += [value, value.rpartition(" ")[2]]
    recording.runs = [
        _run(contract, base_url, of_place)
        for contract in contracts
        for (name, base_url), of_place in exchanges.items()
        if name == contract.name
    ]
    if not recording.runs:
        why = next(iter(recording.left_out), "it has no exchanges")
        raise UsageError(f"{path}: nothing can be judged by {', '.join(apis)}: {why}")
    return recording


def _run(contract: Contract, base_url: str, exchanges: Sequence[Exchange]) -> Run:
    contract = _by_itself(contract)
    results, findings = judge(contract, exchanges)
    return Run(
        contract=contract,
        target=base_url,
        requests=len(exchanges),
        seconds=0.0,
        results=results,
        findings=findings,
        observations=(),
        causes=causes(contract, findings),
        exchanges=tuple(exchanges),
    )


def _by_itself(contract: Contract) -> Contract:
    """Return a contract with the clauses that one exchange can decide without the others."""
    clauses = tuple(clause for clause in contract.clauses if not is_of_several(clause))
    return replace(contract, clauses=clauses)


def _contract_of(contracts: Sequence[Contract], recorded: Recorded) -> Contract | None:
    """Return the contract of an exchange's operation: that with the longest path that fits."""
    method = recorded.method.upper()
    asked = (contract for contract in contracts if contract.operation.method == method)
    fitting = (contract for contract in asked if _parameters(contract, recorded))
    return max(fitting, key=lambda contract: len(contract.operation.path), default=None)


def _parameters(contract: Contract, recorded: Recorded) -> re.Match[str] | None:
    """Return the match of a contract's path at the end of an address: it may have a base path."""
    return re.search(rf"{contract.operation.path_pattern}/?$", urlsplit(recorded.url).path)


def _base_url(contract: Contract, recorded: Recorded) -> str:
    """Return what stands before an operation's path: what ``--target`` takes."""
    parts = urlsplit(recorded.url)
    match = _parameters(contract, recorded)
    path = parts.path[: match.start()] if match else ""
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{path}"


def judged_exchange(contract: Contract, recorded: Recorded, number: int) -> Exchange:
    """Return what was recorded as an exchange with an operation, its token as a marker."""
    operation = contract.operation
    answer = recorded.answer
    parts = urlsplit(recorded.url)
    match = _parameters(contract, recorded)
    path = (match[0] if match else parts.path) + (f"?{parts.query}" if parts.query else "")
    parameters = match.groupdict() if match else {}
    method = recorded.method.upper()
    request = request_of(method, path, recorded.headers, recorded.body, parameters)
    # why a request was refused is not known, so it may be either, but for what was accepted
    region = Region.OPEN
    if answer.status // 100 == 2:
        valid = fuzzing.case_of(contract, request.value).region if operation.takes_body else None
        region = Region.VALID if valid in (None, Region.VALID) else Region.OPEN
    case = Case(number, region, f"recorded {number}")
    return exchange_of(case, request, answer, hidden=operation.header.lower())


def _read(path: Path, recording: Recording) -> Iterator[Recorded]:
    """Yield the exchanges of a HAR file whose answer was recorded with its body."""
    data = read_json(path)
    try:
        entries = data["log"]["entries"]
        for entry in entries:
            recorded = _recorded(entry)
            if recorded.answer.status < 100:
                recording.left_out.append(f"{recorded.name}: no answer was recorded")
            elif _size(entry["response"], recorded.answer) > len(recorded.answer.body):
                recording.left_out.append(f"{recorded.name}: the body was not recorded whole")
            else:
                yield recorded
    except (KeyError, TypeError, AttributeError, binascii.Error) as error:
        raise UsageError(f"{path} is no HAR: {type(error).__name__}: {error}") from error


def _size(response: Mapping[str, Any], answer: Response) -> int:
    """Return how many bytes a body had, as far as it is said: a recording may have cut it."""
    length = answer.header("content-length") or ""
    announced = int(length) if length.isdecimal() and not answer.header("content-encoding") else 0
    recorded: int = response.get("content", {}).get("size", 0)
    return max(announced, recorded)


def _recorded(entry: Mapping[str, Any]) -> Recorded:
    request = entry["request"]
    response = entry["response"]
    content = response.get("content", {})
    body = content.get("text", "")
    encoded = content.get("encoding") == "base64"
    return Recorded(
        request["method"],
        request["url"],
        tuple((pair["name"], pair["value"]) for pair in request["headers"]),
        (request.get("postData") or {}).get("text", "").encode(),
        Response(
            response["status"],
            tuple((pair["name"].lower(), pair["value"]) for pair in response["headers"]),
            base64.b64decode(body) if encoded else body.encode(),
        ),
    )
