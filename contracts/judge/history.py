"""What relations look at: the accepted answers of a run, and one look at one place."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from contracts.model import ABSENT, Exchange
from contracts.schema.jsontext import at, show

NOTHING = (ABSENT, None)
WHOLE = 1 << 30  # characters: no value is cut when it is compared


class Look(NamedTuple):
    """One look at one place."""

    exchange: Exchange
    ok: bool
    place: str
    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An accepted exchange, the places where its response breaks the schema, and that schema."""

    exchange: Exchange
    unsound: frozenset[str] = frozenset()
    schema: Mapping[str, Any] = field(default_factory=dict)

    def sent(self, pointer: str) -> Any:
        """Return what the request has at a pointer."""
        return at(self.exchange.request.value, pointer)

    def got(self, pointer: str) -> Any:
        """Return what the response has at a pointer; ABSENT where its schema is broken."""
        if self.unsound:
            parts = pointer.split("/")
            if any("/".join(parts[:end]) in self.unsound for end in range(1, len(parts) + 1)):
                return ABSENT
        return at(self.exchange.value, pointer)

    def places(self, pattern: str) -> Iterator[tuple[str, Any]]:
        """Yield (pointer, value) for each place that a pointer with ``*`` for indexes names."""
        head, star, rest = pattern.partition("/*")
        if not star:
            yield pattern, self.got(pattern)
            return
        items = self.got(head)
        for index in range(len(items) if isinstance(items, list) else 0):
            yield from self.places(f"{head}/{index}{rest}")

    def look(self, place: str, expected: str, value: Any, *, ok: bool) -> Look:
        """Return a look at a place of the answer, with the value that is there."""
        return Look(self.exchange, ok, place, expected, show(value))


@dataclass(frozen=True, slots=True)
class History:
    """What a run has seen: the successes, and all exchanges."""

    accepted: Sequence[Answer]
    exchanges: Sequence[Exchange]
    others: Sequence[Exchange] = ()  # of other operations of the API, in the order of sending

    @property
    def valid(self) -> list[Answer]:
        """The answers to requests that have to be accepted."""
        return [answer for answer in self.accepted if answer.exchange.must_accept]

    @property
    def invalid(self) -> list[Exchange]:
        """The exchanges in which what has to be refused was refused."""
        return [each for each in self.exchanges if each.must_refuse and each.refused]


def moment(exchange: Exchange) -> tuple[float, int]:
    """Return when a request was sent, and its number among those of one moment.

    What may lag behind is read again later: numbers alone do not tell what was before.
    """
    return exchange.started, exchange.number


def key(value: Any) -> str:
    """Return a JSON value as a text by which it can be found again."""
    return show(value, WHOLE)


def creates(answer: Answer, pointer: str) -> bool:
    """Whether a request refers to nothing that exists already."""
    return answer.sent(pointer) in NOTHING
