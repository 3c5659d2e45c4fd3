"""Relations of lists to what was created: nothing is missing, twice, or in another order."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from contracts.judge.history import NOTHING, Answer, History, Look
from contracts.judge.relations.across import by_id, compared, created_by, own_answers, shown_at_once
from contracts.judge.relations.asked import has
from contracts.judge.relations.forms import comparable, identity, same_in_address
from contracts.model import ABSENT, Exchange
from contracts.schema.jsontext import at, show

PAGE = 25  # items that a list has at most, unless a contract says otherwise


def check_listed(
    history: History,
    *,
    by: str,
    created_id: str,
    created: str,
    items: str,
    item_id: str,
    instant: str,
    pages: Sequence[str],
    except_: Sequence[str] = (),
    where: str | None = None,
    parameter: str = "",
    query: Mapping[str, str] | None = None,
    page: int = PAGE,
    filters: Mapping[str, str] = MappingProxyType({}),
    members: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Look]:
    """Check that a list has what was created before, as it was created.

    Something may be missing when the list is cut and ends with something newer. With ``where``
    a list is of what has the value of a path parameter there, and with ``filters`` of what has
    that of a query parameter at the pointer beside it. With ``members`` only these of what it
    has are compared, each with what stands at the pointer beside it.
    """
    for answer in own_answers(history):
        if not _is_asked_from_its_beginning(answer, (*pages, *filters), query or {}):
            continue
        shown, query_sent = answer.got(items), answer.exchange.request.query
        most = 0 if query_sent.keys() - filters else page
        listed = by_id(shown, item_id)
        unnamed = _has_broken_id(answer, items, item_id)
        for exchange in _unchanged(by, created_id, history, answer.exchange):
            name, value = at(exchange.value, created_id), _part(exchange, created, members)
            if name in NOTHING:  # an id that is none is told of where it was handed out
                continue
            if where is not None:
                asked = answer.exchange.request.parameters[parameter]
                if not same_in_address(at(exchange.value, where), asked):
                    continue  # none of those that the list is of
            if not _passes(exchange.value, query_sent, filters):
                continue
            if identity(name) in listed:
                index, item = listed[identity(name)]
                place = f"{items}/{index}"
                sent, words = exchange.request.value, "as created"
                yield from compared(answer, value, item, place, except_, words=words, sent=sent)
            elif not unnamed and not members and _reaches(shown, at(value, instant), instant, most):
                expected, got = f"{show(name)}, which was created before", "not in the list"
                yield Look(answer.exchange, ok=False, place=items, expected=expected, got=got)


def _part(exchange: Exchange, created: str, members: Mapping[str, str]) -> Any:
    """Return what was created, or what stands in it at the pointers of members."""
    value = at(exchange.value, created)
    part = {name[1:]: at(value, pointer) for name, pointer in members.items()}
    return part if members else value


def _unchanged(by: str, created_id: str, history: History, read: Exchange) -> Iterator[Exchange]:
    """Yield what was created before a request, of one address that a PUT wrote to the last.

    What something was done to is as that left it.
    """
    others = [e for e in history.others if e.request.method not in ("GET", "PUT") and not e.refused]
    acted_on = {value for e in others if e.case.takes for value in e.request.parameters.values()}
    before = [
        exchange
        for exchange in created_by(by, history)
        if exchange.number <= read.number and str(at(exchange.value, created_id)) not in acted_on
    ]
    last = {exchange.request.path: exchange for exchange in before}
    for exchange in before:
        if exchange.request.method == "POST" or last[exchange.request.path] is exchange:
            yield exchange


def check_counts(
    history: History,
    items: str,
    count: str,
    page: int,
    pages: Sequence[str],
    *,
    paging: Sequence[str] = (),
) -> Iterator[Look]:
    """Check that a count is no less than what is shown, and no more where the page is not full.

    With ``paging`` it is of all pages: no less than what is shown without those parameters.
    """
    for answer in own_answers(history):
        shown = answer.got(items)
        number = answer.got(count)
        if not isinstance(shown, list) or not isinstance(number, (int, float)):
            continue
        query = answer.exchange.request.query
        whole = len(shown) < page and not query.keys() & set(paging or pages)
        rest = _without(answer, paging)
        alike = [each for each in own_answers(history) if paging and _without(each, paging) == rest]
        most = max([len(shown), *shown_at_once(answer, alike, history, items)])
        ok = number >= most and (number == len(shown) or not whole)
        expected = f"{most}, which are shown" + ("" if whole else ", or more")
        yield answer.look(count, expected, number, ok=ok)


def _without(answer: Answer, names: Sequence[str]) -> dict[str, str]:
    """Return the query of a list without the parameters that say which part of it is shown."""
    query = answer.exchange.request.query
    return {name: text for name, text in query.items() if name not in names}


def check_refused_absent(
    history: History, *, by: str, request: str, items: str, item: str
) -> Iterator[Look]:
    """Check that no list has what was refused, which the caller's own reference shows."""
    accepted = [exchange for exchange in history.others if exchange.accepted]
    taken = {at(exchange.request.value, request) for exchange in accepted}
    refused = {
        at(exchange.request.value, request): exchange
        for exchange in history.others
        if exchange.refused and exchange.case.operation == by
    }
    for answer in own_answers(history):
        shown = answer.got(items)
        if not isinstance(shown, list):
            continue
        references = enumerate(_parts(shown, item))
        places = {text: index for index, text in references if isinstance(text, str)}
        for reference, exchange in refused.items():
            if isinstance(reference, str) and reference not in taken:
                place = f"{items}/{places.get(reference, 0)}{item}"
                expected = f"nothing of what was refused with {exchange.status}"
                yield answer.look(place, expected, reference, ok=reference not in places)


def check_once(
    history: History, *, by: str, request: str, created_id: str, items: str, item_id: str, item: str
) -> Iterator[Look]:
    """Check that one reference of a caller never makes two, also when it is sent at once.

    Whether a reference may come again is the server's to say: it has to refuse one on its own.
    """
    created: dict[str, set[str]] = {}
    creations = [exchange for exchange in history.others if exchange.case.operation == by]
    repeated = [each for each in creations if each.refused and each.case.after]
    once = {show(at(exchange.request.value, request)) for exchange in repeated}
    for exchange in creations:
        reference = at(exchange.request.value, request)
        if exchange.accepted and isinstance(reference, str) and show(reference) in once:
            names = created.setdefault(reference, set())
            names.add(identity(at(exchange.value, created_id)))
            expected = "one order, or a refusal of the others"
            got = f"{len(names)} orders"
            yield Look(exchange, len(names) < 2, created_id, expected, got)
    for answer in own_answers(history):
        listed: dict[str, set[str]] = {}
        for part in _parts(answer.got(items), ""):
            reference = at(part, item)
            if isinstance(reference, str) and reference in created:
                names = listed.setdefault(reference, set())
                names.add(identity(at(part, item_id)))
                expected = f"one order with {show(reference)}"
                got = f"{len(names)}"
                yield Look(answer.exchange, len(names) < 2, items, expected, got)


def _parts(items: Any, pointer: str) -> list[Any]:
    """Return what each item of a list has at a pointer; nothing where it is no list."""
    return [at(item, pointer) for item in items] if isinstance(items, list) else []


def _has_broken_id(answer: Answer, items: str, item_id: str) -> bool:
    """Whether an item has no id that can be read, so that nobody knows which item is missing."""
    indexes = range(len(_parts(answer.got(items), "")))
    return any(answer.got(f"{items}/{index}{item_id}") is ABSENT for index in indexes)


def _is_asked_from_its_beginning(
    answer: Answer, pages: Sequence[str], needed: Mapping[str, str]
) -> bool:
    """Whether a list was asked for from its beginning, without leaving anything out."""
    query = answer.exchange.request.query
    if not query.keys() <= set(pages):
        return False
    return all(query.get(name) == value for name, value in needed.items())


def _passes(created: Any, query: Mapping[str, str], filters: Mapping[str, str]) -> bool:
    """Whether what was created has what a list was asked for by its filters."""
    return all(has(at(created, filters[name]), query[name]) for name in query.keys() & filters)


def _reaches(items: Any, moment: Any, instant: str, most: int) -> bool:
    """Whether a list goes back to when something was created, so that it has to be in it.

    With fewer than ``most`` items it is whole.
    """
    if not isinstance(items, list):
        return False
    if len(items) < max(most, 1):
        return True
    instants = comparable(at(items[0], instant), at(items[-1], instant), moment)
    if instants is None:
        return False
    newest, oldest, creation = instants
    return oldest <= newest and oldest < creation
