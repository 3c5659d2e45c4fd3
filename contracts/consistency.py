"""Relations among the answers of a whole run: what one answer says has to agree with what the others say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from contracts.dialect import FORMATS
from contracts.history import NOTHING, Answer, Arguments, History, Seen, creates, key
from contracts.jsontext import at, same, show
from contracts.model import ABSENT, Exchange, Region

TELLING = 4  # characters of a text that two orders do not share by chance, as they may a placeholder
USUAL = 20  # answers that share a form before one that differs is worth a word
MINUTE = timedelta(minutes=1)
RARE = 20  # one in so many may differ: where more do, the server has several forms
SEVERAL = 2  # answers to the same request that show that it is not the reason why another one differs
INSTANT = re.compile(r"\d{4}-\d\d-\d\d([T ])\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(.*)", re.IGNORECASE | re.DOTALL)
PREFIX = re.compile(r"[A-Za-z]+[_-]")


def unique(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Ask that no two answers have the same id."""
    seen: dict[str, int] = {}  # id -> number of the exchange that had it first
    for answer in history.accepted:
        got = answer.got(arguments["response"])
        if got in NOTHING:
            continue
        first = seen.setdefault(identity(got), answer.exchange.number)
        ok = first == answer.exchange.number
        told = show(got) if ok else f"{show(got)}, which the answer to request {first} had"
        yield Seen(answer.exchange, ok, arguments["response"], "an id that no order had before", told)


def joined(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Ask that an order that joins is in the group of the order whose share id it was sent."""
    groups: dict[str, Any] = {}
    for answer in history.accepted:
        if creates(answer, arguments["request"]) and answer.got(arguments["handed_out"]) not in NOTHING:
            groups.setdefault(key(answer.got(arguments["handed_out"])), answer.got(arguments["response"]))
    for answer in history.accepted:
        sent, got = answer.sent(arguments["request"]), answer.got(arguments["response"])
        group = groups.get(key(sent), ABSENT)
        if group not in NOTHING and got is not ABSENT:
            expected = f"{show(group)}, the group of {show(sent)}"
            yield Seen(answer.exchange, same(group, got), arguments["response"], expected, show(got))


def separate(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Ask that each order that creates something gets one of its own."""
    seen: dict[str, int] = {}  # what was created -> number of the exchange that had it first
    for answer in history.accepted:
        got = answer.got(arguments["response"])
        if answer.sent(arguments["request"]) is not None or got in NOTHING:
            continue
        first = seen.setdefault(key(got), answer.exchange.number)
        ok = first == answer.exchange.number
        told = show(got) if ok else f"{show(got)}, which the answer to request {first} had"
        yield Seen(answer.exchange, ok, arguments["response"], "one of its own", told)


def constant(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Ask that all answers say the same."""
    values = [(answer, key(answer.got(arguments["response"]))) for answer in history.accepted]
    known = [(answer, text) for answer, text in values if text not in ("absent", "null")]
    usual = Counter(text for _, text in known).most_common(1)
    for answer, text in known if len(known) > 1 else []:
        expected = f"{usual[0][0]}, as in {usual[0][1]} of {len(known)} responses"
        yield Seen(answer.exchange, text == usual[0][0], arguments["response"], expected, text)


def paired(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Ask that two names of one thing go together: neither comes with another partner than before."""
    rights: dict[str, Any] = {}
    lefts: dict[str, Any] = {}
    for answer in history.accepted:
        left, right = answer.got(arguments["left"]), answer.got(arguments["right"])
        if left in (*NOTHING, "") or right in (*NOTHING, "") or answer.exchange.case.region is not Region.VALID:
            continue
        beside_left, beside_right = rights.setdefault(key(left), right), lefts.setdefault(key(right), left)
        ok = same(beside_left, right) and same(beside_right, left)
        expected = (
            f"{show(beside_left)}, as beside {show(left)} before"
            if not same(beside_left, right)
            else f"another one than {show(beside_right)} has"
        )
        yield Seen(answer.exchange, ok, arguments["right"], expected, show(right))


def alike(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Ask that a text of the server has the form that nearly all others of the run have, if they have one at all.

    Only forms count that neither chance nor a growing number changes. What was sent is not the server's to write.
    """
    place = arguments["response"]
    texts = [(answer, answer.got(place)) for answer in _valid(history) if answer.sent(place) in NOTHING]
    made = [(answer, text, form(text)) for answer, text in texts if isinstance(text, str)]
    yield from _unlike(place, [one for one in made if not _begins_as_sent(one[1], one[0])])


def usual(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Ask that a value of the server, null included, is the one that nearly all answers of the run have.

    A server whose values differ from order to order has no usual one. Cases that repeat or take over something are
    left out: a server may know their customer or group by then.
    """
    place = arguments["response"]
    values = [(answer, answer.got(place)) for answer in _valid(history) if not answer.exchange.case.after]
    yield from _unlike(place, [(answer, value, key(value)) for answer, value in values if value is not ABSENT])


def members(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Ask that an object has the members that nearly all answers of the run have, those in `beyond` not counted.

    `beyond` names an object of the request, whose members each answer may have. Left out is what `usual` leaves out.
    """
    made = []
    for answer in _valid(history):
        got, sent = answer.got(arguments["response"]), answer.sent(arguments.get("beyond", "")) or {}
        if isinstance(got, dict) and not answer.exchange.case.after:
            own = sorted(got.keys() - (sent.keys() if "beyond" in arguments and isinstance(sent, dict) else ()))
            made.append((answer, own, f"the members {', '.join(own)}" if own else "no member of its own"))
    yield from _unlike(arguments["response"], made)


def together(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Ask that two times are less than a minute apart, where they are so in nearly all answers of the run."""
    made = []
    for answer in _valid(history):
        earlier, later = instant(answer.got(arguments["earlier"])), instant(answer.got(arguments["later"]))
        if earlier and later and (earlier.tzinfo is None) == (later.tzinfo is None):
            near = "less than a minute apart" if abs(later - earlier) < MINUTE else ""
            made.append((answer, answer.got(arguments["later"]), near))
    yield from _unlike(arguments["later"], made)


def instant(text: Any) -> datetime | None:
    """Read a time as ISO 8601 writes it; None where it is none."""
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None


def _valid(history: History) -> list[Answer]:
    return [answer for answer in history.accepted if answer.exchange.case.region is Region.VALID]


def _asked(answer: Answer) -> tuple[Any, ...]:
    """Give what orders have in common that were asked for in the same way, but for values that are always new."""
    case = answer.exchange.case
    return bool(case.after), tuple(sorted(case.states.items()))


def _unlike(place: str, made: Sequence[tuple[Answer, Any, str]]) -> Iterator[Seen]:
    """Compare (answer, value, form of the value) by their forms, of which an empty one says nothing.

    One that differs is a slip only if it was asked for like several that do not: else the request may be the
    reason. A form that changes once and for all, or was another one in the beginning, is a new form and no slip.
    """
    common, count = (Counter(found for _, _, found in made).most_common(1) or [("", 0)])[0]
    if not common or count < USUAL or (len(made) - count) * RARE > len(made):
        return
    where = [index for index, (_, _, found) in enumerate(made) if found == common]
    twins = Counter(_asked(made[index][0]) for index in where)
    for index, (answer, value, found) in enumerate(made):
        slip = found != common and where[0] < index < where[-1] and twins[_asked(answer)] >= SEVERAL
        yield Seen(answer.exchange, not slip, place, f"{common}, as in {count} of {len(made)} answers", show(value))


def _begins_as_sent(text: str, answer: Answer) -> bool:
    """Tell whether the letters that a text begins with were sent, so that they need not be the server's own."""
    words = {word for one in _texts(answer.sent("")) for word in re.findall(r"[a-z]+", one.casefold())}
    prefix = PREFIX.match(text)
    return prefix is not None and prefix[0][:-1].casefold() in words


def form(text: str) -> str:
    """Name the form of a text in words; give an empty text where it has none, but for what chance or counting makes."""
    if FORMATS["uuid"](text):
        return "a UUID"
    if instant := INSTANT.fullmatch(text):
        zone = re.sub(r"\d", "0", instant[2])
        return f"an instant like 0000-00-00{instant[1]}00:00:00{zone}"
    prefix = PREFIX.match(text)
    return f"a text that begins with {prefix[0]}" if prefix else ""


def isolated(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Ask that nothing that only one order was sent shows in another."""
    for member in arguments["members"]:
        senders: dict[str, list[int]] = {}  # text -> requests that it was sent in
        for answer in history.accepted:
            for text in set(_texts(answer.sent(member))):
                senders.setdefault(text, []).append(answer.exchange.number)
        for answer in history.accepted:
            if any(answer.sent(pointer) not in NOTHING for pointer in arguments["unless"]):
                continue
            own = set(_texts(answer.sent(member)))
            place = arguments.get("below", "") + member
            foreign = [
                text for text in _texts(answer.got(place)) if text not in own and len(senders.get(text, ())) == 1
            ]
            told = f"{show(foreign[0])}, which request {senders[foreign[0]][0]} was sent" if foreign else ""
            yield Seen(answer.exchange, not foreign, place, "nothing that only another order was sent", told)


def unsent(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Ask that what an answer shows beyond what was sent for it was not sent for others alone.

    Whom it is about is told by what the answer has at ``by``: what was sent for the same one is its own.
    """
    for member in arguments["members"]:
        sent: dict[str, dict[str, int]] = {}  # text -> whom it was sent for -> by which request first
        for answer in history.accepted:
            for text in _texts(answer.sent(member)):
                sent.setdefault(text, {}).setdefault(key(answer.got(arguments["by"])), answer.exchange.number)
        for answer in history.accepted:
            got, whose = answer.got(member), answer.got(arguments["by"])
            if got in NOTHING or whose in (*NOTHING, "") or answer.sent(member) not in NOTHING:
                continue
            own = set(_texts(answer.sent("")))  # what stands in for a member may be another one's
            others = sent.get(got, {}) if isinstance(got, str) and got not in own else {}
            ok = not others or key(whose) in others
            told = show(got) if ok else f"{show(got)}, which request {min(others.values())} was sent"
            yield Seen(answer.exchange, ok, member, "nothing that only orders of others were sent", told)


def identity(value: Any) -> str:
    """Give an id as a text to find it by: the hexadecimal digits of a UUID have no case (RFC 9562, section 4)."""
    return key(value.lower() if FORMATS["uuid"](value) else value)


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for member in value.values() for text in _texts(member)]
    return [value] if isinstance(value, str) and len(value) >= TELLING else []


def no_effect(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Ask that what was only in refused requests is as free as before."""
    made: set[str] = set()  # references of orders that exist
    spent: set[str] = set()  # references that were only in refused requests
    repeats_are_refused = False
    looks: list[Seen] = []
    for exchange in history.exchanges:
        reference = at(exchange.request.value, arguments["request"])
        if not isinstance(reference, str) or exchange.status is None:
            continue
        # only a case that takes a reference over on purpose is otherwise plain: a refusal has no other reason
        on_purpose = bool(exchange.case.after) and exchange.case.region != "invalid"
        if reference in made:
            repeats_are_refused |= exchange.refused and on_purpose
        elif reference in spent and on_purpose:
            expected = f"accepted: {show(reference)} was only in a request that was refused"
            looks.append(
                Seen(exchange, exchange.accepted, arguments["request"], expected, f"refused {exchange.status}")
            )
        (made if exchange.accepted else spent).add(reference)
    last = max((exchange.number for exchange in history.exchanges if _plainly_accepted(exchange)), default=0)
    for look in looks:
        # who refuses whatever comes by then refuses a new reference as well
        if look.ok or (repeats_are_refused and look.exchange.number < last):
            yield look


def _plainly_accepted(exchange: Exchange) -> bool:
    return exchange.accepted and exchange.case.region is Region.VALID
