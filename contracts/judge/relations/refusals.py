"""Relations of refusals, where a document says which status and what body they have.

See contracts/operators.py.

Only what was sent to be refused is looked at: that a request in the open region was refused says
nothing of why.
"""

from collections.abc import Iterator

from contracts.judge.history import Arguments, History, Seen
from contracts.model import ABSENT, Exchange, Region
from contracts.schema import checks


def status(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check the status of refusals that decide one of the clauses ``cases``."""
    expected = " or ".join(map(str, arguments["status"]))
    for exchange in _refused(history):
        if set(exchange.case.decides) & set(arguments["cases"]):
            yield Seen(
                exchange, exchange.status in arguments["status"], "", expected, str(exchange.status)
            )


def body(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Look whether the bodies of refusals with one of the statuses fit the schema.

    Without ``status`` all refusals are meant. Those that decide a clause of ``unless`` are left
    out, and with ``when`` those whose body does not fit that schema.
    """
    excepted = set(arguments.get("unless", ()))
    for exchange in _refused(history):
        if "status" in arguments and exchange.status not in arguments["status"]:
            continue
        if excepted & set(exchange.case.decides):
            continue
        if "when" in arguments and not checks.fits(arguments["when"], exchange.value):
            continue
        if exchange.value is ABSENT:
            yield Seen(exchange, ok=False, place="", expected="a JSON object", got="no JSON text")
            continue
        broken = checks.broken(arguments["schema"], exchange.value)
        for check in broken[:1]:
            place, expected, got = check.place, check.expected, check.got
            yield Seen(exchange, ok=False, place=place, expected=expected, got=got)
        if not broken:
            yield Seen(exchange, ok=True, place="", expected="", got="")


def _refused(history: History) -> Iterator[Exchange]:
    return (
        exchange
        for exchange in history.exchanges
        if exchange.case.region is Region.INVALID and exchange.refused
    )
