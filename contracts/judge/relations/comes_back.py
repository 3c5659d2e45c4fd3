"""What comes back as it was sent, as far as a server may write it otherwise."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from decimal import Context, Decimal
from typing import Any

from contracts import clause_ids
from contracts.judge.history import NOTHING, Answer, History, Look, key
from contracts.judge.relations.forms import instant
from contracts.model import ABSENT, Exchange
from contracts.schema.jsontext import at, is_number, same, show

DIGITS = Context(prec=12)  # that a number keeps on its way through a server's arithmetic
NUMBER = re.compile(r"-?\d{1,30}(\.\d{1,30})?", re.ASCII)
PHONE_MARKS = str.maketrans("", "", " ()-./+")
# How a text is written, of which it is the same text: letters that Unicode calls equivalent and
# the number of spaces (a database's or a form's doing), capitals, and what parts the digits of a
# phone number for people to read.
WRITINGS: Mapping[str, Callable[[str], str]] = {
    "form": lambda text: " ".join(unicodedata.normalize("NFC", text).split()),
    "case": lambda text: WRITINGS["form"](text).casefold(),
    "marks": lambda text: re.sub(r"[\s().\-/\u2010-\u2015]", "", text),
}

Known = tuple[Any, float]  # of what a server knows by an id, such as a customer, and since when
LONGER = 100  # times; what is longer than a text by more is no other writing of it


def is_rewritten(sent: str, value: str, how: str | None) -> bool:
    """Whether a text came back that differs in its way of writing only, one of `WRITINGS`."""
    write = WRITINGS.get(how or "")
    return write is not None and len(value) <= LONGER * len(sent) and write(sent) == write(value)


def echoes(sent: Any, value: Any, *, but_for: str | None) -> bool:
    """Whether a member came back; outer spaces of a text may be cut, and its writing be another."""
    if isinstance(sent, str) and isinstance(value, str):
        return value in (sent, sent.strip(" ")) or is_rewritten(sent, value, but_for)
    return same(sent, value)


def known_values(
    history: History, request: str, response: str, stored_with: str
) -> dict[str, list[Known]]:
    """Return what was sent at any time for what a server knows by an id, and what it has for none.

    A server may know a customer by more than the id, and by what two requests share.
    """
    known: dict[str, list[Known]] = defaultdict(list)
    for answer in history.accepted:
        sent = answer.sent(request)
        value = answer.got(response)
        is_sent = sent not in (*NOTHING, "")
        ended = answer.exchange.started + answer.exchange.seconds
        one = (sent, 0.0) if is_sent else (value, ended)
        if (owner := answer.got(stored_with)) not in NOTHING:
            known[key(owner)].append(one)
    return known


def is_known(exchange: Exchange, known: Known, value: Any, but_for: str | None) -> bool:
    """Whether a value is what was known of something before it was asked for.

    What another request is shown at the same time may be what this one sent, wrongly kept.
    """
    text, since = known
    return since <= exchange.started and echoes(text, value, but_for=but_for)


def check_comes_back(
    history: History, request: str, response: str, *, stated: bool = False
) -> Iterator[Look]:
    """Check that a member comes back as it was sent, but for how a server may write it.

    Spaces, letter case, Unicode's forms, the zeros of a number and the offset of a time may be
    others. With ``*`` for the items of lists, their order may be another one too, equal ones may
    be put together, and what was not sent may be added. Only requests that must be accepted, or
    that lie on a limit of the page or have a few items, are looked at: odd texts may be cleaned.
    Where the page says that it comes back, null does not stand for it (`stated`).
    """
    looked_at = [each for each in history.accepted if _is_stated(each.exchange)]
    for answer in looked_at:
        sent = [value for value in _sent(answer, request) if value not in (*NOTHING, "")]
        missing = (ABSENT,) if stated else NOTHING
        places = [look for look in answer.places(response) if look[1] not in missing]
        expected = f"{show(sent[0] if len(sent) == 1 else sent)}, as sent"
        left = [tidied(value) for value in sent]
        if len(sent) != len(places):
            whole = answer.got(response.partition("/*")[0])
            items = list(answer.places(f"{response.rpartition('/*')[0]}/*"))
            if isinstance(whole, list) and len(set(map(show, left))) > len(items):
                yield answer.look(response.partition("/*")[0], expected, whole, ok=False)
            continue
        for place, value in places:
            ok = tidied(value) in left or any(_has_all(value, each) for each in sent)
            if tidied(value) in left:
                left.remove(tidied(value))
            yield answer.look(place, expected, value, ok=ok)


def _is_stated(exchange: Exchange) -> bool:
    """Whether a request is plausible, or plain but for a value at a limit, or a few plain items."""
    states = exchange.case.observes
    usual = (clause_ids.LIMIT, ".several")
    is_plain = bool(states) and all(state.endswith(usual) for state in states)
    return exchange.must_accept or is_plain


def _has_all(value: Any, sent: Any) -> bool:
    """Whether an object has every member that was sent, as it was sent."""
    if not (isinstance(value, dict) and isinstance(sent, dict)):
        return False
    return all(tidied(value.get(name)) == tidied(member) for name, member in sent.items())


def _sent(answer: Answer, pattern: str) -> list[Any]:
    """Return what a request has at a pointer with ``*`` for the items of lists."""
    first, *rest = pattern.split("/*")
    values = [answer.sent(first)]
    for part in rest:
        items = [item for value in values if isinstance(value, list) for item in value]
        values = [at(item, part) for item in items]
    return values


def tidied(value: Any) -> Any:
    """Return a value in a form that does not depend on how a server writes it.

    ``" Zoë@Example.com"`` and ``"zoë@example.com"`` are the same, and so are "10.00" and "10".
    """
    if is_number(value):
        return DIGITS.create_decimal(str(value))
    if not isinstance(value, str):
        return value
    if moment := instant(value):
        return moment
    text = " ".join(unicodedata.normalize("NFKC", value).casefold().split()).rstrip("/")
    if NUMBER.fullmatch(text):
        return Decimal(text)
    digits = text.translate(PHONE_MARKS)
    return digits if digits.isdecimal() else text
