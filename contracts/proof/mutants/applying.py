"""Every operator applied to a recorded exchange, at one place at a time."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from contracts.model import ABSENT, Exchange, Response
from contracts.proof.mutants.operators import MESSAGES, VALUES, Raw, Renamed, Spot
from contracts.schema.jsontext import at, decode, encode, escape, same, show

MARK = "the place of the mutant"


@dataclass(frozen=True, slots=True)
class Mutant:
    """One operator applied at one place of one exchange; `exchange` is the changed one."""

    operator: str
    place: str
    was: str
    became: str
    exchange: Exchange


def mutants(original: Exchange, previous: Exchange | None = None) -> Iterator[Mutant]:
    """Yield every mutant of an accepted exchange, one operator at one place at a time."""
    if not isinstance(original.answer, Response):
        return
    for operator, change in MESSAGES.items():
        for place, answer in change(original.answer):
            words = _message_in_words(original.answer), _message_in_words(answer)
            yield from _mutant(operator, place, original, answer, words)
    for spot in spots(original.value, previous.value if previous else ABSENT):
        for operator, rule in VALUES.items():
            for new in rule(spot):
                answer = replace(original.answer, body=_body(original.value, spot, new))
                words = show(spot.value, 60), _in_words(new)
                yield from _mutant(operator, spot.place, original, answer, words)


def spots(
    value: Any, before: Any = ABSENT, place: str = "", owner: Any = ABSENT, key: str | int = ""
) -> Iterator[Spot]:
    """Yield every value of a JSON value, itself first."""
    yield Spot(place, value, owner, key, before)
    parts: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        parts = list(value.items())
    elif isinstance(value, list):
        parts = list(enumerate(value))
    for name, part in parts:
        token = escape(str(name))
        yield from spots(part, at(before, f"/{token}"), f"{place}/{token}", value, name)


def _mutant(
    operator: str, place: str, original: Exchange, answer: Response, words: tuple[str, str]
) -> Iterator[Mutant]:
    """Make the mutant, unless the answer means what it meant before."""
    value, problems = decode(answer.body)
    changed = replace(original, answer=answer, value=value, problems=problems)
    before = original.answer
    alike = isinstance(before, Response) and replace(answer, body=before.body) == before
    if alike and problems == original.problems and same(value, original.value):
        return
    yield Mutant(operator, place, *words, changed)


def _body(value: Any, spot: Spot, new: Any) -> bytes:
    """Write a value with something else at a spot."""
    if isinstance(new, Raw):
        marked = encode(_with(value, spot, MARK))
        return marked.replace(encode(MARK), new.text)
    return encode(_with(value, spot, new))


def _with(value: Any, spot: Spot, new: Any) -> Any:
    """Return a value with something else, or nothing, at a spot."""
    if spot.owner is ABSENT:
        return new
    changed = copy.deepcopy(value)
    owner = at(changed, spot.place.rpartition("/")[0])
    if new is ABSENT:
        del owner[spot.key]
    elif isinstance(new, Renamed):
        owner[new.name] = owner.pop(spot.key)
    else:
        owner[spot.key] = new
    return changed


def _in_words(new: Any) -> str:
    if isinstance(new, Renamed):
        return f"named {new.name}"
    if isinstance(new, Raw):
        return new.text.decode("utf-8", "backslashreplace")[:60]
    return show(new, 60)


def _message_in_words(answer: Response) -> str:
    types = ", ".join(value for name, value in answer.headers if name == "content-type")
    return f"{answer.status} {types}, {len(answer.body)} bytes"
