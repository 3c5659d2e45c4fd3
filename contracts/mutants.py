"""Mutants of real responses: one operator at one place at a time, to see what no clause notices.

One clean run against the embedded sandbox is recorded; some of its accepted exchanges are mutated in memory
and judged again. An operator is one generator function in one of two tables: `VALUES`, applied to every value
of the body, and `MESSAGES`, applied to status, headers and text. What leaves a response equal in meaning is
no mutant: JSON values that are equal, UUIDs (RFC 9562, section 4) and instants (RFC 3339, section 5.6) in
other letter case, headers that HTTP does without.

A mutant is killed when a clause of any basis is violated, or when the run would stop at once (live mode).
Clauses of one exchange are judged on the mutant alone, relations on the mutant among its donors and
neighbours. A mutant breaks the schema when it is no JSON text or breaks a keyword that the page itself states;
keywords that are conventions do not count there. A survivor is explained by a row of
`apis/<api>/unpromised.toml` or not at all.
"""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from contracts import dialect, documents, targets
from contracts.errors import ContractError
from contracts.jsontext import at, decode, encode, escape, is_number, same, show, type_of
from contracts.judge import checks
from contracts.model import ABSENT, Basis, Contract, Exchange, Kind, Region, Response
from contracts.operators import OPERATORS, Answer, History
from contracts.runner import run

NEIGHBOURS = 4  # accepted exchanges before and after the mutant that relations are judged among
LEAST_BREAKING = 99.0  # per cent of the mutants that break the schema that have to be killed
STOPPED = "the run stops"  # the killer of a mutant that claims to be live
SINGLETONS = frozenset({"content-type", "content-length", "date", "etag", "last-modified", "location", "server"})
CASELESS = re.compile(  # a UUID or an instant: the letters of either have no case
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)",
    re.IGNORECASE,
)
OTHER_TYPES: Mapping[str, Any] = {"string": "text", "number": 7, "boolean": True, "array": [], "object": {}}
MARK = "the place of the mutant"


class Raw(NamedTuple):
    """Bytes that take the place of a value, JSON or not."""

    text: bytes


class Renamed(NamedTuple):
    """The value stays under another name."""

    name: str


@dataclass(frozen=True, slots=True)
class Spot:
    """One value of a response: where it stands, in what, and what the previous response has there."""

    place: str
    value: Any
    owner: Any = ABSENT  # the object or array that it stands in
    key: str | int = ""
    before: Any = ABSENT


@dataclass(frozen=True, slots=True)
class Mutant:
    """One operator applied at one place of one exchange; `exchange` is the changed one."""

    operator: str
    place: str
    was: str
    became: str
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class Result:
    """What the judge made of a mutant."""

    mutant: Mutant
    breaks_schema: bool
    killers: tuple[str, ...]
    convention_only: bool = False

    @property
    def of_message(self) -> bool:
        """Whether status, headers or text were changed, and no value in particular."""
        return self.mutant.operator in MESSAGES

    @property
    def pattern(self) -> str:
        """The place with ``*`` for array indexes."""
        return re.sub(r"/\d+(?=/|$)", "/*", self.mutant.place)


@dataclass(frozen=True, slots=True)
class Unpromised:
    """A row of unpromised.toml: what the page does not promise, so that a mutant of it may survive."""

    places: tuple[str, ...]
    operators: tuple[str, ...] | None  # None stands for all of them
    reason: str

    def explains(self, result: Result) -> bool:
        """Tell whether a survivor is one of these."""
        named = self.operators is None or result.mutant.operator in self.operators
        return named and any(_matches(pattern, result.pattern) for pattern in self.places)


@dataclass(frozen=True, slots=True)
class Grade:
    """All mutants of one API with what explains those that survived."""

    api: str
    results: tuple[Result, ...]
    rows: tuple[Unpromised, ...]
    least_keeping: float  # per cent

    def of(self, *, breaking: bool) -> tuple[Result, ...]:
        """Give the mutants that break the response schema, or those that keep it."""
        return tuple(result for result in self.results if result.breaks_schema is breaking)

    @property
    def survivors(self) -> tuple[Result, ...]:
        """The mutants that no clause noticed."""
        return tuple(result for result in self.results if not result.killers)

    @property
    def unexplained(self) -> tuple[Result, ...]:
        """The survivors that no row speaks of."""
        return tuple(result for result in self.survivors if not self.reason(result))

    @property
    def idle(self) -> tuple[Unpromised, ...]:
        """The rows that explain no survivor: what they speak of is noticed after all."""
        return tuple(row for row in self.rows if not any(map(row.explains, self.survivors)))

    @property
    def holds(self) -> bool:
        """Whether enough were killed and every survivor is explained."""
        breaking, keeping = share(self.of(breaking=True)), share(self.of(breaking=False))
        return breaking >= LEAST_BREAKING and keeping >= self.least_keeping and not self.unexplained

    def reason(self, result: Result) -> str:
        """Give the reason of the first row that explains a survivor; empty when there is none."""
        return next((row.reason for row in self.rows if row.explains(result)), "")


def share(results: Sequence[Result]) -> float:
    """Give the per cent of mutants that were killed."""
    return 100 * sum(bool(result.killers) for result in results) / len(results) if results else 100.0


def grade(api: str) -> Grade:
    """Record one clean run of an API, mutate some of its exchanges at every place, judge every mutant."""
    contract = documents.load(api)
    history = record(api)
    benches = [bench(contract, history, exchange) for exchange in chosen(contract, history)]
    results = tuple(one.judge(mutant) for one in benches for mutant in mutants(one.original, one.previous))
    rows, least = load(contract)
    return Grade(api, results, rows, least)


def load(contract: Contract) -> tuple[tuple[Unpromised, ...], float]:
    """Read unpromised.toml: its rows, and the per cent of schema-keeping mutants that have to be killed."""
    path = documents.shipped_folder(contract.api) / "unpromised.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        rows = tuple(_row(row, f"{path}: unpromised {number}") for number, row in enumerate(data["unpromised"], 1))
        least = float(data.get("least_keeping", 0))
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise ContractError(f"{path}: {error}") from error
    return rows, least


def record(api: str) -> list[Exchange]:
    """Run the plan of an API against its clean embedded sandbox; give the exchanges in the order of their cases."""
    target = targets.choose([api], [], {})[0]
    seen: list[Exchange] = []
    run(
        target.contract,
        targets.embedded(api),
        targets.settings(target),
        notify=lambda done: seen.append(done) if isinstance(done, Exchange) else None,
    )
    return sorted(seen, key=lambda exchange: exchange.number)


def chosen(contract: Contract, history: Sequence[Exchange]) -> list[Exchange]:
    """Choose the accepted valid exchanges to mutate.

    A plain one; one that refers to an earlier answer; for each documented default one that leaves it out and is
    typical in the most other members; one of the required members only. Where no body is documented, two plain
    ones in a row.
    """
    valid = [one for one in history if one.accepted and one.case.region is Region.VALID]
    plain = [one for one in valid if "request.typical" in one.case.decides][1:]
    if contract.request is None:
        return plain[:2]
    found = [*plain[:1], *[one for one in valid if one.case.after][:1]]
    for name, member in contract.request["properties"].items():
        lacking = [one for one in valid if at(one.request.value, f"/{name}") is ABSENT]
        if "default" in member and lacking:
            found.append(max(lacking, key=lambda one: list(one.case.states.values()).count("typical")))
    found += [one for one in valid if "request.minimal" in one.case.decides][:1]
    return list({one.number: one for one in found}.values())


def mutants(original: Exchange, previous: Exchange | None = None) -> Iterator[Mutant]:
    """Yield every mutant of an accepted exchange, one operator at one place at a time."""
    if not isinstance(original.answer, Response):
        return
    for operator, change in MESSAGES.items():
        for place, answer in change(original.answer):
            yield from _mutant(operator, place, original, answer, (_told(original.answer), _told(answer)))
    for spot in spots(original.value, previous.value if previous else ABSENT):
        for operator, rule in VALUES.items():
            for new in rule(spot):
                answer = replace(original.answer, body=_body(original.value, spot, new))
                yield from _mutant(operator, spot.place, original, answer, (show(spot.value, 60), _shown(new)))


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


@dataclass(frozen=True)
class Bench:
    """One exchange with the exchanges that relations are judged among, itself included, in order."""

    contract: Contract
    original: Exchange
    around: tuple[Exchange, ...]
    previous: Exchange | None = None
    basis: Mapping[str, Basis] = field(default_factory=dict)

    @cached_property
    def _answers(self) -> Mapping[int, Answer]:
        return {one.number: Answer(one) for one in self.around}

    def judge(self, mutant: Mutant) -> Result:
        """Judge one mutant; relations only where the exchange by itself breaks no failing clause."""
        exchange = mutant.exchange
        made = list(checks(self.contract, [exchange], {}))
        broken = {check.clause for check in made if not check.ok}
        if exchange.accepted and not self._fails(broken):
            unsound = frozenset(c.place for c in made if not c.ok and c.clause.startswith("response."))
            broken |= set(self.related(Answer(exchange, unsound)))
        live = self.contract.operation.live_mode
        if live and exchange.accepted and at(exchange.value, live) is True:
            broken.add(STOPPED)
        killers = tuple(sorted(broken & (self.basis.keys() | {STOPPED})))
        only = bool(killers) and not self._fails(killers)
        return Result(mutant, self._breaks(exchange), killers, only)

    def related(self, answer: Answer) -> Iterator[str]:
        """Yield the relations that are violated when an answer takes the original's place."""
        answers = {**self._answers, answer.exchange.number: answer}
        history = History(list(answers.values()), [one.exchange for one in answers.values()])
        for clause in self.contract.clauses:
            if clause.kind is Kind.RELATION:
                looks = OPERATORS[clause.arguments["op"]].rule(clause.arguments, history)
                if any(not look.ok for look in looks):
                    yield clause.id

    def _breaks(self, exchange: Exchange) -> bool:
        """Tell whether an answer is no JSON text or breaks the schema of the page, conventions left out."""
        if exchange.value is ABSENT or exchange.problems:
            return True
        broken = (f"response.{look.keyword.clause}" for look in dialect.broken(self.contract.response, exchange.value))
        return self._fails(set(broken))

    def _fails(self, clauses: Sequence[str] | set[str]) -> bool:
        return any(c == STOPPED or self.basis.get(c, Basis.CONVENTION) is not Basis.CONVENTION for c in clauses)


def bench(contract: Contract, history: Sequence[Exchange], original: Exchange) -> Bench:
    """Reduce a history to what tells about one exchange: its donors, its neighbours and itself."""
    accepted = [one for one in history if one.accepted and one.case.region is not Region.INVALID]
    index = accepted.index(original)
    near = accepted[max(0, index - NEIGHBOURS) : index + NEIGHBOURS + 1]
    numbers = {one.number for one in near} | set(original.case.after)
    around = tuple(one for one in accepted if one.number in numbers)
    basis = {clause.id: clause.basis for clause in contract.clauses}
    return Bench(contract, original, around, accepted[index - 1] if index else None, basis)


def _mutant(operator: str, place: str, original: Exchange, answer: Response, told: tuple[str, str]) -> Iterator[Mutant]:
    """Make the mutant, unless the answer means what it meant before."""
    value, problems = decode(answer.body)
    changed = replace(original, answer=answer, value=value, problems=problems)
    before = original.answer
    alike = isinstance(before, Response) and (answer.status, answer.headers) == (before.status, before.headers)
    if alike and problems == original.problems and same(value, original.value):
        return
    yield Mutant(operator, place, *told, changed)


def _body(value: Any, spot: Spot, new: Any) -> bytes:
    """Write a value with something else at a spot."""
    if isinstance(new, Raw):
        marked = encode(_with(value, spot, MARK))
        return marked.replace(encode(MARK), new.text)
    return encode(_with(value, spot, new))


def _with(value: Any, spot: Spot, new: Any) -> Any:
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


# Operators on values: what may take a value's place. ABSENT drops it.


def _null(spot: Spot) -> Iterator[Any]:
    if spot.value is not None:
        yield None


def _type(spot: Spot) -> Iterator[Any]:
    kind = type_of(spot.value)
    if kind in ("number", "boolean"):
        yield show(spot.value)
    for other, value in OTHER_TYPES.items():
        containers = {kind, other} == {"array", "object"}  # see `swapped`
        if other != kind and not containers and (other != "string" or kind not in ("number", "boolean")):
            yield value


def _swapped(spot: Spot) -> Iterator[Any]:
    if isinstance(spot.value, dict):
        yield [spot.value]
    elif isinstance(spot.value, list):
        yield spot.value[0] if spot.value and isinstance(spot.value[0], dict) else {}


def _plus_one(spot: Spot) -> Iterator[Any]:
    if is_number(spot.value):
        yield spot.value + 1


def _minus_one(spot: Spot) -> Iterator[Any]:
    if is_number(spot.value):
        yield spot.value - 1


def _times_100(spot: Spot) -> Iterator[Any]:
    if is_number(spot.value):
        yield spot.value * 100


def _divided_by_100(spot: Spot) -> Iterator[Any]:
    if is_number(spot.value):
        yield Decimal(spot.value) / 100


def _negated(spot: Spot) -> Iterator[Any]:
    if isinstance(spot.value, bool):
        yield not spot.value


def _emptied(spot: Spot) -> Iterator[Any]:
    if isinstance(spot.value, (str, list)):
        yield type(spot.value)()


def _character(spot: Spot) -> Iterator[Any]:
    """Change the last and the middle letter or digit to another of its kind."""
    if isinstance(spot.value, str):
        found = [index for index, character in enumerate(spot.value) if character.isalnum() and character.isascii()]
        for index in dict.fromkeys(found[len(found) // 2 : len(found) // 2 + 1] + found[-1:]):
            old = spot.value[index]
            new = str((int(old) + 1) % 10) if old.isdigit() else chr(ord(old) + (-1 if old in "fFzZ" else 1))
            yield spot.value[:index] + new + spot.value[index + 1 :]


def _upper(spot: Spot) -> Iterator[Any]:
    if isinstance(spot.value, str) and not CASELESS.fullmatch(spot.value):
        yield spot.value.upper()


def _lower(spot: Spot) -> Iterator[Any]:
    if isinstance(spot.value, str) and not CASELESS.fullmatch(spot.value):
        yield spot.value.lower()


def _trimmed(spot: Spot) -> Iterator[Any]:
    """Take away the blanks around a text, and the last character of one."""
    if isinstance(spot.value, str):
        yield spot.value.strip()
        yield spot.value[:-1]


def _sibling(spot: Spot) -> Iterator[Any]:
    """Put the next value beside it in its place: of its own type where there is one."""
    if spot.owner is ABSENT or len(spot.owner) < 2:
        return
    parts = list(spot.owner.items() if isinstance(spot.owner, dict) else enumerate(spot.owner))
    keys = [key for key, _ in parts]
    start = keys.index(spot.key)
    others = [part for _, part in parts[start + 1 :] + parts[:start]]
    alike = [other for other in others if type_of(other) == type_of(spot.value) and not same(other, spot.value)]
    yield (alike or others)[0]


def _previous(spot: Spot) -> Iterator[Any]:
    if spot.before is not ABSENT:
        yield spot.before


def _dropped(spot: Spot) -> Iterator[Any]:
    if isinstance(spot.owner, dict):
        yield ABSENT


def _renamed(spot: Spot) -> Iterator[Any]:
    if isinstance(spot.owner, dict):
        yield Renamed(f"{spot.key}_")


def _added(spot: Spot) -> Iterator[Any]:
    if isinstance(spot.value, dict):
        yield {**spot.value, "unexpected": "text"}


def _shortened(spot: Spot) -> Iterator[Any]:
    if isinstance(spot.value, list) and spot.value:
        yield spot.value[:-1]


def _extended(spot: Spot) -> Iterator[Any]:
    if isinstance(spot.value, list) and spot.value:
        yield [*spot.value, spot.value[-1]]


def _reordered(spot: Spot) -> Iterator[Any]:
    if isinstance(spot.value, list):
        yield spot.value[::-1]


def _twice_named(spot: Spot) -> Iterator[Any]:
    if isinstance(spot.value, dict) and spot.value:
        name, value = next(iter(spot.value.items()))
        yield Raw(encode(spot.value)[:-1] + b"," + encode(name) + b":" + encode(value) + b"}")


def _not_a_number(spot: Spot) -> Iterator[Any]:
    if is_number(spot.value):
        yield Raw(b"NaN")
        yield Raw(b"Infinity")


def _invalid_utf8(spot: Spot) -> Iterator[Any]:
    if isinstance(spot.value, str):
        yield Raw(b'"\xff' + encode(spot.value)[1:])


ValueRule = Callable[[Spot], Iterator[Any]]

VALUES: dict[str, ValueRule] = {
    "null": _null,
    "type": _type,
    "swapped": _swapped,
    "plus_one": _plus_one,
    "minus_one": _minus_one,
    "times_100": _times_100,
    "divided_by_100": _divided_by_100,
    "negated": _negated,
    "emptied": _emptied,
    "character": _character,
    "upper": _upper,
    "lower": _lower,
    "trimmed": _trimmed,
    "sibling": _sibling,
    "previous": _previous,
    "dropped": _dropped,
    "renamed": _renamed,
    "added": _added,
    "shortened": _shortened,
    "extended": _extended,
    "reordered": _reordered,
    "twice_named": _twice_named,
    "not_a_number": _not_a_number,
    "invalid_utf8": _invalid_utf8,
}


# Operators on the message: (place, changed response) pairs.


def _status(*statuses: int) -> MessageRule:
    def change(answer: Response) -> Iterator[tuple[str, Response]]:
        for status in statuses:
            if status != answer.status:
                yield "status", replace(answer, status=status)

    return change


def _media_type(*texts: str) -> MessageRule:
    """Set Content-Type, ``{type}`` being the essence that it had."""

    def change(answer: Response) -> Iterator[tuple[str, Response]]:
        essence = (answer.header("content-type") or "").partition(";")[0].strip()
        for text in texts:
            kept = tuple(header for header in answer.headers if header[0] != "content-type")
            yield "content-type", replace(answer, headers=(*kept, ("content-type", text.format(type=essence))))

    return change


def _header_dropped(answer: Response) -> Iterator[tuple[str, Response]]:
    """Drop Content-Type; the other headers are such as HTTP does without."""
    if answer.header("content-type") is not None:
        kept = tuple(header for header in answer.headers if header[0] != "content-type")
        yield "content-type", replace(answer, headers=kept)


def _header_twice(answer: Response) -> Iterator[tuple[str, Response]]:
    """Repeat each header that has one value only, and contradict Content-Type."""
    for name, value in answer.headers:
        if name in SINGLETONS:
            yield name, replace(answer, headers=(*answer.headers, (name, value)))
    if answer.header("content-type") is not None:
        yield "content-type", replace(answer, headers=(*answer.headers, ("content-type", "text/html")))


def _text(*changes: Callable[[bytes], bytes]) -> MessageRule:
    def change(answer: Response) -> Iterator[tuple[str, Response]]:
        for made in changes:
            yield "text", replace(answer, body=made(answer.body))

    return change


MessageRule = Callable[[Response], Iterator[tuple[str, Response]]]

MESSAGES: dict[str, MessageRule] = {
    "status_2xx": _status(200, 201, 202),
    "status_3xx": _status(302),
    "status_4xx": _status(400, 404, 409),
    "status_5xx": _status(500, 502),
    "media_type": _media_type("text/html", "text/plain", "application/xml", "application/octet-stream"),
    "charset": _media_type("{type}; charset=iso-8859-1", "{type}; charset=utf-16"),
    "charset_twice": _media_type("{type}; charset=utf-8; charset=iso-8859-1"),
    "header_dropped": _header_dropped,
    "header_twice": _header_twice,
    "cut_off": _text(lambda body: body[: len(body) // 2], lambda body: body[:-1].rstrip(b"}"), lambda _: b""),
    "trailing_text": _text(lambda body: body + b" and more", lambda body: body + body),
    "byte_order_mark": _text(lambda body: b"\xef\xbb\xbf" + body),
}


def _row(row: Mapping[str, Any], place: str) -> Unpromised:
    if set(row) != {"places", "operators", "reason"}:
        raise ContractError(f"{place}: expected places, operators and reason, got {', '.join(row)}")
    names = row["operators"]
    if names == "*":
        return Unpromised(tuple(row["places"]), None, row["reason"])
    if isinstance(names, str) or not set(names) <= VALUES.keys() | MESSAGES.keys():
        raise ContractError(f"{place}: operators {names!r}; known: '*' or a list of {', '.join((*VALUES, *MESSAGES))}")
    return Unpromised(tuple(row["places"]), tuple(names), row["reason"])


def _matches(pattern: str, place: str) -> bool:
    """Compare a place with a pattern in which ``*`` stands for one name or index, or a part of one."""
    return re.fullmatch(re.escape(pattern).replace(r"\*", "[^/]*"), place) is not None


def _shown(new: Any) -> str:
    if isinstance(new, Renamed):
        return f"named {new.name}"
    return new.text.decode("utf-8", "backslashreplace")[:60] if isinstance(new, Raw) else show(new, 60)


def _told(answer: Response) -> str:
    types = ", ".join(value for name, value in answer.headers if name == "content-type")
    return f"{answer.status} {types}, {len(answer.body)} bytes"
