"""What a server says of itself: its words in an answer, wherever APIs put them."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from contracts.model import ABSENT, Exchange, Failure
from contracts.schema.jsontext import show


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
