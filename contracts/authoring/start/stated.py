"""What descriptions state of the members of an answer: rows that the document is the basis of."""

import re
from collections.abc import Mapping
from typing import Any

from contracts.authoring.start import identity, things
from contracts.authoring.start.echoes import Rows, dotted, echoes, row_of, types_of
from contracts.authoring.start.identity import Derived
from contracts.schema import keywords

AS_SENT = re.compile(
    r"\A(?!.*\b(?:not|never)\b)(?:[\w' ]{0,30} )?(?:exactly |just )?as (?:it was |they were |you )?"
    r"(?:sent|given|submitted|provided)\.?\Z|\breturned exactly as sent\b",
    re.IGNORECASE,
)
COUNT = re.compile(
    r"\A(?:the )?(?:(?:number|count) of (?:the |its |all )*(?P<of>\w+)|how many (?P<many>\w+)"
    r"(?: the \w+ has| there are)?)\.?\Z",
    re.IGNORECASE,
)
NULL = re.compile(
    r"\A(?:null|empty|not set),? (?P<word>while|as long as|until|before|unless) "
    r"(?P<rest>[^.,;]+)\.?\Z",
    re.IGNORECASE,
)
APART = re.compile(
    r"\A(?P<number>\d+) (?P<unit>minute|hour|day|week)s? after (?P<since>[\w ]+?) ?\.?\Z",
    re.IGNORECASE,
)
SECONDS = {"minute": 60, "hour": 3600, "day": 86400, "week": 604800}


def rows(page: Derived) -> Rows:
    """Yield what the descriptions of an answer's members state."""
    yield from _as_sent(page)
    if page["operation"]["method"] != "GET":
        for pointer, (line, text) in identity.said(page, "response").items():
            plain = re.sub(r"`", "", text).strip()
            found = [*_length(page, pointer, plain), *_apart(page, pointer, plain)]
            for row in (*found, *_null(page, pointer, plain)) if "*" not in pointer else ():
                yield {**row, "basis": "document", "lines": [line, line]}


def _as_sent(page: Derived) -> Rows:
    """Yield the echoes that are no conventions, since the page says that they are as sent."""
    said: Mapping[str, Any] = identity.said(page, "response")
    for row in echoes(page):
        line, text = said.get(row["response"], [0, ""])
        if row["op"] == "comes_back" and AS_SENT.search(re.sub(r" ?\.\Z", "", text)):
            said_here = {"basis": "document", "lines": [line, line]}
            whole = {"stated": True} if "*" not in row["request"] else {}
            yield {**row, **whole, **said_here, "why": "the page says so of it"}


def _beside(page: Derived, pointer: str) -> Mapping[str, Any]:
    """Return the members that stand beside one of an answer."""
    home = keywords.path_of(pointer.rpartition("/")[0])
    members: Mapping[str, Any] = keywords.subschema(page["response"] or {}, home).get(
        "properties", {}
    )
    return members


def _length(page: Derived, pointer: str, text: str) -> Rows:
    """Yield that a number is how many items a list beside it has, or one that is sent."""
    match = COUNT.match(text)
    name = (match["of"] or match["many"]).lower() if match else ""
    schema = keywords.subschema(page["response"] or {}, keywords.path_of(pointer))
    if types_of(schema) != {"integer"} or not name:
        return
    sent = (page["request"] or {}).get("properties", {})
    if "items" in _beside(page, pointer).get(name, {}):
        where = {"items": f"{pointer.rpartition('/')[0]}/{name}"}
    elif "items" in sent.get(name, {}) and page["operation"]["method"] == "POST":
        where = {"request": f"/{name}"}
    else:
        return
    yield row_of("length", {"response": pointer, **where}, name=dotted(pointer), items=name)


def _apart(page: Derived, pointer: str, text: str) -> Rows:
    """Yield that a time is so much later than another one beside it, which the text names."""
    is_new = page["operation"]["method"] == "POST" and identity.makes_new(page)
    match = APART.match(text) if is_new else None
    for name, schema in _beside(page, pointer).items() if match else ():
        is_time = schema.get("format") == "date-time" and not pointer.endswith(f"/{name}")
        if match and is_time and name == match["since"].strip():
            seconds = int(match["number"]) * SECONDS[match["unit"].lower()]
            since = f"{pointer.rpartition('/')[0]}/{name}"
            arguments = {"response": pointer, "since": since, "seconds": seconds}
            yield row_of("apart", arguments, name=dotted(pointer), since=name)


def _null(page: Derived, pointer: str, text: str) -> Rows:
    """Yield that a member of what is new is null: as long as nothing has happened, or in states."""
    match, name = NULL.match(text), pointer.rpartition("/")[2]
    schema = _beside(page, pointer).get(name, {})
    makes = page["operation"]["method"] == "POST" and identity.makes_new(page)
    is_sent = name in (page["request"] or {}).get("properties", {})
    if match is None or not makes or is_sent or "null" not in keywords.types(schema):
        return
    for state, part in _beside(page, pointer).items():
        values = [value for value in part.get("enum", ()) if isinstance(value, str)]
        named = things.named(match["rest"], values)
        word = match["word"].lower()
        others = [value for value in values if value not in named]
        held = named if word in ("while", "as long as") else others
        if word in ("until", "before") and named:  # states are listed in their order
            held = values[: min(map(values.index, named))]
        if named and held and not re.search(r"\bnot\b", match["rest"]):
            arguments = {"response": pointer, "state": state, "values": held}
            words = f"{state} is {' or '.join(held)}"
            yield row_of("null_while", arguments, name=dotted(pointer), words=words)
