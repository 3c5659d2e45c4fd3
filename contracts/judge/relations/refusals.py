"""Relations of refusals, where a document says which status and what body they have.

Only what was sent to be refused is looked at: that a request in the open region was refused
says nothing of why.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from contracts.judge.history import History, Look
from contracts.model import ABSENT
from contracts.schema import checks


def status(history: History, cases: Sequence[str], status: Sequence[int]) -> Iterator[Look]:
    """Check the status of refusals that decide one of the clauses ``cases``."""
    expected = " or ".join(map(str, status))
    for exchange in history.invalid:
        if set(exchange.case.decides) & set(cases):
            ok = exchange.status in status
            yield Look(exchange, ok, "", expected, str(exchange.status))


def body(
    history: History,
    schema: Mapping[str, Any],
    *,
    status: Sequence[int] | None = None,
    unless: Sequence[str] = (),
    when: Mapping[str, Any] | None = None,
) -> Iterator[Look]:
    """Look whether the bodies of refusals with one of the statuses fit the schema.

    Without ``status`` all refusals are meant. Those that decide a clause of ``unless`` are
    left out, and with ``when`` those whose body does not fit that schema.
    """
    for exchange in history.invalid:
        if status is not None and exchange.status not in status:
            continue
        if set(unless) & set(exchange.case.decides):
            continue
        if when is not None and not checks.fits(when, exchange.value):
            continue
        if exchange.value is ABSENT:
            expected, got = "a JSON object", "no JSON text"
            yield Look(exchange, ok=False, place="", expected=expected, got=got)
            continue
        broken = checks.broken(schema, exchange.value)
        for check in broken[:1]:
            place, expected, got = check.place, check.expected, check.got
            yield Look(exchange, ok=False, place=place, expected=expected, got=got)
        if not broken:
            yield Look(exchange, ok=True, place="", expected="", got="")
