"""The HTTP message itself: it came, is whole, is no 5xx, says what it is; and the words in it."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from contracts import clause_ids
from contracts.model import ABSENT, Check, Contract, Exchange, Failure, Response
from contracts.schema.jsontext import decode, show


def words(exchange: Exchange) -> str:
    """Say what came back in a few words: the status and the server's own."""
    if isinstance(exchange.answer, Failure):
        return f"no answer: {exchange.answer.detail}"
    body = exchange.value
    if body is ABSENT:
        body = exchange.answer.body.decode("utf-8", "replace")
    message = _message(body) if isinstance(body, dict) else body
    return f"{exchange.answer.status}" + (
        f" {show(message)}" if message and not exchange.accepted else ""
    )


def _message(body: Mapping[str, Any]) -> Any:
    """Return the server's own words in the body of a refusal.

    They stand in a message, in an error, in the title and detail of RFC 9457, or in a list.
    """
    error = body.get("error")
    if isinstance(error, dict):
        error = _message(error) or error
    texts = _several(body.get("errors"))
    problem = ": ".join(filter(None, (_text(body, "title"), _text(body, "detail"), texts)))
    return body.get("message") or error or problem or body.get("reason")


def _several(errors: Any) -> str:
    """Return the words of a list of errors, each a text or an object with a message."""
    if not isinstance(errors, list):
        return show(errors) if errors else ""
    texts = [_message(error) if isinstance(error, dict) else error for error in errors]
    return "; ".join(text if isinstance(text, str) else show(text) for text in texts if text)


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""


def numbers(text: str) -> list[int]:
    """Return the numbers that a sandbox names in its words, also as cents of what it names.

    Example: of "at least 500.00", 500 and 50000.
    """
    texts = re.findall(r"\d[\d,]*(?:\.\d+)?", text[3:])
    named = [Decimal(digits.replace(",", "")) for digits in texts]
    return [int(value) for number in named for value in (number, number * 100)]


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
    ok = not exchange.failed
    got = words(exchange)
    yield Check(clause_ids.NO_SERVER_ERROR, exchange, ok, "", "no 5xx", got)
    for clause in WHOLE_ANSWER:
        yield Check(clause, exchange, ok=True)


def protocol_checks(contract: Contract, exchange: Exchange) -> Iterator[Check]:
    """Yield whether an answer keeps what HTTP and JSON ask of every message."""
    answer = exchange.answer
    if not isinstance(answer, Response):
        return
    status = answer.status
    success = contract.operation.success
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
    expected = documented or "a JSON media type"
    got = kind or "no Content-Type"
    yield Check(clause_ids.MEDIA_TYPE, exchange, right, "", expected, got)
    charsets = re.findall(r"(?:^|;)\s*charset\s*=\s*\"?([^\s;\"]+)", parameters, re.IGNORECASE)
    is_utf_8 = len(charsets) < 2 and {name.lower() for name in charsets} <= UTF_8
    got = ", ".join(map(show, charsets))
    yield Check(clause_ids.CHARSET, exchange, is_utf_8, "", "utf-8, once at most", got)
