"""Relations among the answers of a whole run: what one says has to agree with the others."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from contracts.judge.history import NOTHING, Answer, Arguments, History, Seen, creates, key
from contracts.judge.relations.forms import every_text, identity
from contracts.model import ABSENT, Exchange, Region
from contracts.schema.jsontext import at, same, show


def unique(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that no two answers have the same id."""
    seen: dict[str, int] = {}
    for answer in history.accepted:
        got = answer.got(arguments["response"])
        if got not in NOTHING:
            expected = "an id that no order had before"
            yield _first(answer, arguments["response"], expected, seen, identity(got))


def _first(answer: Answer, place: str, expected: str, seen: dict[str, int], text: str) -> Seen:
    """Return a look at a value that no answer may have had before.

    `seen` keeps by the `text` of a value the number of the exchange that had it first.
    """
    first = seen.setdefault(text, answer.exchange.number)
    look = answer.look(place, expected, answer.got(place), ok=first == answer.exchange.number)
    if look.ok:
        return look
    return look._replace(got=f"{look.got}, which the answer to request {first} had")


def joined(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that an order that joins is in the group of the order whose share id it was sent.

    Where the operation ``by`` of the API was asked for the share id, the group is the one it read.
    """
    groups: dict[str, Any] = {
        key(at(one.value, arguments["share"])): at(one.value, arguments["group"])
        for one in history.others
        if one.accepted and one.case.operation == arguments.get("by")
    }
    for answer in history.accepted:
        share = answer.got(arguments["handed_out"])
        if creates(answer, arguments["request"]) and share not in NOTHING:
            groups.setdefault(key(share), answer.got(arguments["response"]))
    for answer in history.accepted:
        sent, got = answer.sent(arguments["request"]), answer.got(arguments["response"])
        group = groups.get(key(sent), ABSENT)
        if group not in NOTHING and got is not ABSENT:
            expected = f"{show(group)}, the group of {show(sent)}"
            yield answer.look(arguments["response"], expected, got, ok=same(group, got))


def separate(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that each order that creates something gets one of its own."""
    seen: dict[str, int] = {}
    for answer in history.accepted:
        got = answer.got(arguments["response"])
        if answer.sent(arguments["request"]) is None and got not in NOTHING:
            yield _first(answer, arguments["response"], "one of its own", seen, key(got))


def constant(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that all answers say the same."""
    values = [(answer, key(answer.got(arguments["response"]))) for answer in history.accepted]
    known = [(answer, text) for answer, text in values if text not in ("absent", "null")]
    usual = Counter(text for _, text in known).most_common(1)
    for answer, text in known if len(known) > 1 else []:
        expected = f"{usual[0][0]}, as in {usual[0][1]} of {len(known)} responses"
        yield Seen(answer.exchange, text == usual[0][0], arguments["response"], expected, text)


def paired(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that two names of one thing go together: neither comes with another partner."""
    rights: dict[str, Any] = {}
    lefts: dict[str, Any] = {}
    for answer in history.accepted:
        left, right = answer.got(arguments["left"]), answer.got(arguments["right"])
        if (
            left in (*NOTHING, "")
            or right in (*NOTHING, "")
            or answer.exchange.case.region is not Region.VALID
        ):
            continue
        beside_left = rights.setdefault(key(left), right)
        beside_right = lefts.setdefault(key(right), left)
        ok = same(beside_left, right) and same(beside_right, left)
        expected = f"another one than {show(beside_right)} has"
        if not same(beside_left, right):
            expected = f"{show(beside_left)}, as beside {show(left)} before"
        yield answer.look(arguments["right"], expected, right, ok=ok)


def isolated(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that nothing that only one order was sent shows in another."""
    for member in arguments["members"]:
        senders: dict[str, list[int]] = {}  # text -> requests that it was sent in
        for exchange in history.exchanges:  # what was refused may show as well
            for text in set(every_text(at(exchange.request.value, member))):
                senders.setdefault(text, []).append(exchange.number)
        for answer in history.accepted:
            if any(answer.sent(pointer) not in NOTHING for pointer in arguments["unless"]):
                continue
            own = set(every_text(answer.sent(member)))
            place = arguments.get("below", "") + member
            foreign = [
                text
                for text in every_text(answer.got(place))
                if text not in own and len(senders.get(text, ())) == 1
            ]
            words = [f"{show(text)}, which request {senders[text][0]} was sent" for text in foreign]
            expected = "nothing that only another order was sent"
            yield Seen(answer.exchange, not foreign, place, expected, words[0] if words else "")


def unsent(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that what an answer shows beyond what was sent for it was not sent for others alone.

    Whom it is about is told by what the answer has at ``by``: what was sent for the same one is its
    own.
    """
    for member in arguments["members"]:
        # text -> whom it was sent for -> by which request first
        sent: dict[str, dict[str, int]] = {}
        for answer in history.accepted:
            for text in every_text(answer.sent(member)):
                sent.setdefault(text, {}).setdefault(
                    key(answer.got(arguments["by"])), answer.exchange.number
                )
        for exchange in history.exchanges:
            if not exchange.accepted:  # what was refused may show as well
                whose = key(at(exchange.request.value, arguments["by"]))
                for text in every_text(at(exchange.request.value, member)):
                    sent.setdefault(text, {}).setdefault(whose, exchange.number)
        for answer in history.accepted:
            got, whose = answer.got(member), answer.got(arguments["by"])
            if got in NOTHING or whose in (*NOTHING, "") or answer.sent(member) not in NOTHING:
                continue
            others = sent.get(got, {}) if isinstance(got, str) else {}
            # what stands in for a member may be another one's
            ok = not others or key(whose) in others or got in every_text(answer.sent(""))
            words = "" if ok else f", which request {min(others.values())} was sent"
            expected = "nothing that only orders of others were sent"
            yield Seen(answer.exchange, ok, member, expected, show(got) + words)


def no_effect(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that what was only in refused requests is as free as before."""
    existing: set[str] = set()  # references of orders that exist
    spent: set[str] = set()  # references that were only in refused requests
    repeats_are_refused = False
    looks: list[Seen] = []
    for exchange in history.exchanges:
        reference = at(exchange.request.value, arguments["request"])
        # of orders that are sent at once nobody knows which one was first, and an empty reference
        # is none
        if not isinstance(reference, str) or not reference or exchange.status is None:
            continue
        if exchange.case.together:
            continue
        # only a case that takes a reference over on purpose is otherwise plain: a refusal has no
        # other reason
        on_purpose = bool(exchange.case.after) and exchange.case.region != "invalid"
        if reference in existing:
            repeats_are_refused |= exchange.refused and on_purpose
        elif reference in spent and on_purpose:
            expected = f"accepted: {show(reference)} was only in a request that was refused"
            got = f"refused {exchange.status}"
            looks.append(Seen(exchange, exchange.accepted, arguments["request"], expected, got))
        (existing if exchange.accepted else spent).add(reference)
    last = max((one.number for one in history.exchanges if _plainly_accepted(one)), default=0)
    for look in looks:
        # who refuses whatever comes by then refuses a new reference as well
        if look.ok or (repeats_are_refused and look.exchange.number < last):
            yield look


def twins(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that of requests at once with one reference one is taken, where a second is refused.

    The finding says in how many of the races it was otherwise.
    """
    races: dict[Any, list[Exchange]] = {}
    existing: set[str] = set()
    repeats_are_refused = False
    for exchange in history.exchanges:
        reference = at(exchange.request.value, arguments["request"])
        if not isinstance(reference, str) or not reference or exchange.status is None:
            continue
        if exchange.case.together:
            races.setdefault(reference, []).append(exchange)
        elif reference in existing and exchange.case.region is Region.OPEN and exchange.case.after:
            repeats_are_refused |= exchange.refused
        if exchange.accepted:
            existing.add(reference)
    raced = [race for race in races.values() if len(race) > 1]
    lost = [race for race in raced if len(_created(race, arguments)) > 1]
    for race in raced if repeats_are_refused else []:
        ids = _created(race, arguments)
        got = f"{len(ids)}: {', '.join(sorted(ids))}; so in {len(lost)} of {len(raced)} races"
        yield Seen(race[-1], len(ids) < 2, arguments["created"], "one order for a reference", got)


def _created(race: list[Exchange], arguments: Arguments) -> set[str]:
    """Return the ids of what was created by requests that were sent at once."""
    ids = (at(exchange.value, arguments["created"]) for exchange in race if exchange.accepted)
    return {show(value) for value in ids}


def _plainly_accepted(exchange: Exchange) -> bool:
    return exchange.accepted and exchange.case.region is Region.VALID
