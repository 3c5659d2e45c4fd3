"""In which order a list is: by a parameter that asks for it, or by a sentence that says so."""

import re
from collections.abc import Iterator
from typing import Any

from contracts.authoring.start import identity, queries
from contracts.authoring.start.identity import Derived, Operation
from contracts.model import Schema

UP = ("asc", "ascending")
DOWN = ("desc", "descending")
# what a sentence says a list is in the order of, and which way
ORDER_BY = re.compile(
    r"\b(?:(?:sorted|ordered) by|(?:in|is) (?:the order|that) of)(?: the| their)? `?(?P<by>\w+)",
    re.IGNORECASE,
)
# an order by creation, which no member is named for
OLDEST_FIRST = re.compile(
    r"\boldest(?: \w+){0,2} first\b"
    r"|\bin the order in which \w+ (?:were|was) (?:added|created|made)\b",
    re.IGNORECASE,
)
ASCENDS = re.compile(r"\b(?:oldest|earliest)(?: \w+){0,2} first\b|\bascending\b", re.IGNORECASE)
DESCENDS = re.compile(r"\bdescending\b|\b(?:newest|latest)\b.*\bfirst\b", re.IGNORECASE)
ORDERS = re.compile(r"sort|order|dir", re.IGNORECASE)  # in the name of a parameter
# words of sentences about an order that may be asked for, which is not the one without asking
CHOSEN = re.compile(r"\b(?:if|when|or|set|use|pass|choose|whether|with)\b", re.IGNORECASE)


def _named_orders(operation: Operation, members: queries.Members) -> Iterator[dict[str, Any]]:
    """Yield the arguments of `ordered` for each member that a parameter puts items in order by.

    ``created_at`` and ``-created_at``, ``name:asc``, ``name_desc`` are its values; or a parameter
    that has just a direction is of what another one names.
    """
    by_words = {identity.words(name): name for name in members}
    for parameter in queries.in_query(operation):
        ways: dict[str, dict[str, str]] = {}
        texts = queries.values(parameter["name"], parameter["schema"])
        for text in texts if queries.SORT.fullmatch(parameter["name"]) else ():
            words = identity.words(text).split("-")
            down = text.startswith("-") or words[-1] in DOWN
            field = "-".join(words[:-1] if words[-1] in (*UP, *DOWN) else words)
            has_way = text.startswith(("-", "+")) or words[-1] in (*UP, *DOWN)
            # a bare name goes upwards only where another value goes downwards
            if field in by_words and (has_way or f"-{text}" in texts):
                way = "descending" if down else "ascending"
                ways.setdefault(by_words[field], {})[way] = text
        for member, found in ways.items():
            both = {"ascending": "", "descending": "", **found}
            yield {"by": f"/{member}", "parameter": parameter["name"], **both}


def orders(page: Derived, items: Schema, instant: str) -> list[dict[str, Any]]:
    """Return the orders of a list that a parameter asks for, and the one that it has else."""
    operation = page["operation"]
    # of a text that is one of several options nobody knows the order
    members = {n: part for n, part in items.get("properties", {}).items() if "enum" not in part}
    by_member = {order["by"]: order for order in _named_orders(operation, members)}
    names = queries.names(operation)
    sort = next(filter(queries.SORT.fullmatch, names), "sort")
    stated = _stated_orders(page, members, instant)
    if operation.get("newest_first") and instant[1:] in members:
        stated = [(instant, False), *stated]
    for by, ascends in stated[:1]:
        plain = {"by": by, "parameter": sort, "ascending": "", "descending": ""}
        by_member[by] = {**by_member.get(by, plain), "default": True, "ascends": ascends}
        if others := [name for name in filter(ORDERS.search, names) if name != sort]:
            by_member[by]["beside"] = others
    return list(by_member.values())


def _stated_orders(page: Derived, members: queries.Members, instant: str) -> list[tuple[str, bool]]:
    """Return (pointer, ascends) of what a sentence says a list is in the order of."""
    by_words = {identity.words(name): f"/{name}" for name in members}
    made = instant if instant[1:] in members else None
    found = []
    for text in (text for _, text in identity.said(page, "operation") if not CHOSEN.search(text)):
        named = ORDER_BY.search(text)
        ascends = ASCENDS.search(text) is not None
        if named and ascends != bool(DESCENDS.search(text)):
            is_of_creation = named["by"].lower() in ("creation", "created")
            by = made if is_of_creation else by_words.get(identity.words(named["by"]))
            found.append((by, ascends))
        elif OLDEST_FIRST.search(text):
            found.append((made, True))
    return [(by, ascends) for by, ascends in found if by]
