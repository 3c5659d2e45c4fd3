"""What no answer of a server that is in order says, though no page forbids it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import combinations
from typing import Any

from contracts.judge.history import NOTHING, Arguments, History, Seen
from contracts.judge.relations import forms
from contracts.judge.relations.usual import USUAL
from contracts.model import Exchange, Region, Response
from contracts.schema.jsontext import is_number, show

HOUR = timedelta(hours=1)
ZONES = timedelta(hours=15)  # by which a time without an offset may differ from UTC


def check_now(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that an instant is within an hour of when the answer was given.

    With ``past`` it may be earlier, as that of something that is known for long, but not before
    1970. The server's own clock counts, which the header ``Date`` shows.
    """
    for answer in history.accepted:
        clock = _clock(answer.exchange)
        if clock is None:
            continue
        for place, text in answer.places(arguments["response"]):
            moment = forms.instant(text)
            if moment is None:
                continue
            slack = HOUR if moment.tzinfo else ZONES
            distance = _distance(moment, clock)
            earliest = clock - datetime(1970, 1, 2, tzinfo=UTC) if "past" in arguments else slack
            ok = -earliest <= distance <= slack
            expected = f"about {clock:%Y-%m-%dT%H:%M:%SZ}, when the answer was given"
            yield answer.look(place, expected, text, ok=ok)


def _clock(exchange: Exchange) -> datetime | None:
    """Return when an answer was given, by the server's clock if it shows one; None if unknown."""
    answer = exchange.answer
    date = answer.header("date") if isinstance(answer, Response) else None
    try:
        moment = parsedate_to_datetime(date or "")
    except (TypeError, ValueError, OverflowError):
        return datetime.fromtimestamp(exchange.started, UTC) if exchange.started else None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _distance(moment: datetime, clock: datetime) -> timedelta:
    """Return by how much an instant is later than a clock; one without an offset is in UTC."""
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - clock
    except OverflowError:  # at the ends of the calendar
        return timedelta.min if moment.year < clock.year else timedelta.max


def check_distinct(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that different things have different ids.

    ``response`` names the places of ids, ``parameter`` a path parameter that is one more. Numbers
    are left out: each kind of thing may be counted from one.
    """
    for answer in history.accepted:
        ids = [(place, answer.got(place)) for place in arguments["response"]]
        if "parameter" in arguments:
            name = arguments["parameter"]
            ids.insert(0, (name, answer.exchange.request.parameters.get(name)))
        named = [
            (place, value) for place, value in ids if isinstance(value, str) and _is_telling(value)
        ]
        for (first, one), (place, value) in combinations(named, 2):
            ok = forms.identity(one) != forms.identity(value)
            expected = f"another id than {first} has"
            yield answer.look(place, expected, value, ok=ok)


def _is_telling(value: str) -> bool:
    """Whether an id is one that two kinds of things do not share by counting."""
    return bool(value.strip()) and not value.isdigit()


def check_at_most(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that a part is not more than the whole, of what is plausible."""
    for answer in history.accepted:
        part, whole = answer.got(arguments["part"]), answer.got(arguments["whole"])
        is_plausible = answer.exchange.case.region is Region.VALID
        if is_plausible and is_number(part) and is_number(whole):
            expected = f"{show(whole)} at most, which {arguments['whole'][1:]} is"
            yield answer.look(arguments["part"], expected, part, ok=part <= whole)


def check_several(arguments: Arguments, history: History) -> Iterator[Seen]:
    """Check that requests about many have not all one answer, such as one customer for all."""
    values: dict[str, Any] = {}
    last = None
    for answer in history.accepted:
        asked, got = answer.sent(arguments["request"]), answer.got(arguments["response"])
        is_new = answer.sent(arguments["response"]) in NOTHING
        if answer.exchange.case.region is not Region.VALID or got in (*NOTHING, "") or not is_new:
            continue
        if isinstance(asked, str) and asked:
            values[asked] = got
            last = answer
    if last is not None and len(values) >= USUAL:
        kinds = {forms.identity(value) for value in values.values()}
        expected = f"several, since {len(values)} different ones were sent"
        got = show(last.got(arguments["response"]))
        place = arguments["response"]
        yield Seen(last.exchange, len(kinds) > 1, place, expected, f"{got}, in all answers")
