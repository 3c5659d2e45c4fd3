"""Members that an answer has under another name or at another depth than the page.

A sandbox that answers in snake_case, puts a prefix before every name or wraps everything in
``data`` does one thing wrong. The pairs of names are found by what is left of both when case,
separators and levels are taken away; the answers are then judged with the values put where the page
has them.
"""

import copy
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from contracts.model import Contract, Exchange, Explanation
from contracts.schema.keywords import members

ANSWERS = 30  # that are looked at for the names of their members
# members that have to share a prefix, or to be respelt where the page requires none
FEWEST = 2
NAMED = 6  # pairs that the words name

Pairs = Mapping[str, str]  # where the page has a member -> where the answers have it


def respelt(contract: Contract, exchanges: Sequence[Exchange]) -> Pairs:
    """Return the members that are never where the page has them, but by another name."""
    successes = [exchange for exchange in exchanges if exchange.is_success]
    answers = [exchange.value for exchange in successes if isinstance(exchange.value, dict)]
    values = {id(value): value for value in answers[:ANSWERS]}.values()  # each once
    documented = dict.fromkeys(map(_pointer, members(contract.response)))
    actual = dict.fromkeys(pointer for value in values for pointer in _actual(value, ""))
    missing = [pointer for pointer in documented if pointer not in actual]
    extra = [pointer for pointer in actual if pointer not in documented]
    pairs = _alike(missing, extra)
    required = {f"/{name}" for name in contract.response.get("required", ())}
    return pairs if len(pairs) >= FEWEST or required & pairs.keys() else {}


def restored(exchange: Exchange, pairs: Pairs) -> Exchange:
    """Return an exchange whose answer has the values where the page has them."""
    if not exchange.accepted or not isinstance(exchange.value, dict):
        return exchange
    value = copy.deepcopy(exchange.value)
    for place, actual in sorted(pairs.items(), key=lambda pair: pair[0].count("/")):
        for place_in_answer, inside in list(_places(exchange.value, actual.split("/")[1:], ())):
            indexes = iter([step for step in place_in_answer if isinstance(step, int)])
            path = [next(indexes, 0) if step == "*" else step for step in place.split("/")[1:]]
            _put(value, path, copy.deepcopy(inside))
    return replace(exchange, value=value)


def explanation(pairs: Pairs) -> Explanation:
    """Return in words which members are respelt."""
    renamings = [f"{place[1:]} is {actual[1:]}" for place, actual in pairs.items()][:NAMED]
    more = f", and {len(pairs) - NAMED} more" if len(pairs) > NAMED else ""
    count = f"{len(pairs)} members are" if len(pairs) > 1 else "a member is"
    return Explanation(
        f"{count} named or placed otherwise than on the page: {', '.join(renamings)}{more}"
    )


def _alike(missing: Sequence[str], extra: Sequence[str]) -> dict[str, str]:
    """Return by the places that are missing those that have like names, each of them once.

    Example: ``{"/customerEmail": "/customer_email"}``. A prefix that most of the extra names
    share does not count.
    """
    pairs: dict[str, str] = {}
    for prefix in ("", *_prefixes(missing, extra)):
        free = {(_bare(spot), spot.count("*")): spot for spot in extra}
        for used in pairs.values():
            free.pop((_bare(used), used.count("*")), None)
        for place in missing:
            actual = free.get((prefix + _bare(place), place.count("*")))
            if actual is None and prefix and _bare(place).startswith(prefix):
                actual = free.get((_bare(place).removeprefix(prefix), place.count("*")))
            if actual is not None and place not in pairs:
                pairs[place] = actual
        if len(pairs) > len(missing) / 2:
            break
    return pairs


def _prefixes(missing: Sequence[str], extra: Sequence[str]) -> list[str]:
    """Return the beginnings that several names have more, or less, than those of the page."""
    counts: Counter[str] = Counter()
    for place in map(_bare, missing):
        for actual in map(_bare, extra):
            longer, shorter = (actual, place) if len(actual) > len(place) else (place, actual)
            if shorter and longer != shorter and longer.endswith(shorter):
                counts[longer.removesuffix(shorter)] += 1
    return [prefix for prefix, count in counts.most_common(1) if count >= FEWEST]


def _bare(pointer: str) -> str:
    return re.sub(r"[^a-z0-9]", "", pointer.lower())


def _pointer(path: Sequence[str]) -> str:
    return "".join(f"/{'*' if name == '[]' else name}" for name in path)


def _actual(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield f"{path}/{name}"
            yield from _actual(member, f"{path}/{name}")
    elif isinstance(value, list):
        for item in value:
            yield from _actual(item, f"{path}/*")


def _places(
    value: Any, steps: Sequence[str], path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Yield (path, value) for each place that steps with ``*`` for indexes lead to."""
    if not steps:
        yield path, value
    elif steps[0] == "*":
        for index, item in enumerate(value if isinstance(value, list) else ()):
            yield from _places(item, steps[1:], (*path, index))
    elif isinstance(value, dict) and steps[0] in value:
        yield from _places(value[steps[0]], steps[1:], (*path, steps[0]))


def _put(value: Any, path: Sequence[str | int], inside: Any) -> None:
    """Set a place in a value, with the objects that it lies in; lists have to be there already."""
    for step in path[:-1]:
        if isinstance(value, list):
            if not isinstance(step, int) or step >= len(value):
                return
            value = value[step]
        elif isinstance(value, dict):
            value = value.setdefault(step, {})
    if isinstance(value, dict):
        value[path[-1]] = inside
