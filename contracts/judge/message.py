"""The HTTP message itself: it came, is whole, is no 5xx, and says what it is."""

import re
from collections.abc import Iterator

from contracts import clause_ids
from contracts.judge.server_words import words
from contracts.model import ABSENT, Check, Contract, Exchange, Failure, Response
from contracts.schema.jsontext import decode, show

UTF_8 = frozenset({"utf-8", "utf8", "us-ascii"})
SINGLE = frozenset(
    (
        *("content-type", "content-length", "date", "location", "etag"),
        *("last-modified", "retry-after"),
    )
)

FAILURE_CLAUSES = {
    "timeout": clause_ids.ANSWERS,
    "closed": clause_ids.ANSWERS,
    "down": clause_ids.ANSWERS,
    "too_large": clause_ids.ANSWERS,
    "incomplete": clause_ids.COMPLETE,
    "malformed": clause_ids.HTTP,
    "undecodable": clause_ids.HTTP,
}
WHOLE_ANSWER = tuple(sorted(set(FAILURE_CLAUSES.values())))


def robustness_checks(exchange: Exchange) -> Iterator[Check]:
    """Yield whether an answer came, whole, and whether it is no 5xx."""
    if isinstance(exchange.answer, Failure):
        if exchange.answer.kind == "unread":  # refused, though the words of it were lost
            return
        clause = FAILURE_CLAUSES[exchange.answer.kind]
        expected = "an answer, whole and in time"
        yield Check(clause, exchange, ok=False, expected=expected, got=exchange.answer.detail)
        return
    ok, got = not exchange.failed, words(exchange)
    yield Check(clause_ids.NO_SERVER_ERROR, exchange, ok, "", "no 5xx", got)
    for clause in WHOLE_ANSWER:
        yield Check(clause, exchange, ok=True)


def protocol_checks(contract: Contract, exchange: Exchange) -> Iterator[Check]:
    """Yield whether an answer keeps what HTTP and JSON ask of every message."""
    answer = exchange.answer
    if not isinstance(answer, Response):
        return
    status, success = answer.status, contract.operation.success
    right = success in (None, status)
    yield Check(clause_ids.STATUS, exchange, right, "", f"{success or '2xx'}", str(status))
    if contract.operation.answers:
        yield from _media_type(contract, exchange, answer)
    names = [name for name, _ in answer.headers]
    twice = sorted(name for name in SINGLE if names.count(name) > 1)
    got = ", ".join(twice)
    yield Check(clause_ids.SINGLE_HEADERS, exchange, not twice, "", "each once", got)
    if not contract.operation.answers:
        return
    problems = dict(exchange.problems)
    if exchange.value is ABSENT and exchange.request.is_unreadable:
        _, sent = decode(exchange.request.body or b"")
        if not set(exchange.problems).isdisjoint(sent):  # both are nested too deep to be read
            return
    for clause in (clause_ids.JSON, clause_ids.UNIQUE_NAMES, clause_ids.UNICODE):
        if exchange.value is not ABSENT or clause in problems:
            problem = problems.get(clause, "")
            yield Check(clause, exchange, clause not in problems, "", "one JSON text", problem)


def _media_type(contract: Contract, exchange: Exchange, answer: Response) -> Iterator[Check]:
    essence, _, parameters = (answer.header("content-type") or "").partition(";")
    kind = essence.strip().lower()
    operation = contract.operation
    documented = operation.answered_media_type if operation.success else None
    is_json = re.fullmatch(r"[a-z0-9.+-]+/([a-z0-9.+-]+\+)?json", kind) is not None
    right = kind == documented if documented else is_json
    expected, got = documented or "a JSON media type", kind or "no Content-Type"
    yield Check(clause_ids.MEDIA_TYPE, exchange, right, "", expected, got)
    charsets = re.findall(r"(?:^|;)\s*charset\s*=\s*\"?([^\s;\"]+)", parameters, re.IGNORECASE)
    is_utf_8 = len(charsets) < 2 and {name.lower() for name in charsets} <= UTF_8
    got = ", ".join(map(show, charsets))
    yield Check(clause_ids.CHARSET, exchange, is_utf_8, "", "utf-8, once at most", got)
