"""What no answer of a server that is in order says, though no page forbids it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import combinations
from typing import Any

from contracts.judge.history import NOTHING, History, Look
from contracts.judge.relations import forms
from contracts.judge.relations.usual import USUAL
from contracts.model import Exchange, Response
from contracts.schema.jsontext import is_number, show

HOUR = timedelta(hours=1)
ZONES = timedelta(hours=15)  # by which a time without an offset may differ from UTC
EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)


def check_now(history: History, response: str, *, past: bool = False) -> Iterator[Look]:
    """Check that an instant is within an hour of when the answer was given.

    With ``past`` it may be earlier, as that of something that is known for long, but not
    before 1970. The server's own clock counts, which the header ``Date`` shows.
    """
    for answer in history.accepted:
        clock = _clock(answer.exchange)
        for place, text in answer.places(response) if clock else ():
            moment = forms.instant(text)
            if clock is None or moment is None:
                continue
            slack = HOUR if moment.tzinfo else ZONES
            ok = -(clock - EARLIEST if past else slack) <= _distance(moment, clock) <= slack
            expected = f"about {clock:%Y-%m-%dT%H:%M:%SZ}, when the answer was given"
            yield answer.look(place, expected, text, ok=ok)


def _clock(exchange: Exchange) -> datetime | None:
    """Return when an answer was given, by the server's clock or ours; None if unknown."""
    answer = exchange.answer
    date = answer.header("date") if isinstance(answer, Response) else None
    try:
        return _in_utc(parsedate_to_datetime(date or ""))
    except (TypeError, ValueError, OverflowError):
        return datetime.fromtimestamp(exchange.started, UTC) if exchange.started else None


def _in_utc(moment: datetime) -> datetime:
    """Return a time with its offset; one without is in UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _distance(moment: datetime, clock: datetime) -> timedelta:
    """Return by how much an instant is later than a clock."""
    try:
        return _in_utc(moment) - clock
    except OverflowError:  # at the ends of the calendar
        return timedelta.min if moment.year < clock.year else timedelta.max


def check_distinct(
    history: History, response: Sequence[str], *, parameter: str | None = None
) -> Iterator[Look]:
    """Check that different things have different ids.

    ``response`` names the places of ids, ``parameter`` a path parameter that is one more. Numbers
    are left out: each kind of thing may be counted from one.
    """
    for answer in history.accepted:
        ids = [(place, answer.got(place)) for place in response]
        if parameter is not None:
            ids.insert(0, (parameter, answer.exchange.request.parameters.get(parameter)))
        texts = [(place, value) for place, value in ids if isinstance(value, str)]
        telling = [(place, text) for place, text in texts if text.strip() and not text.isdigit()]
        for (first, one), (place, value) in combinations(telling, 2):
            ok = forms.identity(one) != forms.identity(value)
            yield answer.look(place, f"another id than {first} has", value, ok=ok)


def check_at_most(history: History, part: str, whole: str) -> Iterator[Look]:
    """Check that a part is not more than the whole, of what is plausible."""
    for answer in history.valid:
        value = answer.got(part)
        most = answer.got(whole)
        if is_number(value) and is_number(most):
            expected = f"{show(most)} at most, which {whole[1:]} is"
            yield answer.look(part, expected, value, ok=value <= most)


def check_several(history: History, request: str, response: str) -> Iterator[Look]:
    """Check that requests about many have not all one answer, such as one customer for all."""
    values: dict[str, Any] = {}
    last = None
    for answer in history.valid:
        text = answer.sent(request)
        value = answer.got(response)
        if value in (*NOTHING, "") or answer.sent(response) not in NOTHING:
            continue
        if isinstance(text, str) and text:
            values[text] = value
            last = answer
    if last is not None and len(values) >= USUAL:
        kinds = {forms.identity(value) for value in values.values()}
        expected = f"several, since {len(values)} different ones were sent"
        got = f"{show(last.got(response))}, in all answers"
        yield Look(last.exchange, len(kinds) > 1, response, expected, got)
