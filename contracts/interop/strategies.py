"""Schemathesis strategies over the three regions, and what is drawn from them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from decimal import Decimal
from itertools import zip_longest
from random import Random
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, find, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky, NoSuchExample, Unsatisfiable
from schemathesis import GenerationMode

from contracts.definition import loading
from contracts.interop import openapi
from contracts.model import ABSENT, Contract, Region, Schema
from contracts.planning.bodies.states import refers
from contracts.planning.bodies.templates import fresh_text, resolve, sample
from contracts.schema import checks
from contracts.schema.jsontext import decode, encode, show

LONGEST = 20_000  # bytes of a generated body: longer ones are planned, not stumbled over
ROUNDS = 4  # of drawing, until there are as many distinct bodies as were asked for
TRIVIAL = 2  # bodies that Hypothesis begins every round with, and that are known from the first
SHRINKING = 100  # bodies that are drawn to find one that shows a finding again
ANYTHING: Schema = {"type": "object"}


def requests(api: str, region: Region | str = Region.VALID) -> st.SearchStrategy[Any]:
    """Make a Hypothesis strategy of request bodies (JSON values) of a region of a shipped contract.

    In valid bodies, members that have to be unique are new in each, and references are left out.
    """
    return bodies(loading.load(api), Region(region)).map(_concrete)


def responses(api: str) -> st.SearchStrategy[Any]:
    """Make a Hypothesis strategy of response bodies (JSON values) that keep a shipped contract's schema."""
    contract = loading.load(api)
    return _values(contract.response, GenerationMode.POSITIVE).filter(
        lambda value: checks.fits(contract.response, value)
    )


def bodies(contract: Contract, region: Region) -> st.SearchStrategy[Any]:
    """Make the strategy of body templates of a region.

    Where no body is documented all objects are open.
    """
    if contract.request is None or contract.plausible is None:
        return _values(ANYTHING, GenerationMode.POSITIVE)
    documented, plausible = contract.request, contract.plausible
    if region is Region.VALID:
        drawn = _values(plausible, GenerationMode.POSITIVE).map(
            lambda body: _renewed(plausible, body)
        )
        return drawn.filter(lambda body: checks.fits(plausible, sample(body)))
    if region is Region.OPEN:
        drawn = _values(documented, GenerationMode.POSITIVE)
        return drawn.filter(
            lambda body: checks.fits(documented, body) and not checks.fits(plausible, body)
        )
    drawn = _values(documented, GenerationMode.NEGATIVE)
    return drawn.filter(lambda body: not checks.fits(documented, body))


def draw(contract: Contract, seed_number: int, count: int) -> list[Any]:
    """Draw `count` body templates, one for each region in turn.

    The same seed draws the same in one environment.
    """
    regions = list(Region) if contract.request is not None else [Region.OPEN]
    drawn = [
        _draw(
            bodies(contract, region),
            seed_number + index,
            (count + len(regions) - 1 - index) // len(regions),
        )
        for index, region in enumerate(regions)
    ]
    return [
        body
        for turn in zip_longest(*drawn, fillvalue=ABSENT)
        for body in turn
        if body is not ABSENT
    ]


def shrink(
    contract: Contract, region: Region, seed_number: int, shows: Callable[[Any], bool]
) -> Any:
    """Let Hypothesis look for the smallest body of a region for which `shows` is true.

    ABSENT when it finds none.

    `shows` is called up to some hundred times, so this is for sandboxes that cost nothing to ask.
    It may stop being true, when the budget is used up: the caller knows what it saw.
    """
    try:
        return find(
            bodies(contract, region),
            shows,
            settings=settings(
                max_examples=SHRINKING,
                database=None,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
            random=Random(seed_number),  # noqa: S311 - the same seed has to find the same body
        )
    except (NoSuchExample, Flaky):
        return ABSENT


def _values(schema: Schema, mode: GenerationMode) -> st.SearchStrategy[Any]:
    operation = schemathesis.openapi.from_dict(_alone(schema))["/"]["POST"]
    drawn = operation.as_strategy(generation_mode=mode).map(lambda case: case.body)
    return drawn.filter(_is_json).map(lambda body: _whole(decode(encode(body))[0]))


def _alone(schema: Schema) -> dict[str, Any]:
    """Give an OpenAPI document of nothing but a request body."""
    body = {"required": True, "content": {"application/json": {"schema": openapi.plain(schema)}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "A body", "version": "1"},
        "paths": {
            "/": {"post": {"requestBody": body, "responses": {"default": {"description": "any"}}}}
        },
    }


def _whole(value: Any) -> Any:
    """Write whole numbers without a fraction.

    12.0 is 12 to JSON, but not to every server's type system.
    """
    if isinstance(value, Decimal) and value == value.to_integral_value() and value.adjusted() < 300:
        return int(value)
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return (
        {name: _whole(member) for name, member in value.items()}
        if isinstance(value, dict)
        else value
    )


def _is_json(body: Any) -> bool:
    if isinstance(body, bytes) or type(body).__name__ == "NotSet":
        return False
    data = encode(body)
    value, problems = decode(data)
    return (
        value is not ABSENT
        and not problems
        and len(data) <= LONGEST
        and not any(marker in data for marker in (b"{fresh", b"{digits"))
    )


def _renewed(plausible: Schema, body: Any) -> Any:
    """Make unique members fresh and leave references out."""
    renewed = {}
    for name, value in body.items():
        child = plausible["properties"].get(name, {})
        fresh = child.get("x-unique", child.get("x-fresh"))
        if isinstance(fresh, str):
            renewed[name] = fresh
        elif not refers(child) or value is None:
            renewed[name] = value
    return renewed


def _concrete(template: Any) -> Any:
    return resolve(
        template, lambda _: fresh_text("0" * 8, next(_NUMBERS)), lambda marker: marker.pointer
    )


def _count() -> Iterator[int]:
    number = 0
    while True:
        number += 1
        yield number


_NUMBERS = _count()


def _draw(strategy: st.SearchStrategy[Any], seed_number: int, count: int) -> list[Any]:
    """Draw distinct bodies; in further rounds of another seed when some were drawn twice.

    None where none can be.
    """
    found: dict[str, Any] = {}
    with suppress(Unsatisfiable):  # such as open bodies where all that is documented is plausible
        for attempt in range(ROUNDS):
            if len(found) < count:
                _collect(
                    strategy,
                    f"{seed_number}/{attempt}",
                    count - len(found) + TRIVIAL * attempt,
                    found,
                )
    return list(found.values())[:count]


def _collect(
    strategy: st.SearchStrategy[Any], seed_text: str, count: int, found: dict[str, Any]
) -> None:
    @seed(seed_text)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(body: Any) -> None:
        found.setdefault(show(body, 1 << 30), body)

    collect()


def matching(pattern: str, count: int = 20) -> list[str]:
    """Draw texts that match a regular expression, the same each time.

    None where it is of another dialect.
    """
    try:
        strategy = st.from_regex(pattern)
        return [str(text) for text in _draw(strategy, 0, count)]
    except (re.error, ValueError):
        return []
