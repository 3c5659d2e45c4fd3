"""What an answer must not show: what an unrelated request was sent, and orders in refusals."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from contracts.judge.history import NOTHING, Arguments, History, Seen, key
from contracts.model import Exchange, Region, Response
from contracts.schema.jsontext import at, escape, show

TOKEN = re.compile(r"[0-9A-Za-z]{8,}")  # a part of a text that two requests do not share by chance
ID = re.compile(r"[0-9A-Za-z_-]{8,}")  # as a whole, since ids of one minute may begin alike


def check_unrelated(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that an answer, or a header of it, shows nothing that only unrelated requests sent.

    Looked for is what is new in a request, and the ids of what was created (``created``). Requests
    are related when one refers to another, or to the same one as another does, and when both are
    about the same one at ``by``. The places ``except`` of accepted answers have clauses of their
    own.
    """
    senders: dict[str, set[int]] = defaultdict(set)
    whose: dict[int, set[str]] = {}
    related: dict[int, set[int]] = {}
    for exchange in history.exchanges:
        number = exchange.number
        related[number] = {number, *exchange.case.after}
        whose[number] = _about(exchange, arguments)
        for token in _new_tokens(exchange.case.body, exchange.request.value):
            senders[token].add(number)
        created = at(exchange.value, arguments["created"]) if exchange.accepted else None
        if isinstance(created, str) and ID.fullmatch(created) and not created.isdigit():
            senders[created].add(number)
    for exchange in history.exchanges:
        if not isinstance(exchange.answer, Response):
            continue
        own = set(TOKEN.findall((exchange.request.body or b"").decode("utf-8", "replace")))
        leak = next(
            (
                (place, text, min(senders[token]))
                for place, text in _shown(exchange, arguments)
                for token in {*TOKEN.findall(text), *ID.findall(text)}
                if token in senders
                and token not in own
                and not _is_related(exchange.number, senders[token], related, whose)
            ),
            None,
        )
        expected = "nothing of an unrelated request"
        if leak is None:
            yield Seen(exchange, ok=True, place="", expected=expected, got="")
        else:
            place, text, number = leak
            got = f"{show(text, 80)}, which is of request {number}"
            yield Seen(exchange, ok=False, place=place, expected=expected, got=got)


def _new_tokens(template: Any, sent: Any) -> Iterator[str]:
    """Yield the parts of texts that differ from their template, since they are new each time."""
    if isinstance(template, dict) and isinstance(sent, dict):
        for name, member in template.items():
            yield from _new_tokens(member, sent.get(name))
    elif isinstance(template, str) and isinstance(sent, str) and template != sent:
        known = set(TOKEN.findall(template))
        yield from (token for token in TOKEN.findall(sent) if token not in known)


def _about(exchange: Exchange, arguments: Arguments) -> set[str]:
    """Return the ids at ``by`` that an exchange names, in its request or its answer."""
    by = arguments.get("by")
    values = [at(exchange.request.value, by), at(exchange.value, by)] if by else []
    return {key(value) for value in values if value not in (*NOTHING, "")}


def _is_related(
    number: int, others: set[int], related: dict[int, set[int]], whose: dict[int, set[str]]
) -> bool:
    return any(related[number] & related[one] or whose[number] & whose[one] for one in others)


def _shown(exchange: Exchange, arguments: Arguments) -> Iterator[tuple[str, str]]:
    """Yield (place, text) of all that an answer shows: its headers, and its body by members."""
    assert isinstance(exchange.answer, Response)  # noqa: S101 - the caller asked
    for name, value in exchange.answer.headers:
        yield f"header {name}", value
    exempt = arguments.get("except", ()) if exchange.accepted else ()
    if isinstance(exchange.value, dict | list):
        yield from _texts(exchange.value, "", exempt)
    else:
        yield "", exchange.answer.body.decode("utf-8", "replace")


def _texts(value: Any, place: str, exempt: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if place in exempt:
        return
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _texts(member, f"{place}/{escape(name)}", exempt)
            yield place, name
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, f"{place}/{index}", exempt)
    elif isinstance(value, str):
        yield place, value


def check_no_order(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that a refusal does not show what would have been created.

    That is an object at the place of the id ``created`` that has an id and all of ``members``.
    """
    parent = arguments["created"].rpartition("/")[0]
    for exchange in history.exchanges:
        if exchange.case.region is not Region.INVALID or not exchange.refused:
            continue
        order = at(exchange.value, parent)
        names = (arguments["created"][len(parent) :], *arguments["members"])
        is_shown = isinstance(order, dict) and all(at(order, name) not in NOTHING for name in names)
        got = show(at(exchange.value, arguments["created"])) if is_shown else ""
        yield Seen(exchange, not is_shown, parent, "a refusal without an order in it", got)
