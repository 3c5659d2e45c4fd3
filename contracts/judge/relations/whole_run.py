"""Relations among the answers of a whole run: what one says has to agree with the others."""

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from contracts import clause_ids
from contracts.judge.history import NOTHING, Answer, History, Look, creates, key, moment
from contracts.judge.relations.forms import every_text, identity
from contracts.model import ABSENT, Exchange, Region
from contracts.schema.jsontext import at, same, show


def unique(history: History, response: str) -> Iterator[Look]:
    """Check that no two answers have the same id."""
    firsts: dict[str, int] = {}
    for answer in history.accepted:
        if clause_ids.KEY_AGAIN in answer.exchange.case.observes:
            continue  # answered as before, as it should be
        known = answer.exchange.request.parameters.values()  # what the address names is not new
        for place, value in answer.places(response):
            if value not in NOTHING and str(value) not in known:
                expected = "an id that no order had before"
                yield _first(answer, place, expected, firsts, identity(value))


def once_by(
    history: History, *, created: str, request: str = "", header: str = ""
) -> Iterator[Look]:
    """Check that a member that has to be unique creates one thing, or a header with one body."""
    ids: dict[str, str] = {}
    for answer in history.accepted:
        exchange = answer.exchange
        value = answer.got(created)
        sent = dict(exchange.request.headers).get(header) if header else answer.sent(request)
        if sent not in NOTHING and value not in NOTHING:
            named = key([sent, exchange.request.value]) if header else key(sent)
            expected = f"no second one with the {header or request[1:]} {show(sent)}"
            ok = ids.setdefault(named, identity(value)) == identity(value)
            yield answer.look(created, expected, value, ok=ok)


def but_once(
    history: History,
    *,
    parameter: str,
    thing: Mapping[str, Any] | None = None,  # noqa: ARG001 - of the plan
) -> Iterator[Look]:
    """Check that what is done to a thing is not done to it a second time.

    Another operation may have undone it. By its ``thing`` a plan knows how one is created.
    """
    own = {each.exchange.number: each.exchange.request for each in history.accepted}
    done: set[str] = set()
    for exchange in sorted((*history.exchanges, *history.others), key=moment):
        if exchange.accepted and exchange.case.operation and exchange.request.method != "GET":
            done.difference_update(exchange.request.parameters.values())
        if exchange.case.operation or exchange.number not in own:
            continue
        named = own[exchange.number].parameters[parameter]
        expected = f"a refusal, since it was done to {named} before"
        got = "it was accepted again"
        ok = named not in done
        yield Look(exchange, ok=ok, place="", expected=expected, got="" if ok else got)
        done.add(named)


def _first(answer: Answer, place: str, expected: str, firsts: dict[str, int], text: str) -> Look:
    """Return a look at a value that no answer may have had before.

    `firsts` keeps by the `text` of a value the number of the exchange that had it first.
    """
    first = firsts.setdefault(text, answer.exchange.number)
    look = answer.look(place, expected, answer.got(place), ok=first == answer.exchange.number)
    if look.ok:
        return look
    return look._replace(got=f"{look.got}, which the answer to request {first} had")


def joined(
    history: History,
    request: str,
    handed_out: str,
    response: str,
    *,
    by: str | None = None,
    share: str = "",
    group: str = "",
) -> Iterator[Look]:
    """Check that an order that joins is in the group of the order whose share id it was sent.

    Where the operation ``by`` of the API was asked for the share id, the group is the one it
    read.
    """
    groups: dict[str, Any] = {
        key(at(exchange.value, share)): at(exchange.value, group)
        for exchange in history.others
        if exchange.accepted and exchange.case.operation == by
    }
    for answer in history.accepted:
        handed = answer.got(handed_out)
        if creates(answer, request) and handed not in NOTHING:
            groups.setdefault(key(handed), answer.got(response))
    for answer in history.accepted:
        sent = answer.sent(request)
        value = answer.got(response)
        expected = groups.get(key(sent), ABSENT)
        if expected not in NOTHING and value is not ABSENT:
            words = f"{show(expected)}, the group of {show(sent)}"
            yield answer.look(response, words, value, ok=same(expected, value))


def separate(history: History, request: str, response: str) -> Iterator[Look]:
    """Check that each order that creates something gets one of its own."""
    firsts: dict[str, int] = {}
    for answer in history.accepted:
        value = answer.got(response)
        if answer.sent(request) is None and value not in NOTHING:
            yield _first(answer, response, "one of its own", firsts, key(value))


def constant(history: History, response: str) -> Iterator[Look]:
    """Check that all answers say the same."""
    values = [(answer, key(answer.got(response))) for answer in history.accepted]
    present = [(answer, text) for answer, text in values if text not in ("absent", "null")]
    usual = Counter(text for _, text in present).most_common(1)
    for answer, text in present if len(present) > 1 else []:
        common, count = usual[0]
        expected = f"{common}, as in {count} of {len(present)} responses"
        yield Look(answer.exchange, text == common, response, expected, text)


def paired(history: History, left: str, right: str) -> Iterator[Look]:
    """Check that two names of one thing go together: neither comes with another partner."""
    partners: dict[str, Any] = {}
    owners: dict[str, Any] = {}
    for answer in history.valid:
        name = answer.got(left)
        partner = answer.got(right)
        if name in (*NOTHING, "") or partner in (*NOTHING, ""):
            continue
        known_partner = partners.setdefault(key(name), partner)
        owner = owners.setdefault(key(partner), name)
        ok = same(known_partner, partner) and same(owner, name)
        expected = f"another one than {show(owner)} has"
        if not same(known_partner, partner):
            expected = f"{show(known_partner)}, as beside {show(name)} before"
        yield answer.look(right, expected, partner, ok=ok)


def isolated(
    history: History, members: Sequence[str], unless: Sequence[str], *, below: str = ""
) -> Iterator[Look]:
    """Check that nothing that only one order was sent shows in another."""
    expected = "nothing that only another order was sent"
    for member in members:
        senders: dict[str, list[int]] = {}  # text -> requests that it was sent in
        for exchange in history.exchanges:  # what was refused may show as well
            for text in set(every_text(at(exchange.request.value, member))):
                senders.setdefault(text, []).append(exchange.number)
        place = below + member
        for answer in history.accepted:
            if any(answer.sent(pointer) not in NOTHING for pointer in unless):
                continue
            own = set(every_text(answer.sent(member)))
            foreign = [
                text
                for text in every_text(answer.got(place))
                if text not in own and len(senders.get(text, ())) == 1
            ]
            got = ""
            if foreign:
                number = senders[foreign[0]][0]
                got = f"{show(foreign[0])}, which request {number} was sent"
            yield Look(answer.exchange, not foreign, place, expected, got)


def unsent(history: History, members: Sequence[str], by: str) -> Iterator[Look]:
    """Check that what an answer shows beyond what was sent for it was not sent for others alone.

    Whom it is about is told by what the answer has at ``by``: what was sent for the same one
    is its own.
    """
    subjects = _subjects(history, members, by)
    for member in members:
        senders = _senders(history, member, subjects)
        for answer in history.accepted:
            value = answer.got(member)
            owner = answer.got(by)
            if value in NOTHING or owner in (*NOTHING, ""):
                continue
            if answer.sent(member) not in NOTHING:
                continue
            others = senders.get(value, {}) if isinstance(value, str) else {}
            # what stands in for a member may be another one's
            ok = not others or key(owner) in others or value in every_text(answer.sent(""))
            words = "" if ok else f", which request {min(others.values())} was sent"
            expected = "nothing that only orders of others were sent"
            yield Look(answer.exchange, ok, member, expected, show(value) + words)


def _subjects(history: History, members: Sequence[str], by: str) -> list[set[str]]:
    """Return for whom each request of a run was sent, such as its customer.

    One that was not accepted, which may show as well, was for whom it names, and for the only one
    whom another text of it was sent for: a customer may be known by an email.
    """
    owners: dict[tuple[str, str], set[str]] = {}
    for answer, name in itertools.product(history.accepted, members):
        owners.setdefault((name, key(answer.sent(name))), set()).add(key(answer.got(by)))
    subjects = []
    for exchange in history.exchanges:
        sent = exchange.request.value
        subject = {key(at(exchange.value if exchange.accepted else sent, by))}
        if not exchange.accepted:
            texts = [(name, at(sent, name)) for name in members]
            possible = [owners.get((name, key(value)), set()) for name, value in texts if value]
            subject = subject.union(*(names for names in possible if len(names) == 1))
        subjects.append(subject)
    return subjects


def _senders(
    history: History, member: str, subjects: Sequence[set[str]]
) -> dict[str, dict[str, int]]:
    """Return by each text of a member for whom it was sent, and by which request first."""
    senders: dict[str, dict[str, int]] = {}
    for exchange, subject in zip(history.exchanges, subjects, strict=True):
        for text in every_text(at(exchange.request.value, member)):
            for owner in subject:
                senders.setdefault(text, {}).setdefault(owner, exchange.number)
    return senders


def no_effect(history: History, request: str) -> Iterator[Look]:
    """Check that what was only in refused requests is as free as before."""
    existing: set[str] = set()  # references of orders that exist
    spent: set[str] = set()  # references that were only in refused requests
    repeats_are_refused = False
    looks: list[Look] = []
    for exchange, reference in _references(history, request):
        # of orders that are sent at once nobody knows which one was first
        if exchange.case.together:
            continue
        # only a case that takes a reference over on purpose is otherwise plain: a refusal has no
        # other reason
        on_purpose = bool(exchange.case.after) and not exchange.must_refuse
        if reference in existing:
            repeats_are_refused |= exchange.refused and on_purpose
        elif reference in spent and on_purpose and not exchange.failed:  # which is told elsewhere
            expected = f"accepted: {show(reference)} was only in a request that was refused"
            got = f"refused {exchange.status}"
            looks.append(Look(exchange, exchange.accepted, request, expected, got))
        (existing if exchange.accepted else spent).add(reference)
    valid = [exchange for exchange in history.exchanges if exchange.must_accept]
    last = max((exchange.number for exchange in valid if exchange.accepted), default=0)
    for look in looks:
        # who refuses whatever comes by then refuses a new reference as well
        if look.ok or (repeats_are_refused and look.exchange.number < last):
            yield look


def twins(history: History, request: str, created: str) -> Iterator[Look]:
    """Check that of requests at once with one reference one is taken, where a second is refused.

    The finding says in how many of the races it was otherwise.
    """
    races: dict[str, list[Exchange]] = {}
    existing: set[str] = set()
    repeats_are_refused = False
    for exchange, reference in _references(history, request):
        case = exchange.case
        if case.together:
            races.setdefault(reference, []).append(exchange)
        elif reference in existing and case.region is Region.OPEN and case.after:
            repeats_are_refused |= exchange.refused
        if exchange.accepted:
            existing.add(reference)
    raced = [race for race in races.values() if len(race) > 1]
    ids_of = [{show(at(e.value, created)) for e in race if e.accepted} for race in raced]
    lost = sum(len(ids) > 1 for ids in ids_of)
    for race, ids in zip(raced, ids_of, strict=True) if repeats_are_refused else ():
        got = f"{len(ids)}: {', '.join(sorted(ids))}; so in {lost} of {len(raced)} races"
        yield Look(race[-1], len(ids) < 2, created, "one order for a reference", got)


def _references(history: History, request: str) -> Iterator[tuple[Exchange, str]]:
    """Yield answered exchanges with the caller's references in their requests."""
    for exchange in history.exchanges:
        reference = at(exchange.request.value, request)
        if isinstance(reference, str) and reference and exchange.status is not None:
            yield exchange, reference
