"""Answers that do not come from the operation: another address, maintenance, or a login page."""

from __future__ import annotations

from collections.abc import Sequence

from contracts.model import ABSENT, Contract, Exchange, Response

UNAVAILABLE = frozenset({502, 503, 504})
ELSEWHERE = frozenset({404, 405, 410, 501})


def reason(contract: Contract, exchanges: Sequence[Exchange], address: str) -> str | None:
    """Return why none of the answers is one of this operation, with the likely mend.

    None when some answer may be, or when nothing was answered.
    """
    kinds = [_kind(contract, exchange) for exchange in exchanges if exchange.status is not None]
    if not kinds or None in kinds:
        return None
    operation = contract.operation
    tried = f"{operation.method} {address.rstrip('/')}{operation.path}"
    first = next(exchange for exchange in exchanges if exchange.status is not None)
    return f"{tried} is answered {first.status} to everything: {kinds[0]}"


def is_foreign(contract: Contract, exchange: Exchange) -> bool:
    """Whether an answer does not look like one of the operation."""
    return _kind(contract, exchange) is not None


def _kind(contract: Contract, exchange: Exchange) -> str | None:
    """Return what an answer tells about the address; None when the operation may have given it."""
    answer = exchange.answer
    if not isinstance(answer, Response):
        return None
    if answer.status in UNAVAILABLE:
        return "it is in maintenance, or down; try again later"
    if answer.status in ELSEWHERE:
        return "the operation is not there; check the base URL and its path"
    if answer.status // 100 == 3:
        return "it leads elsewhere, so the base URL is wrong or behind a login"
    if answer.status // 100 == 5 or exchange.value is not ABSENT:
        return None
    if exchange.accepted and not contract.operation.answers:
        return None
    media_type = (answer.header("content-type") or "").lower()
    if "html" in media_type or answer.body.lstrip()[:1] == b"<":
        return "it is a web page, so the base URL is wrong or behind a login"
    if "json" in media_type:
        return None
    return "it is no JSON, so the base URL is wrong or something stands in front of the API"
