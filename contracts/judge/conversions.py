"""Causes of answers that one mapping writes: members of a kind, all wrong in the same way."""

import html
import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import partial
from unicodedata import combining, normalize

from contracts import clause_ids
from contracts.judge.grouping import Group, Numbered, places, together
from contracts.model import Contract, Finding, Kind, Schema
from contracts.schema.jsontext import at
from contracts.schema.keywords import subschema_at, types, with_any_item

SEVERAL = 3  # members of one wrong type that have nothing else in common


def converted(contract: Contract, rest: Sequence[Numbered]) -> Iterator[Group]:
    """Yield members that are all wrong in the same way, for what they are or for their type.

    Numbers as texts, members that were not sent as null, null for lists that are empty, nothing
    or an empty text for null, times that have no zone or are missing.
    """
    for conversion, least in ((_null_left_out, SEVERAL), (_of_a_kind, 2), (_of_a_type, SEVERAL)):
        grouped: set[int] = set()
        for numbers, findings in together(rest, partial(conversion, contract)):
            if len(numbers) >= least:
                difference = f"{findings[0].got} instead of {findings[0].expected}"
                yield Group(numbers, f"{places(findings)}: {difference}")
                grouped.update(numbers)
        rest = [(number, finding) for number, finding in rest if number not in grouped]


def _documented(contract: Contract, finding: Finding) -> Schema:
    """Return the schema of the place of a finding, an empty one where none is documented."""
    return subschema_at(contract.response, with_any_item(finding.place))


def _null_left_out(contract: Contract, finding: Finding) -> Hashable:
    """Whether a member is missing that may be null, as where a mapping leaves out all nulls."""
    is_missing = clause_ids.keyword(finding.clause.id) == "required"
    return is_missing and "null" in types(_documented(contract, finding))


def _of_a_kind(contract: Contract, finding: Finding) -> Hashable:
    """Return what members that one mapping writes have in common, None for other findings."""
    if finding.clause.kind is not Kind.KEYWORD:
        return None
    keyword = clause_ids.keyword(finding.clause.id)
    value = finding.got
    name = finding.place.rpartition("/")[2]
    sent = finding.exchange.request.value
    unsent = not (isinstance(sent, dict) and name in sent)
    if name in contract.documented_members and unsent and finding.occurrences < finding.looks:
        return keyword, "not sent", "null" in value
    if keyword == "type" and re.search(r'"-?\d+(\.\d+)?"', value):
        return keyword, "number as text"
    documented = _documented(contract, finding)
    if keyword == "type" and value == "null" and "array" in types(documented):
        return keyword, "null for a list"
    if keyword == "type" and value == '""' and "null" in types(documented):
        return keyword, "an empty text for null"
    if keyword == "format":
        # each number and each word as one sign, as of times in one format
        shape = re.sub(r"[A-Za-z]+", "a", re.sub(r"\d+", "0", value))
        return keyword, finding.expected, shape
    if keyword == "enum" and value.lower() in finding.expected.lower():
        return keyword, "in other letters"
    form = documented.get("format", documented.get("pattern"))
    return (keyword, form) if form else None  # such as all times of an order


def _of_a_type(_: Contract, finding: Finding) -> Hashable:
    """Return which type stands in place of which, whether or not null may."""
    keyword = clause_ids.keyword(finding.clause.id)
    value = finding.got
    if finding.clause.kind is not Kind.KEYWORD or keyword != "type":
        return None
    kind = value if value in ("true", "false", "null") else value.lstrip("-")[:1]
    expected = finding.expected.removesuffix(" or null")
    return expected, "a number" if kind.isdigit() else kind


# what a filter makes of the texts that it is given, as words for it
REWRITES: dict[str, Callable[[str], str]] = {
    "trimmed": str.strip,
    "in lower case": str.lower,
    "in capitals": str.upper,
    "in the form NFC of Unicode": partial(normalize, "NFC"),
    "in the form NFD of Unicode": partial(normalize, "NFD"),
    "with single spaces": lambda text: " ".join(text.split()),
    "without accents": lambda text: "".join(c for c in normalize("NFKD", text) if not combining(c)),
    "without what is not ASCII": lambda text: text.encode("ascii", "ignore").decode(),
    "with ? for what is not ASCII": lambda text: text.encode("ascii", "replace").decode(),
    "as UTF-8 that is read as Latin-1": lambda text: text.encode().decode("latin-1"),
}
ESCAPES: dict[str, Callable[[str], str]] = {
    "escaped for HTML": html.unescape,
    "escaped with backslashes": lambda text: re.sub(r"\\(.)", r"\1", text),
}


def rewritten(_: Contract, rest: Sequence[Numbered]) -> Iterator[Group]:
    """Yield texts that all come back changed in one way, such as trimmed."""

    def rewrite(finding: Finding) -> str | None:
        arguments = finding.clause.arguments
        exchange = finding.exchange
        if arguments.get("op") != "echo":
            return None
        sent = at(exchange.request.value, arguments["request"])
        got = at(exchange.value, finding.place)
        if not isinstance(sent, str) or not isinstance(got, str):
            return None
        ways = [way for way, change in REWRITES.items() if change(sent) == got]
        ways += [way for way, undo in ESCAPES.items() if undo(got) == sent]
        return next(iter(ways), None)

    for numbers, findings in together(rest, rewrite):
        if len(numbers) > 1:
            what = f"come back {rewrite(findings[0])}"
            yield Group(numbers, f"{places(findings)}: {what}: {findings[0].got}")
