"""Relations across the operations of an API: what one of them created and another one reads.

Each rule looks at the accepted answers of the operation that is verified, and at what other
operations (``by``) answered in the same run. Lists are read page by page; what another client
of the sandbox may do at the same time is never held against it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from contracts.judge.history import NOTHING, Answer, History, Look, moment
from contracts.judge.message import words as words_of
from contracts.judge.relations.forms import identity, instant, same_id, same_in_address
from contracts.model import ABSENT, CREDENTIAL, Exchange, Response
from contracts.schema.jsontext import at, children, escape, same, show
from contracts.schema.keywords import is_documented


def check_reads_back(
    history: History,
    *,
    by: str,
    created_id: str,
    parameter: str,
    created: str,
    response: str,
    except_: Sequence[str] = (),
    members: Sequence[str] = (),
    first: bool = False,
) -> Iterator[Look]:
    """Check that what was created reads back with the same members.

    With ``members`` only these are compared; with ``first`` only with the first that was
    created under the id, such as the order that created a group.
    """
    for answer in own_answers(history):
        identifier = answer.exchange.request.parameters[parameter]
        before = [
            exchange
            for exchange in created_by(by, history)
            if same_in_address(at(exchange.value, created_id), identifier)
            and moment(exchange) < moment(answer.exchange)
        ]
        for exchange in before[:1] if first else before[-1:]:
            expected = at(exchange.value, created)
            if members:
                expected = {name[1:]: at(expected, name) for name in members}
            value = answer.got(response)
            sent = exchange.request.value
            yield from compared(answer, expected, value, response, except_, sent=sent)


def check_unchanged(
    history: History, response: str, *, except_: Sequence[str] = (), item_id: str | None = None
) -> Iterator[Look]:
    """Check that what was read reads the same again, when nothing was created in between.

    With ``item_id`` it is a list, of which the items that are in both answers are compared.
    """
    earlier: dict[str, Answer] = {}
    for answer in own_answers(history):
        path = answer.exchange.request.path
        before = earlier.get(path)
        earlier[path] = answer
        if before is None or _created_between(before.exchange, answer.exchange, history):
            continue
        old = before.got(response)
        new = answer.got(response)
        if item_id is None:
            yield from compared(answer, old, new, response, except_)
            continue
        old_items = by_id(old, item_id)
        for name, (index, item) in by_id(new, item_id).items():
            if name in old_items:
                place = f"{response}/{index}"
                yield from compared(answer, old_items[name][1], item, place, except_)


def check_hidden(
    history: History, *, by: str, created_id: str, items: str, item_id: str, needs: str
) -> Iterator[Look]:
    """Check that a list that another tenant reads has nothing of what was created here."""
    ours = {identity(at(exchange.value, created_id)) for exchange in created_by(by, history)}
    for answer in history.accepted:
        if answer.exchange.case.needs != needs:
            continue
        for name, (index, item) in by_id(answer.got(items), item_id).items():
            place = f"{items}/{index}{item_id}"
            expected = "nothing that another tenant created"
            value = show(at(item, item_id))
            yield Look(answer.exchange, name not in ours, place, expected, value)


def check_joins(
    history: History,
    *,
    by: str,
    request: str,
    created: str,
    share: str,
    response: str,
    given_by: str | None = None,
) -> Iterator[Look]:
    """Check that what sends a group's share id is in that group.

    The group is read by this operation, or by the one named ``given_by``. Where it has another
    share id than the answer that created it, which joins, what sends it must not be refused.
    """
    reads = list(own_answers(history))
    if given_by is not None:
        reads = [Answer(exchange) for exchange in _accepted_of(given_by, history)]
    groups = {
        answer.got(share): answer.got(response)
        for answer in reads
        if isinstance(answer.got(share), str) and answer.got(response) not in NOTHING
    }
    creations = created_by(by, history)
    answered = {identity(at(each.value, created)): at(each.value, request) for each in creations}
    for exchange in history.others:
        sent = at(exchange.request.value, request)
        if exchange.must_accept and exchange.refused and isinstance(sent, str) and sent in groups:
            share_id = answered.get(identity(groups[sent]), ABSENT)
            if share_id not in {*NOTHING, sent}:
                expected = f"a 2xx: it joins by the share id of {show(groups[sent])}"
                yield Look(exchange, ok=False, place="", expected=expected, got=words_of(exchange))
    for exchange in creations:
        sent = at(exchange.request.value, request)
        group = at(exchange.value, created)
        # whether there may be no group is its type's business
        if isinstance(sent, str) and sent in groups and group not in NOTHING:
            ok = identity(group) == identity(groups[sent])
            expected = f"{show(groups[sent])}, the group of the share id"
            yield Look(exchange, ok, created, expected, show(group))


def check_unique_by(history: History, response: str, parameter: str) -> Iterator[Look]:
    """Check that two things that were asked for by different ids differ in a member."""
    owners: dict[str, str] = {}
    for answer in own_answers(history):
        value = answer.got(response)
        name = answer.exchange.request.parameters[parameter]
        if value not in NOTHING:
            owner = owners.setdefault(identity(value), name)
            expected = f"another one than that of {show(owner)}"
            yield answer.look(response, expected, value, ok=owner == name)


def check_leads(
    history: History, *, created: str, path: str, header: str = "", response: str = ""
) -> Iterator[Look]:
    """Check that an address, in a header or a member, is of what an answer says was created.

    One of another form than ``path`` says nothing; it may have any name that the answer has.
    """
    form = re.compile(re.sub(r"\\\{[^{}]*\\\}", "([^/?#]+)", re.escape(path)) + r"/?(?:[?#].*)?")
    for answer in history.accepted:
        reply = answer.exchange.answer
        value = answer.got(response)
        if header:
            value = reply.header(header.lower()) if isinstance(reply, Response) else None
        begin = value.find(path[: path.find("{")]) if isinstance(value, str) else -1
        match = form.fullmatch(value, begin) if isinstance(value, str) and begin >= 0 else None
        if match:
            named = unquote(match.groups()[-1])
            names = _scalars(answer.exchange.value)
            ok = any(same_in_address(name, named) for name in names)
            expected = f"the address of {show(answer.got(created))}"
            yield answer.look(response, expected, value, ok=ok)


def _scalars(value: Any) -> Iterator[Any]:
    """Yield a value, or all that stands in it, innermost."""
    if isinstance(value, (dict, list)):
        for part in children(value):
            yield from _scalars(part)
    else:
        yield value


def own_answers(history: History) -> Iterator[Answer]:
    """Yield the answers to requests with the run's own credential."""
    accepted = history.accepted
    return (each for each in accepted if each.exchange.case.authorization == CREDENTIAL)


def created_by(by: str, history: History) -> list[Exchange]:
    """Return the exchanges in which the operation ``by`` created something."""
    accepted = _accepted_of(by, history)
    return [exchange for exchange in accepted if not exchange.must_refuse]


def _accepted_of(operation: str, history: History) -> list[Exchange]:
    return [
        exchange
        for exchange in history.others
        if exchange.accepted and exchange.case.operation == operation
    ]


def _created_between(before: Exchange, after: Exchange, history: History) -> bool:
    """Whether anything was sent between two exchanges that may have changed something."""
    return any(
        before.number < exchange.number < after.number and exchange.request.method != "GET"
        for exchange in history.others
    )


def shown_at_once(
    answer: Answer, others: Iterable[Answer], history: History, items: str
) -> Iterator[int]:
    """Yield how many items other lists have between which and one nothing was changed."""
    for other in others:
        pair = (answer.exchange, other.exchange)
        first, last = sorted(pair, key=lambda exchange: exchange.number)
        shown = other.got(items)
        if isinstance(shown, list) and not _created_between(first, last, history):
            yield len(shown)


def by_id(items: Any, pointer: str) -> dict[str, tuple[int, Any]]:
    """Return the items of a list by their ids, with their places in it."""
    return {
        identity(at(item, pointer)): (index, item)
        for index, item in enumerate(items if isinstance(items, list) else [])
        if at(item, pointer) not in NOTHING
    }


def compared(
    answer: Answer,
    expected: Any,
    value: Any,
    place: str,
    exempt: Sequence[str],
    *,
    words: str = "as it was before",
    sent: Any = ABSENT,
) -> Iterator[Look]:
    """Yield a look at each documented member that both have, but for those that may change.

    What a client `sent` itself, and was answered as it was sent, must not have become null nor
    have lost an entry.
    """
    exempt_places = {f"{place}{name}" for name in exempt}
    for where, left, right in _members(expected, value, place, exempt_places, sent):
        # where there is something and nothing is got, the schema is broken
        is_sound = right is ABSENT or answer.got(where) is not ABSENT
        if is_sound and is_documented(answer.schema, where):
            # instants and ids may be written in other ways
            moment = instant(left)
            ok = same_id(left, right) or (moment is not None and moment == instant(right))
            yield answer.look(where, f"{show(left)}, {words}", right, ok=ok)


def _members(
    left: Any, right: Any, place: str, exempt: set[str], sent: Any
) -> Iterator[tuple[str, Any, Any]]:
    """Yield (place, one value, the other) for what stands in both, innermost.

    In what is as it was `sent`, also for what the other lacks.
    """
    as_sent = sent is not ABSENT and same(sent, left)
    if place in exempt or left in NOTHING or (right in NOTHING and not as_sent):
        return
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        for name, value in left.items():
            below = f"{place}/{escape(name)}"
            other = right.get(name, ABSENT)
            part = sent.get(name, ABSENT) if isinstance(sent, Mapping) else ABSENT
            if other is not ABSENT or as_sent:
                yield from _members(value, other, below, exempt, part)
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for index, (one, other) in enumerate(zip(left, right, strict=True)):
            yield from _members(one, other, f"{place}/{index}", exempt, ABSENT)
    else:
        yield place, left, right
