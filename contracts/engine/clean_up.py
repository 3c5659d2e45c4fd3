"""What a run created is taken back at its end, where the API documents how.

After an interrupt as well; another one ends that, too. What is left stands in the report.
"""

import time
from collections.abc import Iterator

from contracts.engine import endings
from contracts.engine.log import shown_id
from contracts.engine.requests import HEADERS
from contracts.engine.sender import Sender
from contracts.errors import Interrupted, RunAborted
from contracts.model import ABSENT, Request, Response, filled_path
from contracts.schema.jsontext import at
from contracts.spoiling import placed

GONE = (404, 410)  # what a server says of something that is not there any more
MOST_REFUSED = 3  # requests in a row that took nothing back, after which no more are sent
AFTER_INTERRUPT = 20.0  # seconds that may be spent when somebody waits for the end
ENDS = (None, Interrupted.word, endings.DEFECT)  # of a run, after which anything is still sent


def take_back(sender: Sender, aborted_by: str | None) -> tuple[str, ...] | None:
    """Take back what was created, the newest first; return the ids of what is left.

    None where the API does not say how.
    """
    if not sender.contract.take_backs:
        return None
    remaining = dict.fromkeys(sender.created())
    settings = sender.settings
    refused = 0
    interruption = settings.interruption
    interrupts = interruption.times
    ends = time.monotonic() + (AFTER_INTERRUPT if interrupts else settings.patience)
    for name, request in _requests(sender) if aborted_by in ENDS and not settings.keep else ():
        is_over = interruption.times > interrupts or time.monotonic() > ends
        if is_over or refused == MOST_REFUSED:
            break
        if _is_gone(sender, request):
            remaining.pop(name, None)
            refused = 0
        else:
            refused += 1
    return tuple(remaining)


def _requests(sender: Sender) -> Iterator[tuple[str, Request]]:
    """Yield what takes back each thing that was created, with its id as reports have it."""
    contract = sender.contract
    sent = set()
    for exchange in reversed(sender.everything):
        operation = contract.of(exchange.case.operation).operation
        for row in contract.take_backs:
            value = at(exchange.value, row.pointer) if exchange.accepted else ABSENT
            is_there = row.source == operation.name and value not in (ABSENT, None)
            if not is_there or (row, str(value)) in sent:
                continue
            sent.add((row, str(value)))
            parameters = {**exchange.request.parameters, row.parameter: str(value)}
            path = filled_path(row.path, parameters)
            headers, query = placed(
                operation.header, operation.credential, in_query=operation.key_in_query
            )
            path = "?".join(filter(None, (path, query)))
            request = Request(row.method, path, (*HEADERS, *headers), None, ABSENT)
            yield shown_id(value), request


def _is_gone(sender: Sender, request: Request) -> bool:
    """Send a request that takes something back, and return whether it is there no more."""
    try:
        answer = sender.send_apart(request)
    except RunAborted:  # it asks for too much waiting
        return False
    status = answer.status if isinstance(answer, Response) else 0
    return status // 100 == 2 or status in GONE
