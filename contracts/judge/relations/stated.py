"""Relations that descriptions of members state: how many, null while, how much later."""

from collections.abc import Collection, Iterator
from typing import Any

from contracts.judge.history import History, Look
from contracts.judge.relations.forms import comparable
from contracts.model import ABSENT
from contracts.schema.jsontext import at, is_number, show

MINUTE = 60  # by which two times may be further apart: they may come from two clocks
DAY = 24 * 60 * MINUTE


def check_length(
    history: History, response: str, items: str = "", request: str = ""
) -> Iterator[Look]:
    """Check that a number says how many items a list of the answer has, or one that was sent."""
    # equal items that are sent may be put together
    for answer in history.accepted if items else history.valid:
        number = answer.got(response)
        listed = answer.got(items) if items else answer.sent(request)
        if is_number(number) and isinstance(listed, list):
            expected = f"{len(listed)}, as {(items or request)[1:]} has"
            yield answer.look(response, expected, number, ok=number == len(listed))


def check_null_while(
    history: History, response: str, state: str = "", values: Collection[Any] = ()
) -> Iterator[Look]:
    """Check that a member is null while another one has some value; always without one."""
    for answer in history.accepted:
        value = answer.got(response)
        held = at(answer.got(response.rpartition("/")[0]), f"/{state}") if state else ABSENT
        if value is not ABSENT and (not state or held in values):
            words = f"{state} is {show(held)}" if state else "nothing has happened yet"
            yield answer.look(response, f"null, while {words}", value, ok=value is None)


def check_apart(history: History, response: str, since: str, seconds: int) -> Iterator[Look]:
    """Check that a time is so much later than another one, to a minute, or to a day of days."""
    for answer in history.accepted:
        times = comparable(answer.got(since), answer.got(response))
        if times:
            apart = (times[1] - times[0]).total_seconds()
            expected = f"{seconds} seconds after {show(answer.got(since))}"
            ok = abs(apart - seconds) <= (MINUTE if seconds < DAY else DAY)
            yield answer.look(response, expected, answer.got(response), ok=ok)
