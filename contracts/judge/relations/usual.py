"""What most answers of a run have in common, and the answers that differ from it."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from contracts.judge.history import NOTHING, Answer, Arguments, History, Seen, key
from contracts.judge.relations.forms import PREFIX, every_text, form, instant
from contracts.model import ABSENT, Region
from contracts.schema.jsontext import escape, show

USUAL = 20  # answers that share a form before one that differs is worth a word
MINUTE = timedelta(minutes=1)
RARE = 20  # one in so many may differ: where more do, the server has several forms
# answers to the same request that show that it is not the reason why another one differs
SEVERAL = 2


def alike(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that a text of the server has the form that nearly all others of the run have.

    Only forms count that neither chance nor a growing number changes. What was sent is not the
    server's to write.
    """
    place = arguments["response"]
    texts = [
        (answer, answer.got(place)) for answer in _valid(history) if answer.sent(place) in NOTHING
    ]
    forms = [(answer, text, form(text)) for answer, text in texts if isinstance(text, str)]
    yield from _unlike(place, [one for one in forms if not _begins_as_sent(one[1], one[0])])


def usual(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that a value of the server, or null, is the one that nearly all answers have.

    A server whose values differ from order to order has no usual one. Cases that repeat or take
    over something are left out: a server may know their customer or group by then.
    """
    place = arguments["response"]
    values = [
        (answer, answer.got(place)) for answer in _valid(history) if not answer.exchange.case.after
    ]
    yield from _unlike(
        place, [(answer, value, key(value)) for answer, value in values if value is not ABSENT]
    )


def members(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that an object has the members that nearly all answers of the run have.

    `beyond` names an object of the request, whose members each answer may have and which do not
    count. Cases that repeat or take over something are left out.
    """
    forms = []
    for answer in _valid(history):
        got = answer.got(arguments["response"])
        sent = answer.sent(arguments["beyond"]) if "beyond" in arguments else {}
        if isinstance(got, dict) and not answer.exchange.case.after:
            own = sorted(got.keys() - (sent.keys() if isinstance(sent, dict) else ()))
            words = f"the members {', '.join(own)}" if own else "no member of its own"
            forms.append((answer, own, words))
    yield from _unlike(arguments["response"], forms)


def usual_within(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that each place in an answer has what nearly all answers of the run have there.

    Nothing, null, the size of a list and the values of scalars are compared, each place by itself:
    where the server's values differ from order to order there is no usual one.
    """
    answers = [answer for answer in _valid(history) if not answer.exchange.case.after]
    if len(answers) < USUAL:
        return
    root = arguments["response"]
    parts = [dict(_parts(answer.got(root), root, answer)) for answer in answers]
    slips: dict[int, list[Seen]] = {}
    for place in dict.fromkeys(place for part in parts for place in part):
        owner = place.rpartition("/")[0]
        there = [index for index, part in enumerate(parts) if owner in part or place == root]
        values = [parts[index].get(place, "nothing") for index in there]
        if len(set(values)) in (1, len(values)):
            continue
        forms = [
            (answers[index], answers[index].got(place), value)
            for index, value in zip(there, values, strict=True)
        ]
        for index, seen in zip(there, _unlike(place, forms), strict=False):
            known = slips.setdefault(index, [])
            if not seen.ok and not any(place.startswith(f"{one.place}/") for one in known):
                known.append(seen)
    for index, answer in enumerate(answers):
        held = Seen(answer.exchange, ok=True, place=root, expected="", got="")
        yield from slips.get(index) or [held]


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


def together(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that two times are less than a minute apart, where nearly all answers have them so."""
    forms = []
    for answer in _valid(history):
        earlier = instant(answer.got(arguments["earlier"]))
        later = instant(answer.got(arguments["later"]))
        if earlier and later and (earlier.tzinfo is None) == (later.tzinfo is None):
            near = "less than a minute apart" if abs(later - earlier) < MINUTE else ""
            forms.append((answer, answer.got(arguments["later"]), near))
    yield from _unlike(arguments["later"], forms)


def _valid(history: History) -> list[Answer]:
    return [answer for answer in history.accepted if answer.exchange.case.region is Region.VALID]


def _asked(answer: Answer) -> tuple[Any, ...]:
    """Return what was asked for, but for values that are always new."""
    case = answer.exchange.case
    return bool(case.after), tuple(sorted(case.states.items()))


def _unlike(place: str, forms: Sequence[tuple[Answer, Any, str]]) -> Iterator[Seen]:
    """Yield a look at each (answer, value, form): a form unlike the common one is a slip.

    An empty form says nothing. One that differs is a slip only if it was asked for like several
    that do not: else the request may be the reason. A form that changes once and for all, or was
    another one in the beginning, is a new form and no slip.
    """
    common, count = (Counter(shape for _, _, shape in forms).most_common(1) or [("", 0)])[0]
    if not common or count < USUAL or (len(forms) - count) * RARE > len(forms):
        return
    where = [index for index, (_, _, shape) in enumerate(forms) if shape == common]
    twins = Counter(_asked(forms[index][0]) for index in where)
    for index, (answer, value, shape) in enumerate(forms):
        slip = shape != common and where[0] < index < where[-1] and twins[_asked(answer)] >= SEVERAL
        yield answer.look(
            place, f"{common}, as in {count} of {len(forms)} answers", value, ok=not slip
        )


def _begins_as_sent(text: str, answer: Answer) -> bool:
    """Whether the letters that a text begins with were sent, and are not the server's own."""
    texts = [text.casefold() for text in every_text(answer.sent(""))]
    words = {word for text in texts for word in re.findall(r"[a-z]+", text)}
    prefix = PREFIX.match(text)
    return prefix is not None and prefix[0][:-1].casefold() in words
