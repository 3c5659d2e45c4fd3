"""Hypothesis strategies of request and response bodies over the three regions."""

import functools
import itertools
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, find, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky, NoSuchExample, Unsatisfiable

from contracts.definition import loading
from contracts.interop.breaking import BREAKABLE, breaking
from contracts.interop.values import LETTERS, Strategy, anything, fitting
from contracts.model import ABSENT, Contract, Region, Schema
from contracts.planning.bodies.fields import field_states
from contracts.planning.bodies.proposals import DARING
from contracts.planning.bodies.states import refers, with_member
from contracts.planning.bodies.templates import fresh_text, references, resolve, sample
from contracts.schema import checks
from contracts.schema.jsontext import show
from contracts.schema.keywords import keywords

DRAWN = (Region.OPEN, Region.VALID, Region.OPEN, Region.INVALID)
ROUNDS = 4  # of drawing, until there are as many distinct bodies as were asked for
MATCHING = 20  # texts that match a regular expression
FEW = 3  # values of a schema that says too much to make one
TRIVIAL = 2  # bodies that Hypothesis begins every round with, and that are known from the first
QUIET = settings(database=None, deadline=None, suppress_health_check=list(HealthCheck))
SHRINKING = 600  # bodies that are drawn to find one that shows a finding again


def requests(api: str, region: Region | str = Region.VALID) -> Strategy:
    """Return a strategy of request bodies of a region; what has to be unique is new in each."""
    return bodies(loading.load(api), Region(region)).map(_concrete)


def responses(api: str) -> Strategy:
    """Return a Hypothesis strategy of response bodies that keep a contract's schema."""
    contract = loading.load(api)
    schema = contract.response
    return fitting(schema).filter(lambda value: checks.fits(schema, value))


def bodies(contract: Contract, region: Region) -> Strategy:
    """Return the strategy of body templates of a region; any object where no body is documented."""
    if contract.request is None or contract.plausible is None:
        return st.dictionaries(st.text(LETTERS, max_size=10), anything(), max_size=5)
    if region is Region.VALID:
        return _valid(contract.plausible)
    if region is Region.OPEN:
        return _open(contract, contract.request, contract.plausible)
    return _invalid(contract.request, contract.plausible)


def _valid(plausible: Schema) -> Strategy:
    """Return bodies that fit P, with markers where a member has to be new in every request."""
    required = plausible.get("required", ())
    members = {
        name: _plausible_member(child)
        for name, child in plausible.get("properties", {}).items()
        if name in required or not refers(child) or checks.fits(child, None)
    }
    needed = {name: members.pop(name) for name in required if name in members}
    drawn = st.fixed_dictionaries(needed, optional=members)
    return drawn.filter(lambda body: checks.fits(plausible, sample(body)))


def _plausible_member(schema: Schema) -> Strategy:
    """Return values of a member of a valid body: null for what only the server can name."""
    if refers(schema):
        return st.none()
    fresh = schema.get("x-unique", schema.get("x-fresh"))
    return st.just(fresh) if isinstance(fresh, str) else fitting(schema)


def _open(contract: Contract, documented: Schema, plausible: Schema) -> Strategy:
    """Return bodies that fit D but not P: valid ones with several members opened.

    Every other one has many members in states that are merely odd, so that most servers take
    all of them together; the others have any state, or any value that the page allows.
    """
    opened: dict[str, Strategy] = {"unknownMember": anything()}
    odd: dict[str, Strategy] = {"unknownMember": st.just("x")}
    for name, states in field_states(contract).items():
        planned = [
            state
            for state in states
            if state.region is Region.OPEN
            and state.value is not ABSENT
            and not references(state.value)
        ]
        member = documented["properties"][name]
        any_value = fitting(member if "enum" in member else {"type": "string"} | member)
        opened[name] = any_value
        if planned:
            opened[name] = st.sampled_from([state.value for state in planned]) | any_value
        merely_odd = [state.value for state in planned if state.daring < DARING]
        if merely_odd:
            odd[name] = st.sampled_from(merely_odd)
    many = st.lists(st.sampled_from(sorted(odd)), min_size=min(4, len(odd)), unique=True)
    some = st.lists(st.sampled_from(sorted(opened)), min_size=1, max_size=7, unique=True)
    valid = _valid(plausible)

    @st.composite
    def drawn(draw: st.DrawFn) -> dict[str, Any]:
        body: dict[str, Any] = draw(valid)
        states, names = (odd, many) if draw(st.booleans()) else (opened, some)
        return body | {name: draw(states[name]) for name in draw(names)}

    def is_open(body: Any) -> bool:
        return checks.fits(documented, sample(body)) and not checks.fits(plausible, sample(body))

    return drawn().filter(is_open)


def _invalid(documented: Schema, plausible: Schema) -> Strategy:
    """Return bodies that break one constraint of D, in an otherwise valid body."""
    valid = _valid(plausible)
    breakable = [each for each in keywords(documented) if each.name in BREAKABLE]

    @functools.cache  # making a strategy takes longer than drawing from it
    def spoiled(index: int) -> Strategy:
        keyword = breakable[index]
        wrong = breaking(keyword.schema, keyword)
        if keyword.name == "required" and not keyword.path:
            wrong = valid.map(lambda body: with_member(body, str(keyword.member), ABSENT))
        return _placed(documented, keyword.path, wrong, valid)

    drawn = st.sampled_from(range(len(breakable))).flatmap(spoiled)
    return drawn.filter(lambda body: not checks.fits(documented, sample(body)))


def _placed(schema: Schema, path: Sequence[str], wrong: Strategy, whole: Strategy) -> Strategy:
    """Return values of a schema with `wrong` at a path below; `whole` are values without it."""
    if not path:
        return wrong
    name, below = path[0], path[1:]
    if name == "[]":
        inner = _placed(schema["items"], below, wrong, fitting(schema["items"]))
        return inner.map(lambda item: [item])
    if name == "{}":
        others = schema["additionalProperties"]
        inner = _placed(others, below, wrong, fitting(others))
        return inner.map(lambda member: {"note": member})
    child = schema["properties"][name]
    inner = _placed(child, below, wrong, fitting(child))

    def replaced(parts: tuple[Any, Any]) -> dict[str, Any]:
        body, member = parts
        return {**body, name: member} if isinstance(body, dict) else {name: member}

    return st.tuples(whole, inner).map(replaced)


def draw(contract: Contract, seed_number: int, count: int) -> list[Any]:
    """Return `count` body templates, every other one open; the same seed draws the same."""
    turns = DRAWN if contract.request is not None else (Region.OPEN,)
    order = list(itertools.islice(itertools.cycle(turns), count))
    drawn = {
        region: iter(_draw(bodies(contract, region), seed_number + index, order.count(region)))
        for index, region in enumerate(dict.fromkeys(order))
    }
    bodies_in_turn = (next(drawn[region], ABSENT) for region in order)
    return [body for body in bodies_in_turn if body is not ABSENT]


def shrink(
    contract: Contract, region: Region, seed_number: int, shows: Callable[[Any], bool]
) -> Any:
    """Return the smallest body of a region for which `shows` is true; ABSENT for none.

    `shows` is called up to some hundred times, so this is for sandboxes that cost nothing to
    ask. It may stop being true, when the budget is used up: the caller knows what it saw.
    """
    random = Random(seed_number)  # noqa: S311 - the same seed has to find the same body
    phases = (Phase.generate, Phase.shrink)  # what else varies is not explained to anybody
    options = settings(QUIET, max_examples=SHRINKING, phases=phases)
    try:
        return find(bodies(contract, region), shows, settings=options, random=random)
    except (NoSuchExample, Flaky):
        return ABSENT


def _concrete(template: Any) -> Any:
    return resolve(
        template, lambda _: fresh_text("0" * 8, next(_NUMBERS)), lambda marker: marker.pointer
    )


_NUMBERS = itertools.count(1)


def _draw(strategy: st.SearchStrategy[Any], seed_number: int, count: int) -> list[Any]:
    """Return distinct bodies, drawn in further rounds where some were drawn twice; [] for none."""
    by_text: dict[str, Any] = {}
    with suppress(Unsatisfiable):  # such as open bodies where all that is documented is plausible
        for attempt in range(ROUNDS):
            if len(by_text) < count:
                more = count - len(by_text) + TRIVIAL * attempt
                _collect(strategy, f"{seed_number}/{attempt}", more, by_text)
    return list(by_text.values())[:count]


def _collect(
    strategy: st.SearchStrategy[Any], seed_text: str, count: int, by_text: dict[str, Any]
) -> None:
    @seed(seed_text)
    @settings(QUIET, max_examples=count, phases=[Phase.generate])
    @given(strategy)
    def collect(body: Any) -> None:
        by_text.setdefault(show(body, 1 << 30), body)

    collect()


def some(schema: Schema) -> list[Any]:
    """Return a few values that fit a schema, for one that says too much to make one; or []."""
    values = fitting(schema).filter(lambda value: checks.fits(schema, value))
    return _draw(values, 0, FEW)


@functools.lru_cache(maxsize=64)  # many members of an API have the same pattern
def matching(pattern: str) -> tuple[str, ...]:
    """Return texts that match a regular expression, the plainest first; () for another dialect.

    An empty one is the last: few servers take it for a value.
    """
    try:
        texts = [str(text) for text in _draw(st.from_regex(pattern), 0, MATCHING)]
    except (re.error, ValueError):
        return ()
    return tuple(
        sorted(
            texts, key=lambda text: (not text, not text.isascii(), not text.isalnum(), len(text))
        )
    )
