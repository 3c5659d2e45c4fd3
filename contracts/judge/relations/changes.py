"""Relations of what was changed or deleted: what is read of it later, what a change leaves out."""

import re
from collections.abc import Iterator, Sequence

from contracts.judge.history import Answer, History, Look, moment
from contracts.judge.relations.across import compared, created_by, own_answers
from contracts.model import Exchange
from contracts.schema.jsontext import at, same

DELETED = re.compile(r"delet|remov|archiv|cancel", re.IGNORECASE)  # names of members


def check_gone(history: History, *, by: str, created: str, read_by: str) -> Iterator[Look]:
    """Check that what was deleted does not read as it was created.

    It may still be shown as something that was deleted.
    """
    for answer in own_answers(history):
        deleted = answer.exchange
        read = _read_after(answer.exchange, read_by, history)
        if read is None:
            continue
        creations = created_by(by, history) if read.accepted else ()
        for creation in creations:
            before = at(creation.value, created)
            after = at(read.value, created)
            if not isinstance(before, dict) or not isinstance(after, dict):
                continue
            both = before.keys() & after.keys()
            unchanged = both and all(same(before[name], after[name]) for name in both)
            marks = [value for name, value in after.items() if DELETED.search(name)]
            if unchanged and not any(marks):
                got = f"{read.status} with what was created"
                expected = f"no GET {read.request.path} as before, since it was deleted"
                yield Look(deleted, ok=False, place="", expected=expected, got=got)
        if not read.accepted:
            yield Look(deleted, ok=True, place="", expected="a refusal", got=str(read.status))


def check_stays(
    history: History, *, read_by: str, response: str, except_: Sequence[str] = ()
) -> Iterator[Look]:
    """Check that what was changed reads as the answer to the change has it."""
    own = list(own_answers(history))
    for answer in own:
        change = answer.exchange
        read = _read_after(answer.exchange, read_by, history)
        if read is None or not read.accepted:
            continue
        # what was changed in between, or once more afterwards, reads otherwise
        until = read.started + read.seconds
        later = [each for each in own if change.started <= each.exchange.started <= until]
        if change.started <= read.started and later == [answer]:
            words = f"as GET {read.request.path} has it afterwards"
            value = at(read.value, response)
            yield from compared(answer, value, answer.got(response), response, except_, words=words)


def check_kept(
    history: History, *, parameter: str, response: str, members: Sequence[str]
) -> Iterator[Look]:
    """Check that members that a change is not sent stay as the change before it answered them.

    Of two changes at the same moment, nobody knows which of them was the first.
    """
    answers = {answer.exchange.number: answer for answer in own_answers(history)}
    before: Answer | None = None  # to the last change, if no other one was under way
    busy = 0.0  # until when changes were
    for exchange in sorted(history.exchanges, key=moment):
        if exchange.refused:
            continue
        answer = answers.get(exchange.number)
        sent = exchange.request.value
        is_alone = exchange.started >= busy and not exchange.case.together
        if before and answer and is_alone and _names_the_same(before, answer, parameter):
            shown = before.got(response)
            left_out = {name: at(shown, f"/{name}") for name in members if name not in sent}
            value = answer.got(response)
            words = "as before, since it was left out"
            yield from compared(answer, left_out, value, response, (), words=words, sent=left_out)
        before = answer if is_alone and isinstance(sent, dict) else None
        busy = max(busy, exchange.started + exchange.seconds)


def _names_the_same(before: Answer, answer: Answer, parameter: str) -> bool:
    """Whether a change is of the same thing as the one before, and its body is an object."""
    named = [each.exchange.request.parameters[parameter] for each in (before, answer)]
    return named[0] == named[1] and isinstance(answer.exchange.request.value, dict)


def _read_after(before: Exchange, read_by: str, history: History) -> Exchange | None:
    """Return the exchange that was planned to read, after another one, what it is about."""
    reads = (exchange for exchange in history.others if exchange.case.operation == read_by)
    return next((read for read in reads if before.case.number in read.case.after), None)
