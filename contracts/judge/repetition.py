"""Answers that name again what an earlier request made."""

from collections.abc import Sequence

from contracts.judge.history import WHOLE
from contracts.judge.operators import references
from contracts.model import ABSENT, Contract, Exchange, Region
from contracts.schema.jsontext import at, show


def replayed(contract: Contract, exchanges: Sequence[Exchange]) -> set[int]:
    """Return which answers are the order that there is, since its reference or its body came again.

    Of references that were sent at once nobody knows which one made the order. Where a body
    without a reference is answered like before, down to the time, a server may have taken it for
    the same request, sent twice.
    """
    created = contract.operation.created
    first_use: dict[tuple[object, ...], Exchange] = {}
    repeats: set[int] = set()
    if created is None:
        return repeats
    for exchange in exchanges:
        sent = exchange.request
        answer = exchange.value
        if not exchange.is_success:
            continue
        values = {pointer: at(sent.value, pointer) for pointer in references(contract)}
        named = {place: value for place, value in values.items() if isinstance(value, str)}
        made = at(answer, created)
        whole = sent.path, sent.body, show(answer, WHOLE)
        is_whole = made is not ABSENT and not named
        if is_whole and first_use.setdefault(whole, exchange) is not exchange:
            repeats.add(id(exchange))
        for use in named.items():
            first = first_use.setdefault((*use, show(made)), exchange)
            if first is not exchange and exchange.case.region is Region.OPEN:
                same_time = first.case.together and exchange.case.together
                repeats |= {id(exchange), id(first)} if same_time else {id(exchange)}
    return repeats
