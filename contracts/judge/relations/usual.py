"""What most answers of a run have in common, and the answers that differ from it."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from contracts.judge.history import NOTHING, Answer, History, Look, key
from contracts.judge.relations.forms import PREFIX, comparable, every_text, form
from contracts.model import ABSENT
from contracts.schema.jsontext import escape, show

USUAL = 20  # answers that share a form before one that differs is worth a word
MINUTE = timedelta(minutes=1)
RARE = 20  # one in so many may differ: where more do, the server has several forms
# answers to the same request that show that it is not the reason why another one differs
SEVERAL = 2

Form = tuple[Answer, Any, str]  # an answer, its value at a place, and the form of that


def alike(history: History, response: str) -> Iterator[Look]:
    """Check that a text of the server has the form that nearly all others of the run have.

    Only forms count that neither chance nor a growing number changes. What was sent is not the
    server's to write.
    """
    own = [answer for answer in history.valid if answer.sent(response) in NOTHING]
    texts = [(answer, answer.got(response)) for answer in own]
    forms = [
        (answer, text, form(text))
        for answer, text in texts
        if isinstance(text, str) and not _begins_as_sent(text, answer)
    ]
    yield from _unlike(response, forms)


def usual(history: History, response: str) -> Iterator[Look]:
    """Check that a value of the server, or null, is the one that nearly all answers have.

    A server whose values differ from order to order has no usual one. Cases that repeat or
    take over something are left out: a server may know their customer or group by then.
    """
    values = [(answer, answer.got(response)) for answer in _independent(history)]
    forms = [(answer, value, key(value)) for answer, value in values if value is not ABSENT]
    yield from _unlike(response, forms)


def members(history: History, response: str, *, beyond: str | None = None) -> Iterator[Look]:
    """Check that an object has the members that nearly all answers of the run have.

    `beyond` names an object of the request, whose members each answer may have and which do
    not count. Cases that repeat or take over something are left out.
    """
    forms: list[Form] = []
    for answer in _independent(history):
        value = answer.got(response)
        sent = {} if beyond is None else answer.sent(beyond)
        if isinstance(value, dict):
            own = sorted(value.keys() - (sent.keys() if isinstance(sent, dict) else ()))
            words = f"the members {', '.join(own)}" if own else "no member of its own"
            forms.append((answer, own, words))
    yield from _unlike(response, forms)


def usual_within(history: History, response: str) -> Iterator[Look]:
    """Check that each place in an answer has what nearly all answers of the run have there.

    Nothing, null, the size of a list and the values of scalars are compared, each place by
    itself: where the server's values differ from order to order there is no usual one.
    """
    answers = _independent(history)
    if len(answers) < USUAL:
        return
    parts = [dict(_parts(answer.got(response), response, answer)) for answer in answers]
    slips: dict[int, list[Look]] = {}
    for place in dict.fromkeys(place for part in parts for place in part):
        owner = place.rpartition("/")[0]
        indexes = [i for i, part in enumerate(parts) if owner in part or place == response]
        values = [parts[index].get(place, "nothing") for index in indexes]
        if len(set(values)) in (1, len(values)):
            continue
        forms = [
            (answers[index], answers[index].got(place), value)
            for index, value in zip(indexes, values, strict=True)
        ]
        for index, look in zip(indexes, _unlike(place, forms), strict=False):
            own_slips = slips.setdefault(index, [])
            if not look.ok and not any(place.startswith(f"{slip.place}/") for slip in own_slips):
                own_slips.append(look)
    for index, answer in enumerate(answers):
        clean = Look(answer.exchange, ok=True, place=response, expected="", got="")
        yield from slips.get(index) or [clean]


def _parts(value: Any, place: str, answer: Answer) -> Iterator[tuple[str, str]]:
    """Yield each place below a value with what is there in words; none where the schema breaks."""
    if place in answer.unsound:
        return
    if isinstance(value, dict):
        yield place, "an object"
        for name, member in value.items():
            yield from _parts(member, f"{place}/{escape(name)}", answer)
    elif isinstance(value, list):
        yield place, f"a list of {len(value)}"
        for index, item in enumerate(value):
            yield from _parts(item, f"{place}/{index}", answer)
    elif value is not ABSENT:
        yield place, show(value)


def together(history: History, earlier: str, later: str) -> Iterator[Look]:
    """Check that two times are less than a minute apart, where nearly all answers have them so."""
    forms: list[Form] = []
    for answer in history.valid:
        if instants := comparable(answer.got(earlier), answer.got(later)):
            is_near = abs(instants[1] - instants[0]) < MINUTE
            words = "less than a minute apart" if is_near else ""
            forms.append((answer, answer.got(later), words))
    yield from _unlike(later, forms)


def _independent(history: History) -> list[Answer]:
    """Return the answers to valid cases that neither repeat nor take over anything."""
    return [answer for answer in history.valid if not answer.exchange.case.after]


def _asked(answer: Answer) -> tuple[Any, ...]:
    """Return what was asked for, but for values that are always new.

    A body that was drawn has no states: none is like another one.
    """
    case = answer.exchange.case
    is_drawn = isinstance(case.body, dict) and not case.states
    return bool(case.after), tuple(sorted(case.states.items())), case.number if is_drawn else None


def _unlike(place: str, forms: Sequence[Form]) -> Iterator[Look]:
    """Yield a look at each (answer, value, form): a form unlike the common one is a slip.

    An empty form says nothing. One that differs is a slip only if it was asked for like
    several that do not: else the request may be the reason. A form that changes once and for
    all, or was another one in the beginning, is a new form and no slip.
    """
    common, count = (Counter(shape for _, _, shape in forms).most_common(1) or [("", 0)])[0]
    if not common or count < USUAL or (len(forms) - count) * RARE > len(forms):
        return
    where = [index for index, (_, _, shape) in enumerate(forms) if shape == common]
    likewise = Counter(_asked(forms[index][0]) for index in where)
    expected = f"{common}, as in {count} of {len(forms)} answers"
    for index, (answer, value, shape) in enumerate(forms):
        between = where[0] < index < where[-1]
        is_slip = shape != common and between and likewise[_asked(answer)] >= SEVERAL
        yield answer.look(place, expected, value, ok=not is_slip)


def _begins_as_sent(text: str, answer: Answer) -> bool:
    """Whether the letters that a text begins with were sent, and are not the server's own."""
    texts = [text.casefold() for text in every_text(answer.sent(""))]
    words = {word for text in texts for word in re.findall(r"[a-z]+", text)}
    prefix = PREFIX.match(text)
    return prefix is not None and prefix[0][:-1].casefold() in words
