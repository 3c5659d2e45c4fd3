"""What a client's request does wrong.

Each complaint names a clause, a place, what was expected and what was got.

A request that breaks D is told as `invalid`: the server has to refuse it. One that leaves P in
its types, its member names, or by numbers that are too fine or too small is told as `open`:
the page promises nobody that it works. Whatever else P says (lengths, patterns, options, the
largest numbers) is for making requests, and is not held against a client.
"""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from contracts import clause_ids
from contracts.judge import operators
from contracts.mocks.slips import slip
from contracts.model import ABSENT, Case, Clause, Contract, Region, Request
from contracts.schema import checks, formats
from contracts.schema.jsontext import at, decode, show

# keywords of P that a client is held to: what it may well have got wrong, not what is chosen for
# requests of ours
PROMISED = frozenset({"type", "multipleOf", "minimum", "exclusiveMinimum", "additionalProperties"})


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is wrong with one request.

    `bug` says it in a few words, `hint` what may be meant.
    """

    region: Region
    clause: Clause
    place: str
    bug: str
    expected: str
    got: str
    hint: str = ""

    def data(self) -> dict[str, str]:
        """Return the complaint as strings by name, for an answer in JSON."""
        texts = {
            "bug": self.bug,
            "clause": self.clause.id,
            "statement": self.clause.statement,
            "region": self.region.value,
            "place": self.place,
            "expected": self.expected,
            "got": self.got,
            "source": str(self.clause.source),
            "hint": self.hint,
        }
        return {name: text for name, text in texts.items() if text or name == "place"}

    def text(self, request: str) -> str:
        """Return the complaint as lines, the bug first; `request` says what it is about."""
        place = f" at {self.place}" if self.place else ""
        rows = {
            "request": request,
            "clause": f"{self.clause.id}{place}: {self.clause.statement}",
            "expected": self.expected,
            "got": self.got,
            "page": str(self.clause.source),
            "perhaps": self.hint,
        }
        if self.region is Region.OPEN:
            meant = f'.allow("{self.place or "open"}") on the mock, or @pytest.mark.contract_allows'
            rows["but"] = f"no sentence forbids it; if it is meant: {meant}"
        return "\n".join([self.bug, *(f"  {name:9} {text}" for name, text in rows.items() if text)])


class GivenAnswerWarning(UserWarning):
    """An answer that a test gives breaks the contract."""


@dataclass(slots=True)
class Notice:
    """Complaints about one request, said once."""

    request: httpx.Request | None  # None for what no httpx client sent
    number: int
    complaints: tuple[Complaint, ...] = ()
    undeclared: str = ""
    is_said: bool = False


def complaints(
    contract: Contract, request: Request, token: str | None = None
) -> tuple[Complaint, ...]:
    """Return everything that is wrong with a request, by itself, one complaint a place.

    `token` is the one that the client has to send; None takes any.
    """
    return (*_authorization(contract, request, token), *_body(contract, request))


def repeated(
    contract: Contract, request: Request, accepted: Mapping[str, int]
) -> tuple[Complaint, ...]:
    """Complain of a reference that has to come once and that an accepted request had before.

    `accepted` maps the references of accepted requests, as JSON texts, to the numbers of the
    requests.
    """
    expected = "a value that no order had before: the page calls it unique"
    return tuple(
        Complaint(
            Region.OPEN,
            promise(contract, pointer),
            pointer,
            f"the reference {text} is reused",
            expected,
            f"{text}, as in request {accepted[text]}",
            "make it anew for each order",
        )
        for pointer, text in references(contract, request)
        if text in accepted
    )


def references(contract: Contract, request: Request) -> Iterator[tuple[str, str]]:
    """Yield (pointer, JSON text) of the members of a request that have to come once."""
    for pointer in operators.references(contract):
        value = at(request.value, pointer)
        if isinstance(value, str):
            yield pointer, show(value)


def address(contract: Contract, request: Request) -> tuple[Complaint, ...]:
    """Complain of each path parameter that is no UUID, where the page asks for one."""
    complaints = []
    for name, value in request.parameters.items():
        clause = _clause(contract, clause_ids.malformed(name))
        if clause is not None and not formats.FORMATS["uuid"](value):
            bug = f"the address has no {name}, but {show(value)}"
            words = bug, f"a {name}", show(value)
            complaints.append(Complaint(Region.INVALID, clause, "", *words))
    return tuple(complaints)


def promise(contract: Contract, place: str) -> Clause:
    """Return the clause that promises something of the member at a place."""
    member = place.split("/")[1] if "/" in place else ""
    own = (clause_ids.request(f"{member}.{word}") for word in ("accepted", "type"))
    clauses = (_clause(contract, name) for name in (*own, clause_ids.COMBINED))
    return next(clause for clause in clauses if clause is not None)


def _clause(contract: Contract, name: str) -> Clause | None:
    return next((clause for clause in contract.clauses if clause.id == name), None)


def _authorization(contract: Contract, request: Request, token: str | None) -> Iterator[Complaint]:
    """Yield what is wrong with the credential: missing, elsewhere, in another form, unknown."""
    absent = _clause(contract, clause_ids.ABSENT)
    operation = contract.operation
    if absent is None or operation.credential is None:
        return
    scheme = operation.scheme
    expected = f"{operation.header}: {operation.credential.replace('{token}', '<token>')}"
    sent = {name.lower(): value for name, value in request.headers}

    def complaint(clause: str, bug: str, got: str, hint: str = "") -> Complaint:
        return Complaint(Region.INVALID, contract.clause(clause), "", bug, expected, got, hint)

    header = sent.get(operation.header.lower())
    if header is None:
        other = next(filter(_carries_token, sent), None)
        if other is None:
            yield complaint(absent.id, "the token is missing", f"no {operation.header} header")
            return
        after = f", after the word {scheme}" if scheme else ""
        hint = f"put the token into {operation.header}{after}"
        bug = f"the token is in the wrong header, {other}"
        yield complaint(absent.id, bug, f"{other}: <token>", hint)
        return
    word, _, token_sent = header.partition(" ") if scheme else ("", "", header)
    if word.lower() != scheme.lower() and not token_sent:
        bug = "the token stands without its scheme"
        yield complaint(clause_ids.OTHER_SCHEME, bug, "Authorization: <token>")
    elif word.lower() != scheme.lower():
        bug = f"the token is under the wrong scheme, {show(word)}"
        yield complaint(clause_ids.OTHER_SCHEME, bug, f"Authorization: {word} <token>")
    elif not token_sent.strip():
        clause = clause_ids.SCHEME_ONLY if scheme else clause_ids.EMPTY
        yield complaint(clause, "the token is empty", f"{operation.header}: {word}".strip())
    elif token is not None and token_sent.strip() != token:
        bug = "the token is not the one that this mock was given"
        yield complaint(clause_ids.UNKNOWN_TOKEN, bug, "another token")


def _carries_token(name: str) -> bool:
    plain = name.lower().replace("_", "-")
    return any(word in plain for word in ("api-key", "apikey", "token", "auth"))


def _body(contract: Contract, request: Request) -> Iterator[Complaint]:
    """Yield what is wrong with the body: no JSON, not announced as JSON, or against a schema."""
    documented = contract.request
    plausible = contract.plausible
    if documented is None or plausible is None:
        # the page documents no body: whatever is sent is open, and nothing can be said of it
        return
    value, problems = decode(request.body or b"")
    fields = {name.lower(): text for name, text in request.headers}
    media = fields.get("content-type", "absent")
    if value is ABSENT or problems:
        clause = contract.clause(clause_ids.REQUEST_JSON)
        bug = "the body is not JSON"
        got = problems[0][1] if problems else "no body"
        hint = "json=... instead of data=..." if "form" in media else ""
        yield Complaint(Region.INVALID, clause, "", bug, "one JSON text", got, hint)
        return
    if "json" not in media.lower():
        clause = contract.clause(clause_ids.REQUEST_JSON)
        bug, expected = (
            "the body is JSON, but is not announced as such",
            "Content-Type: application/json",
        )
        yield Complaint(Region.OPEN, clause, "", bug, expected, media, "send it with json=...")
    places = set()
    for region, schema in ((Region.INVALID, documented), (Region.OPEN, plausible)):
        for check in checks.broken(schema, value):
            is_promised = region is Region.INVALID or check.keyword.name in PROMISED
            if is_promised and check.place not in places:
                places.add(check.place)
                yield _complaint(contract, region, check, value)


def _complaint(
    contract: Contract, region: Region, check: checks.KeywordCheck, body: Any
) -> Complaint:
    invalid = region is Region.INVALID
    clause = promise(contract, check.place)
    if invalid:
        clause = contract.clause(clause_ids.request(check.keyword.clause))
    bug, hint = slip(check, body)
    why = check.keyword.schema.get("x-source", {}).get(check.keyword.name)
    reason = why.get("why") if isinstance(why, dict) and not invalid else None
    expected = f"{check.expected} ({reason})" if reason else check.expected
    return Complaint(region, clause, check.place, bug, expected, check.got, hint)


def as_case(number: int, complaints: Sequence[Complaint], operation: str | None) -> Case:
    """Return the case that a client's request is, by what is wrong with it."""
    regions = {complaint.region for complaint in complaints}
    region = next((r for r in (Region.INVALID, Region.OPEN) if r in regions), Region.VALID)
    decides = tuple(complaint.clause.id for complaint in complaints)
    return Case(number, region, "of the client", decides=decides, operation=operation)


def warn_of_answer(contract: Contract, body: Any) -> None:
    """Warn of an answer of a test's own that the contract does not allow."""
    places = [
        f"{check.place or 'the body'}: expected {check.expected}, got {check.got} "
        f"(response.{check.keyword.clause})"
        for check in checks.broken(contract.response, body)
    ]
    if places:
        more = f", and {len(places) - 3} more" if len(places) > 3 else ""
        broken_at = f"{'; '.join(places[:3])}{more}"
        text = f"the answer that the test gives breaks the contract at {broken_at}"
        warnings.warn(text, GivenAnswerWarning, stacklevel=3)
