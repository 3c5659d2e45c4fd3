"""Relations across the operations of an API: what one of them created and another one reads.

Each rule looks at the accepted answers of the operation that is verified, and at what other
operations (``by``) answered in the same run. Lists are read page by page; what another client of
the sandbox may do at the same time is never held against it.
"""

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
    for answer in own_answers(history):
        asked = forms.identity(answer.exchange.request.parameters[arguments["parameter"]])
        before = [
            one
            for one in created_by(arguments, history)
            if forms.identity(at(one.value, arguments["created_id"])) == asked
            and one.number < answer.exchange.number
        ]
        for created in before[:1] if "first" in arguments else before[-1:]:
            expected = at(created.value, arguments["created"])
            value = answer.got(arguments["response"])
            if "members" in arguments:
                expected = {name[1:]: at(expected, name) for name in arguments["members"]}
            yield from compared(answer, expected, value, arguments["response"], arguments)


def check_unchanged(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that what was read reads the same again, when nothing was created in between.

    With ``item_id`` it is a list, of which the items that are in both answers are compared.
    """
    place = arguments["response"]
    earlier: dict[str, Answer] = {}
    for answer in own_answers(history):
        asked = answer.exchange.request.path
        before = earlier.get(asked)
        earlier[asked] = answer
        if before is None or _created_between(before.exchange, answer.exchange, history):
            continue
        if "item_id" not in arguments:
            yield from compared(answer, before.got(place), answer.got(place), place, arguments)
            continue
        known = by_id(before.got(place), arguments["item_id"])
        for name, (index, item) in by_id(answer.got(place), arguments["item_id"]).items():
            if name in known:
                where = f"{place}/{index}"
                yield from compared(answer, known[name][1], item, where, arguments)


def check_hidden(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that a list that another tenant reads has nothing of what was created here."""
    ours = {
        forms.identity(at(one.value, arguments["created_id"]))
        for one in created_by(arguments, history)
    }
    for answer in history.accepted:
        if answer.exchange.case.needs != arguments["needs"]:
            continue
        items = by_id(answer.got(arguments["items"]), arguments["item_id"])
        for name, (index, item) in items.items():
            where = f"{arguments['items']}/{index}{arguments['item_id']}"
            expected = "nothing that another tenant created"
            got = show(at(item, arguments["item_id"]))
            yield Seen(answer.exchange, name not in ours, where, expected, got)


def check_joins(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that what sends a group's share id is in that group.

    The group is read by this operation, or by the one named ``given_by``.
    """
    reads = list(own_answers(history))
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
    for created in created_by(arguments, history):
        share = at(created.request.value, arguments["request"])
        if isinstance(share, str) and share in groups:
            group = at(created.value, arguments["created"])
            if group in NOTHING:  # whether it may be is its type's business
                continue
            ok = forms.identity(group) == forms.identity(groups[share])
            expected = f"{show(groups[share])}, the group of the share id"
            yield Seen(created, ok, arguments["created"], expected, show(group))


def check_unique_by(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that two things that were asked for by different ids differ in a member."""
    owners: dict[str, str] = {}
    for answer in own_answers(history):
        value = answer.got(arguments["response"])
        asked = answer.exchange.request.parameters[arguments["parameter"]]
        if value not in NOTHING:
            owner = owners.setdefault(forms.identity(value), asked)
            expected = f"another one than that of {show(owner)}"
            yield answer.look(arguments["response"], expected, value, ok=owner == asked)


def own_answers(history: History) -> Iterator[Answer]:
    """Yield the answers to requests with the run's own credential."""
    return (one for one in history.accepted if one.exchange.case.authorization == CREDENTIAL)


def created_by(arguments: Arguments, history: History) -> list[Exchange]:
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


def by_id(items: Any, pointer: str) -> dict[str, tuple[int, Any]]:
    """Return the items of a list by their ids, with their places in it."""
    return {
        forms.identity(at(item, pointer)): (index, item)
        for index, item in enumerate(items if isinstance(items, list) else [])
        if at(item, pointer) not in NOTHING
    }


def compared(
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
        yield answer.look(where, words, right, ok=_the_same(left, right))


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
