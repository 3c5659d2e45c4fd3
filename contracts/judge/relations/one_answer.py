"""Relations that hold within one exchange: one generator function each."""

from collections.abc import Iterator
from decimal import Decimal, localcontext
from typing import Any

from contracts.judge.history import NOTHING, Answer, History, Look, creates, key
from contracts.judge.relations import forms
from contracts.judge.relations.amounts import UNTRAPPED
from contracts.judge.relations.comes_back import echoes, is_known, known_values
from contracts.model import ABSENT, Response
from contracts.schema.jsontext import at, decode, escape, is_number, same, show


def check_echo(
    history: History,
    request: str,
    response: str,
    *,
    null_allowed: bool = False,
    only_null: bool = False,
    handed_out: bool = False,
    but_for: str | None = None,
    only: str | None = None,
    stored_with: str | None = None,
) -> Iterator[Look]:
    """Check that a member comes back as it was sent.

    `but_for` names the way of writing that is left open (see `comes_back.WRITINGS`), and `only` the
    one that is looked at alone.
    """
    ids = _handed_out(history, request, response, only_null=only_null) if handed_out else None
    known = known_values(history, request, response, stored_with) if stored_with else {}
    for answer in history.accepted:
        sent = answer.sent(request)
        value = answer.got(response)
        # many a server takes an empty text for none
        if sent in (*NOTHING, "") or value is ABSENT or (value is None and null_allowed):
            continue
        if ids is not None and key(sent) not in ids:
            continue
        if only is not None and not echoes(sent, value, but_for=only):
            continue  # another text, which is not a matter of how it is written
        ok = value is not None if only_null else echoes(sent, value, but_for=but_for)
        if not ok and stored_with:
            owners = {key(answer.sent(stored_with)), key(answer.got(stored_with))}
            texts = [each for owner in owners for each in known.get(owner, ())]
            if any(is_known(answer.exchange, each, value, but_for) for each in texts):
                continue  # what is known of it, in place of what was sent
        yield answer.look(response, f"{show(sent)}, as sent", value, ok=ok)


def _handed_out(history: History, request: str, response: str, *, only_null: bool) -> set[str]:
    """Return the ids that answers handed out, and every text of answers of other operations."""
    creators = [answer for answer in history.accepted if creates(answer, request)]
    ids = {key(answer.got(response)) for answer in creators}
    # null is no surprise where no order shows such an id, only the group that is read later
    shown = any(answer.got(response) not in NOTHING for answer in history.accepted)
    others = history.others if shown or not only_null else ()
    for other in others:
        ids.update(map(key, forms.every_text(other.value) if other.accepted else ()))
    return ids


def check_echo_members(history: History, request: str, response: str) -> Iterator[Look]:
    """Check that every member of a free-form object comes back as it was sent.

    A map of texts writes whatever else is in it as JSON text. That is left alone where it is done
    to all values alike: no page says what may be in such an object.
    """
    as_texts = _writes_texts(history, request, response)
    for answer in history.accepted:
        sent = answer.sent(request)
        value = answer.got(response)
        if not isinstance(sent, dict) or not isinstance(value, dict):
            continue
        if not sent:
            yield Look(answer.exchange, ok=True, place=response, expected="", got="")
        for name, content in sent.items():
            member = value.get(name, ABSENT)
            place = f"{response}/{escape(name)}"
            expected = f"{show(content)}, as sent"
            ok = same(content, member) or (as_texts and _is_text_of(content, member))
            yield answer.look(place, expected, member, ok=ok)


def _writes_texts(history: History, request: str, response: str) -> bool:
    """Whether values of several types, or null alone, come back as texts, and none as it was."""
    pairs = [(answer.sent(request), answer.got(response)) for answer in history.accepted]
    values = [
        (content, got.get(name, ABSENT))
        for sent, got in pairs
        if isinstance(sent, dict) and isinstance(got, dict)
        for name, content in sent.items()
        if content is not None and not isinstance(content, str)
    ]
    written = {type(content) for content, member in values if _is_text_of(content, member)}
    kept = any(same(content, member) for content, member in values)
    return not kept and (len(written) > 1 or not values)


def _is_text_of(content: Any, member: Any) -> bool:
    """Whether a member is the JSON text of a content that is no text itself."""
    if isinstance(content, str) or not isinstance(member, str):
        return False
    return same(content, decode(member.encode("utf-8", "replace"))[0])


def check_default(
    history: History, request: str, response: str, value: Any = None, *, null_allowed: bool = False
) -> Iterator[Look]:
    """Check that a member that was left out comes back with its documented default, or null.

    What is nested has it where the object was sent that it would be in.
    """
    expected = f"{show(value)}, the default, since {request[1:]} was left out"
    for answer in history.accepted:
        for sent, got in _in_each_item(answer, request, response):
            around = sent.rpartition("/")[0]
            is_there = not around or isinstance(answer.sent(around), dict)
            if is_there and answer.sent(sent) is ABSENT:
                yield from _is_value(answer, got, value, expected, null_allowed=null_allowed)


def _in_each_item(answer: Answer, request: str, response: str) -> Iterator[tuple[str, str]]:
    """Yield two pointers, with the places of the items of two lists of one length for ``*``."""
    (sent, star, rest), (got, _, below) = request.partition("/*"), response.partition("/*")
    if not star:
        yield request, response
        return
    both = answer.sent(sent), answer.got(got)
    if all(isinstance(items, list) for items in both) and len(both[0]) == len(both[1]):
        for index, _ in enumerate(both[0]):
            yield f"{sent}/{index}{rest}", f"{got}/{index}{below}"


def check_schema(
    history: History, response: str, value: Any, *, null_allowed: bool = False
) -> Iterator[Look]:
    """Check a member of the answer against a schema of its own."""
    for answer in history.accepted:
        yield from _is_value(answer, response, value, show(value), null_allowed=null_allowed)


def _is_value(
    answer: Answer, response: str, value: Any, expected: str, *, null_allowed: bool
) -> Iterator[Look]:
    """Yield a look at a member that has one value; none where it is absent, or null and may be."""
    actual = answer.got(response)
    if actual is not ABSENT and not (actual is None and null_allowed):
        yield answer.look(response, expected, actual, ok=same(actual, value))


def check_present(
    history: History, response: str, *, absent_allowed: bool = False
) -> Iterator[Look]:
    """Check that members without which the answer is of no use are there."""
    parent = response.rpartition("/")[0]
    for answer in history.accepted:
        value = at(answer.exchange.value, response)
        may_lack = value is ABSENT and absent_allowed
        if not may_lack and isinstance(at(answer.exchange.value, parent), dict):
            yield answer.look(response, "a value", value, ok=value not in NOTHING)


def check_header(history: History, name: str) -> Iterator[Look]:
    """Check that an answer has a header with a value, whatever it is."""
    for answer in history.accepted:
        response = answer.exchange.answer
        value = response.header(name.lower()) if isinstance(response, Response) else None
        yield Look(answer.exchange, bool(value), "", f"a header {name}", value or "none")


def check_fixed_amount(history: History, percentage: str, amount: str) -> Iterator[Look]:
    """Check that a percentage is null where the discount was a fixed amount."""
    for answer in history.accepted:
        rate = answer.got(percentage)
        discount = answer.got(amount)
        if not is_number(discount) or rate is ABSENT or discount == 0:
            continue
        expected = f"null, since {show(discount)} was taken off and no percentage"
        yield answer.look(percentage, expected, rate, ok=rate is None or rate != 0)


def check_equal(history: History, left: str, right: str) -> Iterator[Look]:
    """Check that two members of the answer are the same value."""
    for answer in history.accepted:
        other = answer.got(right)
        for place, value in answer.places(left):
            if value not in NOTHING and other not in NOTHING:
                expected = f"{show(other)}, as at {right}"
                yield answer.look(place, expected, value, ok=forms.same_id(value, other))


def check_parameter(history: History, response: str, parameter: str) -> Iterator[Look]:
    """Check that a member of the answer is the value of a path parameter."""
    for answer in history.accepted:
        sent = answer.exchange.request.parameters[parameter]
        for place, value in answer.places(response):
            if value not in NOTHING:
                expected = f"{show(sent)}, as in the address"
                yield answer.look(place, expected, value, ok=forms.same_in_address(value, sent))


def check_unique_within(history: History, response: str) -> Iterator[Look]:
    """Check that ids in one answer differ from each other."""
    for answer in history.accepted:
        ids: set[str] = set()
        for place, value in answer.places(response):
            if value not in NOTHING:
                ok = forms.identity(value) not in ids
                yield answer.look(place, "an id that nothing beside it has", value, ok=ok)
                ids.add(forms.identity(value))


def check_created(history: History, request: str, response: str) -> Iterator[Look]:
    """Check that an order that creates something names it."""
    for answer in history.accepted:
        value = answer.got(response)
        if answer.sent(request) is None and value is not ABSENT:
            yield answer.look(response, "the id of the new one", value, ok=value is not None)


def check_not_before(
    history: History, earlier: str, later: str, *, slack: float = 0
) -> Iterator[Look]:
    """Check that one instant is not before another, but for so many seconds of `slack`."""
    for answer in history.accepted:
        texts = answer.got(earlier), answer.got(later)
        if instants := forms.comparable(*texts):
            ok = (instants[0] - instants[1]).total_seconds() <= slack
            yield answer.look(later, f"not before {show(texts[0])}", texts[1], ok=ok)


def check_nothing(history: History, request: str, response: str) -> Iterator[Look]:
    """Check that a member that has no reason to be there yet is empty or null."""
    expected = f"nothing, since {request[1:]} was sent"
    for answer in history.accepted:
        if answer.sent(request) not in NOTHING:
            value = answer.got(response)
            yield answer.look(response, expected, value, ok=value in (*NOTHING, [], {}))


def check_cleared(history: History, request: str, response: str) -> Iterator[Look]:
    """Check that a change that takes null for a member leaves nothing there."""
    for answer in history.accepted:
        if answer.sent(request) is None:
            value = answer.got(response)
            ok = value in (*NOTHING, "", [], {})
            yield answer.look(response, "nothing, since null was sent", value, ok=ok)


def check_totals(
    history: History, *, request: str, response: str, key: str, sum_: str, unless: str
) -> Iterator[Look]:
    """Check that a total is the sum of its parts."""
    for answer in history.accepted:
        sent = _sums(answer.sent(request), key, sum_)
        totals = _sums(answer.got(response), key, sum_)
        if sent is None or totals is None or answer.sent(unless) not in NOTHING:
            continue
        expected = f"{sum_} by {key}: {show(sent)}, as sent"
        yield answer.look(response, expected, totals, ok=same(sent, totals))


def _sums(items: Any, key: str, number: str) -> dict[str, Any] | None:
    """Return the sums of a number by a key without letter case; None if an item lacks one."""
    sums: dict[str, Any] = {}
    for item in items if isinstance(items, list) else [None]:
        members = item if isinstance(item, dict) else {}
        name = members.get(key)
        amount = members.get(number, ABSENT)
        if not isinstance(name, str) or not is_number(amount):
            return None
        with localcontext(UNTRAPPED):
            sums[name.lower()] = sums.get(name.lower(), 0) + Decimal(amount)
    return sums
