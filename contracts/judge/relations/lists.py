"""Relations of lists to what was created: nothing is missing, twice, or in another order."""

from collections.abc import Iterator
from typing import Any

from contracts.judge.history import Answer, Arguments, History, Seen
from contracts.judge.relations import forms
from contracts.judge.relations.across import by_id, compared, created_by, own_answers
from contracts.model import ABSENT, Exchange
from contracts.schema.jsontext import at, show


def check_listed(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that a list has what was created before, as it was created.

    Something may be missing when the list is cut and ends with something newer. With ``where`` a
    list is of what has the value of a path parameter there.
    """
    for answer in own_answers(history):
        if not _plainly_asked(answer.exchange, arguments):
            continue
        items = answer.got(arguments["items"])
        listed = by_id(items, arguments["item_id"])
        unnamed = _has_broken_id(answer, items, arguments)
        for created in created_by(arguments, history):
            if created.number > answer.exchange.number or not _belongs(created, answer, arguments):
                continue
            name = at(created.value, arguments["created_id"])
            value = at(created.value, arguments["created"])
            if forms.identity(name) in listed:
                index, item = listed[forms.identity(name)]
                where = f"{arguments['items']}/{index}"
                yield from compared(answer, value, item, where, arguments, listed=True)
            elif not unnamed and _reaches(answer, items, value, arguments):
                place, expected = arguments["items"], f"{show(name)}, which was created before"
                got = "not in the list"
                yield Seen(answer.exchange, ok=False, place=place, expected=expected, got=got)


def check_counts(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that a count is no less than what is shown, and no more where the page is not full."""
    for answer in own_answers(history):
        items, count = answer.got(arguments["items"]), answer.got(arguments["count"])
        if not isinstance(items, list) or not isinstance(count, (int, float)):
            continue
        query = answer.exchange.case.query
        whole = len(items) < arguments["page"] and not query.keys() & set(arguments["pages"])
        ok = count >= len(items) and (count == len(items) or not whole)
        expected = f"{len(items)}, which are shown" + ("" if whole else ", or more")
        yield answer.look(arguments["count"], expected, count, ok=ok)


def check_ordered(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that a list is in the order of its items' instants that was asked for.

    With ``default`` the order where none is asked for is the descending one.
    """
    for answer in own_answers(history):
        asked = answer.exchange.case.query.get(arguments["parameter"])
        if asked is None and not arguments.get("default"):
            continue
        if asked not in (None, arguments["ascending"], arguments["descending"]):
            continue
        items = answer.got(arguments["items"])
        texts = [at(item, arguments["by"]) for item in items] if isinstance(items, list) else []
        instants = [forms.instant(text) for text in texts]
        for index in range(1, len(instants)):
            left, right = instants[index - 1], instants[index]
            if left is None or right is None or (left.tzinfo is None) != (right.tzinfo is None):
                continue
            ascending = asked == arguments["ascending"]
            ok = left <= right if ascending else left >= right
            word = "not before" if ascending else "not after"
            where = f"{arguments['items']}/{index}{arguments['by']}"
            expected = f"{word} {show(texts[index - 1])}, which comes before it"
            yield answer.look(where, expected, texts[index], ok=ok)


def check_paged(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that pages are no longer than asked for, and that each is a part of the whole list.

    A page is compared with the list that was read without pages, as long as both have one count:
    another client may have created something in between. What stands at a place is told by its
    instant, since two things of one moment may change places.
    """
    lists = [answer for answer in own_answers(history) if not answer.exchange.case.query]
    for answer in own_answers(history):
        query = answer.exchange.case.query
        items = answer.got(arguments["items"])
        if not query.keys() >= {arguments["take"], arguments["skip"]}:
            continue
        if not isinstance(items, list):
            continue
        take, skip = int(query[arguments["take"]]), int(query[arguments["skip"]])
        got = f"{len(items)} items"
        expected = f"{take} items at most, as asked for"
        yield Seen(answer.exchange, len(items) <= take, arguments["items"], expected, got)
        count = answer.got(arguments["count"])
        for whole in [one for one in lists if one.got(arguments["count"]) == count][-1:]:
            moments = _moments(whole.got(arguments["items"]), arguments["instant"])
            part = moments[skip : skip + take]
            moments_shown = _moments(items, arguments["instant"])
            expected = f"the {len(part)} items that the whole list has from {skip} on"
            got = "others" if len(moments_shown) == len(part) else f"{len(moments_shown)} items"
            ok = moments_shown == part or skip + take > len(moments)
            yield Seen(answer.exchange, ok, arguments["items"], expected, got)


def _moments(items: Any, pointer: str) -> list[str]:
    return [show(at(item, pointer)) for item in items] if isinstance(items, list) else []


def check_refused_absent(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that no list has what was refused, which the caller's own reference shows."""
    taken = {at(one.request.value, arguments["request"]) for one in history.others if one.accepted}
    refused = {
        at(one.request.value, arguments["request"]): one
        for one in history.others
        if one.refused and one.case.operation == arguments["by"]
    }
    for answer in own_answers(history):
        items = answer.got(arguments["items"])
        if not isinstance(items, list):
            continue
        there = {
            at(item, arguments["item"]): index
            for index, item in enumerate(items)
            if isinstance(at(item, arguments["item"]), str)
        }
        for reference, exchange in refused.items():
            if not isinstance(reference, str) or reference in taken:
                continue
            where = f"{arguments['items']}/{there.get(reference, 0)}{arguments['item']}"
            yield answer.look(
                where,
                f"nothing of what was refused with {exchange.status}",
                reference,
                ok=reference not in there,
            )


def check_once(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that one reference of a caller never makes two, also when it is sent at once."""
    by_reference: dict[str, set[str]] = {}
    for one in history.others:
        reference = at(one.request.value, arguments["request"])
        if one.accepted and isinstance(reference, str) and one.case.operation == arguments["by"]:
            by_reference.setdefault(reference, set()).add(
                forms.identity(at(one.value, arguments["created_id"]))
            )
            names = by_reference[reference]
            expected = "one order, or a refusal of the others"
            yield Seen(
                one, len(names) < 2, arguments["created_id"], expected, f"{len(names)} orders"
            )
    for answer in own_answers(history):
        items = answer.got(arguments["items"])
        there: dict[str, set[str]] = {}
        for item in items if isinstance(items, list) else []:
            reference = at(item, arguments["item"])
            if isinstance(reference, str) and reference in by_reference:
                names = there.setdefault(reference, set())
                names.add(forms.identity(at(item, arguments["item_id"])))
                expected = f"one order with {show(reference)}"
                yield Seen(
                    answer.exchange, len(names) < 2, arguments["items"], expected, f"{len(names)}"
                )


def _has_broken_id(answer: Answer, items: Any, arguments: Arguments) -> bool:
    """Whether an item has no id that can be read, so that nobody knows which item is missing."""
    return any(
        answer.got(f"{arguments['items']}/{index}{arguments['item_id']}") is ABSENT
        for index in range(len(items) if isinstance(items, list) else 0)
    )


def _plainly_asked(exchange: Exchange, arguments: Arguments) -> bool:
    """Whether a list was asked for from its beginning, without leaving anything out."""
    query = exchange.case.query
    needed = arguments.get("query", {})
    known = query.keys() <= set(arguments["pages"])
    return known and all(query.get(name) == value for name, value in needed.items())


def _belongs(created: Exchange, answer: Answer, arguments: Arguments) -> bool:
    """Whether what was created is one of those that the list is of."""
    if "where" not in arguments:
        return True
    asked = answer.exchange.request.parameters[arguments["parameter"]]
    return forms.identity(at(created.value, arguments["where"])) == forms.identity(asked)


def _reaches(answer: Answer, items: Any, created: Any, arguments: Arguments) -> bool:
    """Whether a list goes back to when something was created, so that it has to be in it."""
    if not isinstance(items, list):
        return False
    query = answer.exchange.case.query
    if not items or (not query and len(items) < arguments.get("page", 25)):
        return True
    newest, oldest, moment = (
        forms.instant(at(item, arguments["instant"])) for item in (items[0], items[-1], created)
    )
    if newest is None or oldest is None or moment is None:
        return False
    if len({instant.tzinfo is None for instant in (newest, oldest, moment)}) > 1:
        return False
    return oldest <= newest and oldest < moment
