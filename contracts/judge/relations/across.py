"""Relations across the operations of an API: what one of them created and another one reads.

Each rule looks at the accepted answers of the operation that is verified, and at what other
operations (``by``) answered in the same run. Lists are read page by page; what another client of
the sandbox may do at the same time is never held against it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from contracts.judge.history import NOTHING, Answer, Arguments, History, Seen
from contracts.judge.relations import forms
from contracts.model import ABSENT, CREDENTIAL, Exchange, Region
from contracts.schema.jsontext import at, escape, same, show


def check_reads_back(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that what was created reads back with the same members.

    With ``members`` only these are compared; with ``first`` only with the first that was created
    under the id, such as the order that created a group.
    """
    for answer in _own(history):
        asked = forms.identity(answer.exchange.request.parameters[arguments["parameter"]])
        before = [
            one
            for one in _created(arguments, history)
            if forms.identity(at(one.value, arguments["created_id"])) == asked
            and one.number < answer.exchange.number
        ]
        for created in before[:1] if "first" in arguments else before[-1:]:
            expected = at(created.value, arguments["created"])
            value = answer.got(arguments["response"])
            if "members" in arguments:
                expected = {name[1:]: at(expected, name) for name in arguments["members"]}
            yield from _compared(answer, expected, value, arguments["response"], arguments)


def check_unchanged(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that what was read reads the same again, when nothing was created in between.

    With ``item_id`` it is a list, of which the items that are in both answers are compared.
    """
    place = arguments["response"]
    earlier: dict[str, Answer] = {}
    for answer in _own(history):
        asked = answer.exchange.request.path
        before = earlier.get(asked)
        earlier[asked] = answer
        if before is None or _created_between(before.exchange, answer.exchange, history):
            continue
        if "item_id" not in arguments:
            yield from _compared(answer, before.got(place), answer.got(place), place, arguments)
            continue
        known = _by_id(before.got(place), arguments["item_id"])
        for name, (index, item) in _by_id(answer.got(place), arguments["item_id"]).items():
            if name in known:
                where = f"{place}/{index}"
                yield from _compared(answer, known[name][1], item, where, arguments)


def check_listed(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that a list has what was created before, as it was created.

    Something may be missing when the list is cut and ends with something newer. With ``where`` a
    list is of what has the value of a path parameter there.
    """
    for answer in _own(history):
        if not _plainly_asked(answer.exchange, arguments):
            continue
        items = answer.got(arguments["items"])
        listed = _by_id(items, arguments["item_id"])
        unnamed = _has_broken_id(answer, items, arguments)
        for created in _created(arguments, history):
            if created.number > answer.exchange.number or not _belongs(created, answer, arguments):
                continue
            name = at(created.value, arguments["created_id"])
            value = at(created.value, arguments["created"])
            if forms.identity(name) in listed:
                index, item = listed[forms.identity(name)]
                where = f"{arguments['items']}/{index}"
                yield from _compared(answer, value, item, where, arguments, listed=True)
            elif not unnamed and _reaches(answer, items, value, arguments):
                expected = f"{show(name)}, which was created before"
                missing = "not in the list"
                yield Seen(
                    answer.exchange,
                    ok=False,
                    place=arguments["items"],
                    expected=expected,
                    got=missing,
                )


def check_counts(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that a count is no less than what is shown, and no more where the page is not full."""
    for answer in _own(history):
        items, count = answer.got(arguments["items"]), answer.got(arguments["count"])
        if not isinstance(items, list) or not isinstance(count, (int, float)):
            continue
        query = answer.exchange.case.query
        whole = len(items) < arguments["page"] and not query.keys() & set(arguments["pages"])
        ok = count >= len(items) and (count == len(items) or not whole)
        expected = f"{len(items)}, which are shown" + ("" if whole else ", or more")
        yield Seen(answer.exchange, ok, arguments["count"], expected, show(count))


def check_ordered(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that a list is in the order of its items' instants that was asked for.

    With ``default`` the order where none is asked for is the descending one.
    """
    for answer in _own(history):
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
            yield Seen(answer.exchange, ok, where, expected, show(texts[index]))


def check_paged(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that pages are no longer than asked for, and that each is a part of the whole list.

    A page is compared with the list that was read without pages, as long as both have one count:
    another client may have created something in between. What stands at a place is told by its
    instant, since two things of one moment may change places.
    """
    lists = [answer for answer in _own(history) if not answer.exchange.case.query]
    for answer in _own(history):
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
            shown = _moments(items, arguments["instant"])
            expected = f"the {len(part)} items that the whole list has from {skip} on"
            got = "others" if len(shown) == len(part) else f"{len(shown)} items"
            ok = shown == part or skip + take > len(moments)
            yield Seen(answer.exchange, ok, arguments["items"], expected, got)


def _moments(items: Any, pointer: str) -> list[str]:
    return [show(at(item, pointer)) for item in items] if isinstance(items, list) else []


def check_refused_absent(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that no list has what was refused.

    Which is recognised by the caller's own reference.
    """
    taken = {at(one.request.value, arguments["request"]) for one in history.others if one.accepted}
    refused = {
        at(one.request.value, arguments["request"]): one
        for one in history.others
        if one.refused and one.case.operation == arguments["by"]
    }
    for answer in _own(history):
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
            yield Seen(
                answer.exchange,
                reference not in there,
                where,
                f"nothing of what was refused with {exchange.status}",
                show(reference),
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
    for answer in _own(history):
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


def check_hidden(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that a list that another tenant reads has nothing of what was created here."""
    ours = {
        forms.identity(at(one.value, arguments["created_id"]))
        for one in _created(arguments, history)
    }
    for answer in history.accepted:
        if answer.exchange.case.needs != arguments["needs"]:
            continue
        items = _by_id(answer.got(arguments["items"]), arguments["item_id"])
        for name, (index, item) in items.items():
            where = f"{arguments['items']}/{index}{arguments['item_id']}"
            expected = "nothing that another tenant created"
            got = show(at(item, arguments["item_id"]))
            yield Seen(answer.exchange, name not in ours, where, expected, got)


def check_joins(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that what sends a group's share id is in that group.

    The group is read by this operation, or by the one named ``given_by``.
    """
    reads = list(_own(history))
    if "given_by" in arguments:
        reads = [
            Answer(one)
            for one in history.others
            if one.accepted and one.case.operation == arguments["given_by"]
        ]
    groups = {
        answer.got(arguments["share"]): answer.got(arguments["response"])
        for answer in reads
        if isinstance(answer.got(arguments["share"]), str)
        and answer.got(arguments["response"]) not in NOTHING
    }
    for created in _created(arguments, history):
        share = at(created.request.value, arguments["request"])
        if isinstance(share, str) and share in groups:
            group = at(created.value, arguments["created"])
            ok = forms.identity(group) == forms.identity(groups[share])
            expected = f"{show(groups[share])}, the group of the share id"
            yield Seen(created, ok, arguments["created"], expected, show(group))


def check_unique_by(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that two things that were asked for by different ids differ in a member."""
    owners: dict[str, str] = {}
    for answer in _own(history):
        value = answer.got(arguments["response"])
        asked = answer.exchange.request.parameters[arguments["parameter"]]
        if value not in NOTHING:
            owner = owners.setdefault(forms.identity(value), asked)
            expected = f"another one than that of {show(owner)}"
            yield Seen(
                answer.exchange, owner == asked, arguments["response"], expected, show(value)
            )


def _own(history: History) -> Iterator[Answer]:
    """Yield the answers to requests with the run's own credential."""
    return (one for one in history.accepted if one.exchange.case.authorization == CREDENTIAL)


def _created(arguments: Arguments, history: History) -> list[Exchange]:
    """Return the exchanges in which the operation ``by`` created something."""
    return [
        one
        for one in history.others
        if one.accepted
        and one.case.operation == arguments["by"]
        and one.case.region is not Region.INVALID
    ]


def _created_between(before: Exchange, after: Exchange, history: History) -> bool:
    """Whether anything was sent between two exchanges that may have changed something."""
    return any(
        before.number < one.number < after.number and one.request.method != "GET"
        for one in history.others
    )


def _by_id(items: Any, pointer: str) -> dict[str, tuple[int, Any]]:
    """Return the items of a list by their ids, with their places in it."""
    return {
        forms.identity(at(item, pointer)): (index, item)
        for index, item in enumerate(items if isinstance(items, list) else [])
        if at(item, pointer) not in NOTHING
    }


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


def _compared(
    answer: Answer,
    expected: Any,
    value: Any,
    place: str,
    arguments: Arguments,
    *,
    listed: bool = False,
) -> Iterator[Seen]:
    """Yield a look at each member that both have, but for those that may change."""
    exempt = {f"{place}{name}" for name in arguments.get("except", ())}
    for where, left, right in _members(expected, value, place, exempt):
        if answer.got(where) is ABSENT:  # the schema is broken there
            continue
        words = f"{show(left)}, as it was before" if not listed else f"{show(left)}, as created"
        yield Seen(answer.exchange, _the_same(left, right), where, words, show(right))


def _members(left: Any, right: Any, place: str, exempt: set[str]) -> Iterator[tuple[str, Any, Any]]:
    """Yield (place, one value, the other) for what stands in both, innermost."""
    if place in exempt or left in NOTHING or right in NOTHING:
        return
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        for name, value in left.items():
            below = f"{place}/{escape(name)}"
            yield from _members(value, right.get(name, ABSENT), below, exempt)
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for index, (one, other) in enumerate(zip(left, right, strict=True)):
            yield from _members(one, other, f"{place}/{index}", exempt)
    else:
        yield place, left, right


def _the_same(left: Any, right: Any) -> bool:
    """Whether two values say the same: instants and ids may be written in other ways."""
    if same(left, right) or forms.identity(left) == forms.identity(right):
        return True
    moments = forms.instant(left), forms.instant(right)
    return None not in moments and moments[0] == moments[1]
