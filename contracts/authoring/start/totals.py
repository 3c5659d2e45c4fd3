"""Amounts of an answer that are products or sums of others: by their names, or by a sentence."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from contracts.authoring.start import identity
from contracts.authoring.start.identity import Derived
from contracts.schema import keywords

NUMBERS = {"number", "integer"}
QUANTITY, PRICE, AMOUNT, TOTAL = (
    re.compile(pattern.replace("_", "_?"), re.IGNORECASE)
    for pattern in (
        "quantity|qty",
        "(unit_)?(price|cost)(_cents)?|unit_amount(_cents)?|price_each",
        "(line_|sub_)?(total|amount)(_amount|_price|_cents)?",
        "(sub_|grand_|order_)?total(_amount|_price|_cents)?",
    )
)
FURTHER = re.compile(
    r"tax|vat|discount|fee|shipping|rebate|tip$|deposit|rate|percent", re.IGNORECASE
)


def of(page: Derived) -> Iterator[tuple[str, list[str], dict[str, Any]]]:
    """Yield (amount, its factors, what the page says), by names or by a sentence."""
    named = identity.created(page)
    if named is None and page["operation"]["method"] == "GET":
        return  # a list may say how many there are in all
    home = (named or "").rpartition("/")[0]
    whole = keywords.subschema(page["response"] or {}, keywords.path_of(home))
    for name, schema in whole.get("properties", {}).items():
        items = (schema.get("items") or {}).get("properties", {})
        within = f"{home}/{name}/*/"
        factors = [
            within + each for pattern in (QUANTITY, PRICE) for each in _called(pattern, items)
        ]
        amounts = [within + each for each in _called(AMOUNT, items)]
        for amount in amounts if len(factors) > 1 else ():
            yield amount, factors, {}
        parts = factors if len(factors) > 1 else [] if _called(QUANTITY, items) else amounts
        sent = (page["request"] or {}).get("properties", {})
        totals = _called(TOTAL, whole["properties"]) if parts else ()
        for total in totals:
            if total not in sent:
                yield f"{home}/{total}", amounts or parts, {}
    for related in page["relations"]:
        places = [place.strip("/").split("/", 1) for place in (related["at"], *related["of"])]
        if related["operator"] == "product" and all(part == "response" for part, _ in places):
            total, *factors = (f"/{pointer}" for _, pointer in places)
            lines = [related["line"], related["line"]]
            why = "the page says so of these members"
            yield total, factors, {"lines": lines, "why": why}


def _called(pattern: re.Pattern[str], members: Mapping[str, Any]) -> list[str]:
    """Return the one amount of an object that is called so, where nothing else is part of it."""
    named = [
        name
        for name, schema in members.items()
        if pattern.fullmatch(name) and ({*keywords.types(schema)} <= NUMBERS or "pattern" in schema)
    ]
    return named if len(named) == 1 and not any(map(FURTHER.search, members)) else []
