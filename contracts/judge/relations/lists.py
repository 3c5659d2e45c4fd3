"""Relations of lists to what was created: nothing is missing, twice, or in another order."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from contracts.judge.history import Answer, History, Look
from contracts.judge.relations.across import by_id, compared, created_by, own_answers
from contracts.judge.relations.forms import comparable, identity, same_in_address
from contracts.model import ABSENT
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
) -> Iterator[Look]:
    """Check that a list has what was created before, as it was created.

    Something may be missing when the list is cut and ends with something newer. With ``where``
    a list is of what has the value of a path parameter there.
    """
    for answer in own_answers(history):
        if not _is_asked_from_its_beginning(answer, pages, query or {}):
            continue
        entries = answer.got(items)
        listed = by_id(entries, item_id)
        # where an item has no id that can be read, nobody knows which item is missing
        indexes = range(len(_parts(entries, "")))
        unnamed = any(answer.got(f"{items}/{index}{item_id}") is ABSENT for index in indexes)
        for exchange in created_by(by, history):
            if exchange.number > answer.exchange.number:
                continue
            if where is not None:
                owner = answer.exchange.request.parameters[parameter]
                if not same_in_address(at(exchange.value, where), owner):
                    continue  # none of those that the list is of
            name, value = at(exchange.value, created_id), at(exchange.value, created)
            if identity(name) in listed:
                index, item = listed[identity(name)]
                place = f"{items}/{index}"
                sent, words = exchange.request.value, "as created"
                yield from compared(answer, value, item, place, except_, words=words, sent=sent)
            elif not unnamed and _reaches(answer, entries, at(value, instant), instant, page):
                expected, got = f"{show(name)}, which was created before", "not in the list"
                yield Look(answer.exchange, ok=False, place=items, expected=expected, got=got)


def check_counts(
    history: History, items: str, count: str, page: int, pages: Sequence[str]
) -> Iterator[Look]:
    """Check that a count is no less than what is shown, and no more where the page is not full."""
    for answer in own_answers(history):
        entries, number = answer.got(items), answer.got(count)
        if not isinstance(entries, list) or not isinstance(number, (int, float)):
            continue
        query = answer.exchange.case.query
        whole = len(entries) < page and not query.keys() & set(pages)
        ok = number >= len(entries) and (number == len(entries) or not whole)
        expected = f"{len(entries)}, which are shown" + ("" if whole else ", or more")
        yield answer.look(count, expected, number, ok=ok)


def check_ordered(
    history: History,
    *,
    items: str,
    by: str,
    parameter: str,
    ascending: str,
    descending: str,
    default: bool = False,
) -> Iterator[Look]:
    """Check that a list is in the order of its items' instants that was asked for.

    With ``default`` the order where none is asked for is the descending one.
    """
    for answer in own_answers(history):
        order = answer.exchange.case.query.get(parameter)
        if order not in (ascending, descending) and not (order is None and default):
            continue
        texts = _parts(answer.got(items), by)
        for index, (before, text) in enumerate(pairwise(texts), 1):
            instants = comparable(before, text)
            if instants is None:
                continue
            upwards = order == ascending
            ok = instants[0] <= instants[1] if upwards else instants[0] >= instants[1]
            word = "not before" if upwards else "not after"
            expected = f"{word} {show(before)}, which comes before it"
            yield answer.look(f"{items}/{index}{by}", expected, text, ok=ok)


def check_paged(
    history: History, *, items: str, instant: str, count: str, take: str, skip: str
) -> Iterator[Look]:
    """Check that pages are no longer than asked for, and that each is a part of the whole list.

    A page is compared with the list that was read without pages, as long as both have one
    count: another client may have created something in between. What stands at a place is told
    by its instant, since two things of one moment may change places.
    """
    lists = [answer for answer in own_answers(history) if not answer.exchange.case.query]
    for answer in own_answers(history):
        query, entries = answer.exchange.case.query, answer.got(items)
        if not query.keys() >= {take, skip} or not isinstance(entries, list):
            continue
        most, first = int(query[take]), int(query[skip])
        expected = f"{most} items at most, as asked for"
        ok = len(entries) <= most
        yield Look(answer.exchange, ok, items, expected, f"{len(entries)} items")
        number = answer.got(count)
        for whole in [each for each in lists if each.got(count) == number][-1:]:
            moments = list(map(show, _parts(whole.got(items), instant)))
            part = moments[first : first + most]
            moments_shown = list(map(show, _parts(entries, instant)))
            expected = f"the {len(part)} items that the whole list has from {first} on"
            same_length = len(moments_shown) == len(part)
            got = "others" if same_length else f"{len(moments_shown)} items"
            ok = moments_shown == part or first + most > len(moments)
            yield Look(answer.exchange, ok, items, expected, got)


def check_refused_absent(
    history: History, *, by: str, request: str, items: str, item: str
) -> Iterator[Look]:
    """Check that no list has what was refused, which the caller's own reference shows."""
    accepted = [exchange for exchange in history.others if exchange.accepted]
    accepted_references = {at(exchange.request.value, request) for exchange in accepted}
    refused = {
        at(exchange.request.value, request): exchange
        for exchange in history.others
        if exchange.refused and exchange.case.operation == by
    }
    for answer in own_answers(history):
        entries = answer.got(items)
        if not isinstance(entries, list):
            continue
        references = enumerate(_parts(entries, item))
        places = {text: index for index, text in references if isinstance(text, str)}
        for reference, exchange in refused.items():
            if isinstance(reference, str) and reference not in accepted_references:
                place = f"{items}/{places.get(reference, 0)}{item}"
                expected = f"nothing of what was refused with {exchange.status}"
                yield answer.look(place, expected, reference, ok=reference not in places)


def check_once(
    history: History, *, by: str, request: str, created_id: str, items: str, item_id: str, item: str
) -> Iterator[Look]:
    """Check that one reference of a caller never makes two, also when it is sent at once."""
    created: dict[str, set[str]] = {}
    for exchange in history.others:
        reference = at(exchange.request.value, request)
        is_created = exchange.accepted and exchange.case.operation == by
        if is_created and isinstance(reference, str):
            names = created.setdefault(reference, set())
            names.add(identity(at(exchange.value, created_id)))
            expected, got = "one order, or a refusal of the others", f"{len(names)} orders"
            yield Look(exchange, len(names) < 2, created_id, expected, got)
    for answer in own_answers(history):
        listed: dict[str, set[str]] = {}
        for part in _parts(answer.got(items), ""):
            reference = at(part, item)
            if isinstance(reference, str) and reference in created:
                names = listed.setdefault(reference, set())
                names.add(identity(at(part, item_id)))
                expected, got = f"one order with {show(reference)}", f"{len(names)}"
                yield Look(answer.exchange, len(names) < 2, items, expected, got)


def _parts(items: Any, pointer: str) -> list[Any]:
    """Return what each item of a list has at a pointer; nothing where it is no list."""
    return [at(item, pointer) for item in items] if isinstance(items, list) else []


def _is_asked_from_its_beginning(
    answer: Answer, pages: Sequence[str], needed: Mapping[str, str]
) -> bool:
    """Whether a list was asked for from its beginning, without leaving anything out."""
    query = answer.exchange.case.query
    if not query.keys() <= set(pages):
        return False
    return all(query.get(name) == value for name, value in needed.items())


def _reaches(answer: Answer, items: Any, moment: Any, instant: str, page: int) -> bool:
    """Whether a list goes back to when something was created, so that it has to be in it."""
    if not isinstance(items, list):
        return False
    if not items or (not answer.exchange.case.query and len(items) < page):
        return True
    instants = comparable(at(items[0], instant), at(items[-1], instant), moment)
    if instants is None:
        return False
    newest, oldest, creation = instants
    return oldest <= newest and oldest < creation
