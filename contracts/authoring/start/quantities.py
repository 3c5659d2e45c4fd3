"""What pages say of the numbers of things: what is added to them, how much may be asked for."""

import itertools
import re
from collections.abc import Mapping, Sequence
from typing import Any

from contracts.authoring.start import identity
from contracts.authoring.start.things import FURTHER, REFUSED, Rows, Things
from contracts.schema import keywords

AFTER = re.compile(r"\bafter|\bnew\b|\bthen\b|\bnow\b", re.IGNORECASE)
MORE = r"\b(?:(?:more|greater|larger|higher) than|exceeds?|exceeding)"
NEGATIVE = r"(?:go |be |become |fall )?(?:below (?:0|zero)|negative)\b"
STEP = re.compile(
    r"\b(?:goes up|increases|increased|incremented|grows|raised) (?:by (?:one|1) )?"
    r"(?:with|on|at|after|by) (?:each|every|any) (?:change|update|edit|modification|write)\b",
    re.IGNORECASE,
)


def rows(things: Things) -> Rows:
    """Yield relations of the numbers of a thing, as `things.rows` does of its states."""
    request = (things.page["request"] or {}).get("properties", {})
    numbers = [name for name, schema in request.items() if _is_number(schema)]
    totals = [name for name, schema in things.members.items() if _is_number(schema)]
    method = things.page["operation"]["method"]
    if len(numbers) == 1 and method == "POST":
        for total in totals:
            yield from _added(things, numbers[0], total)
        yield from _within(things, numbers[0], request[numbers[0]], totals)
    for total in totals:
        told = [(line, text) for line, text in _said(things, total) if STEP.search(text)]
        if method == "POST":  # each request is one more
            grows = _grows(_called(total))
            told = [each for each in things.sentences if re.search(grows, each[1], re.IGNORECASE)]
        for line, _ in told[:1]:
            said = {"lines": [line, line], "basis": "document", "amount": "one"}
            always = {"always": True} if method == "POST" else {}
            yield "adds", {"member": f"/{total}", **always}, {**said, "member": total}


def _grows(called: str) -> str:
    """Return a pattern of sentences by which a number goes up by one with each request."""
    return (
        rf"{called} (?:goes up|increases|grows|is (?:incremented|increased|raised)) by (?:one|1)\b"
        rf"|\b(?:increases|increments|raises) (?:its |the )?{called} by (?:one|1)\b"
    )


def _added(things: Things, number: str, total: str) -> Rows:
    """Yield that a number is added to one of the thing, or taken from it, by a sentence.

    Or the number of the thing is the sum of what is done: "the sum of all refunds".
    """
    what = _called(number)
    to = rf"(?:the )?(?:{things.noun}'s )?{_called(total)}\b"
    adds = rf"\badds? (?:the )?{what} to {to}|\b{what} is added to {to}"
    takes = (
        rf"\b(?:subtract|deduct|take|remove)s? (?:the )?{what} from {to}"
        rf"|\b{what} is (?:subtracted|deducted|taken|removed) from {to}"
    )
    last = identity.address(things.page["operation"]).rpartition("/")[2]
    noun = re.escape(identity.singular(last))
    total_line, total_text = _said(things, total)[0]
    sent_line, sent_text = identity.said(things.page, "request").get(f"/{number}", [0, ""])
    sums = rf"\b(?:sum|total) of (?:all |the |its )*{noun}s\b"
    found = [
        (line, times)
        for pattern, times in ((adds, 1), (takes, -1))
        for line, text in things.sentences
        if re.search(pattern, text, re.IGNORECASE)
    ]
    is_sent_so = re.search(rf"\bis added to {to}", sent_text, re.IGNORECASE)
    found += [(sent_line, 1)] if is_sent_so else []
    found += [(total_line, 1)] if re.search(sums, total_text, re.IGNORECASE) else []
    for line, times in found[:1]:
        arguments = {"member": f"/{total}", "sent": f"/{number}", "times": times}
        _, said_of_answer = identity.said(things.page, "response").get(f"/{total}", [0, ""])
        if "answer" not in things.arguments and AFTER.search(said_of_answer):
            arguments["answered"] = f"/{total}"
        said = {"lines": [line, line], "basis": "document", "amount": number}
        yield "adds", arguments, {**said, "member": total}


def _within(things: Things, number: str, schema: Mapping[str, Any], totals: Sequence[str]) -> Rows:
    """Yield that no more may be asked for than a number of the thing that a sentence names."""
    may_be_negative = schema.get("minimum", schema.get("exclusiveMinimum", -1)) < 0
    for total, (line, text) in itertools.product(totals, things.sentences):
        called = _called(total)
        of_it = rf"(?: of the {things.noun})?{FURTHER}(?! (?:allowed|limit|per)\b)"
        more = rf"{MORE} (?:the |its |what is )?{called}{of_it}"
        below = re.search(rf"{called} (?:would |to )?{NEGATIVE}", text, re.IGNORECASE)
        above = not may_be_negative and re.search(more, text, re.IGNORECASE)
        if REFUSED.search(text) and (below or above):
            times = -1 if may_be_negative else 1
            arguments = {"sent": f"/{number}", "member": f"/{total}", "times": times}
            said = {"lines": [line, line], "basis": "document", "amount": number}
            yield "within", {**arguments, **things.status(text)}, said
            return


def _said(things: Things, member: str) -> list[tuple[int, str]]:
    """Return (line, text) of what the page that reads a thing says of a member, and its own."""
    place = f"{things.arguments['response']}/{member}"
    pages = (things.shown, things.page)
    return [tuple(identity.said(page, "response").get(place, [0, ""])) for page in pages]


def _is_number(schema: Mapping[str, Any]) -> bool:
    return bool({*keywords.types(schema)} & {"integer", "number"})


def _called(name: str) -> str:
    """Return a pattern of a member in a sentence: "on hand", or "captured amount" the other way."""
    words = [re.escape(word) for word in identity.words(name).split("-")]
    return rf"`?\b(?:{'[ _-]?'.join(words)}|{' '.join(reversed(words))})\b`?"
