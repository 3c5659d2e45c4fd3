"""What descriptions state of the members of an answer: rows that the document is the basis of."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from contracts.authoring.start import identity, queries, things
from contracts.authoring.start.echoes import Rows, dotted, echoes, row_of, types_of
from contracts.authoring.start.identity import Api, Derived
from contracts.schema import keywords
from contracts.schema.jsontext import show

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
# "0 at first", "false for a new account", "starts at 1"
AT_FIRST = re.compile(
    r"\b(?P<value>\d+|true|false) (?:at first|initially|for (?:a |any |every )?new \w+)\b"
    r"|\b(?:starts|begins) (?:at|with) (?P<first>\d+)\b",
    re.IGNORECASE,
)
# what a replacement does not have is gone; a default that takes its place is another thing
LEFT_OUT = re.compile(
    r"(?=.*\b(?:left out|omitted|not (?:given|sent|provided|set))\b)(?!.*\bdefaults?\b)"
    r".*\b(?:removed|cleared|(?:becomes|is|to) `?null)\b",
    re.IGNORECASE,
)
# how a sentence says in which state something new is: "starts as `draft`"
BEGINS = (
    r"\b(?:starts?(?: out)?|begins?) as\b|\bnew \w+ (?:is|are|has|have)\b|\bcreates an? \w+ as\b"
    r"|\b(?:is|are) (?:an? )?`?{state}`? (?:at first|initially|until)\b"
)


def rows(page: Derived, derived: Api = MappingProxyType({})) -> Rows:
    """Yield what the descriptions of an answer's members state."""
    yield from [*_as_sent(page), *_left_out(page)]
    if page["operation"]["method"] == "POST" and identity.makes_new(page):
        yield from _at_first(page, derived)
    if page["operation"]["method"] != "GET":
        for pointer, (line, text) in identity.said(page, "response").items():
            plain = re.sub(r"`", "", text).strip()
            found = [*_length(page, pointer, plain), *_apart(page, pointer, plain)]
            rows = (*found, *_null(page, pointer, plain)) if "*" not in pointer else ()
            for row in rows:
                yield {**row, "basis": "document", "lines": [line, line]}


def _left_out(page: Derived) -> Rows:
    """Yield that nothing is left of what a replacement leaves out, where a sentence says so."""
    required = (page["request"] or {}).get("required", ())
    rows = [row for row in echoes(page) if row["op"] == "comes_back" and "*" not in row["request"]]
    for row in rows if page["operation"]["method"] == "PUT" else ():
        name = row["request"][1:]
        for line, text in identity.said(page, "operation"):
            named = re.search(rf"\b(?:an? )?{name}\b|\boptional \w+\b", text, re.IGNORECASE)
            if name not in required and named and LEFT_OUT.search(text):
                arguments = {"request": row["request"], "response": row["response"]}
                found = row_of("default", arguments, name=name, value="null")
                yield {**found, "basis": "document", "lines": [line, line]}


def _as_sent(page: Derived) -> Rows:
    """Yield the echoes that are no conventions, since the page says that they are as sent."""
    said: Mapping[str, Any] = identity.said(page, "response")
    for row in echoes(page):
        line, text = said.get(row["response"], [0, ""])
        if row["op"] == "comes_back" and AS_SENT.search(re.sub(r" ?\.\Z", "", text)):
            said_here = {"basis": "document", "lines": [line, line]}
            whole = {"stated": True} if "*" not in row["request"] else {}
            yield {**row, **whole, **said_here, "why": "the page says so of it"}


def _at_first(page: Derived, derived: Api) -> Rows:
    """Yield the values that members of what is new have, by what is said of these or of it."""
    home = (identity.created(page) or "").rpartition("/")[0]
    sent = (page["request"] or {}).get("properties", {})
    asked = queries.asked_for(derived, identity.address(page["operation"]))
    for name, schema in _beside(page, f"{home}/").items():
        pointer = f"{home}/{name}"
        kinds = types_of(schema)
        line, text = identity.said(page, "response").get(pointer, [0, ""])
        match = AT_FIRST.search(re.sub(r"`", "", text))
        found: list[tuple[int, Any]] = []
        if match and kinds in ({"integer"}, {"number"}, {"boolean"}):
            found.append((line, json.loads((match["value"] or match["first"]).lower())))
        values = schema.get("enum") or asked.get(name, {}).get("enum", ())
        if things.MOVING.fullmatch(name):
            found += _first_states(page, [value for value in values if isinstance(value, str)])
        for line, value in found[:1] if name not in sent else ():
            row = row_of("is", {"response": pointer, "value": value}, name=name, value=show(value))
            yield {**row, "basis": "document", "lines": [line, line]}


def _first_states(page: Derived, values: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield (line, state) of sentences that say in which state something new is."""
    for line, text in identity.said(page, "operation"):
        states = things.named(re.sub(r"\buntil\b.*", "", text), values)
        if len(states) != 1 or re.search(r"\b(?:if|unless|when|whether)\b", text):
            continue
        begins = BEGINS.format(state=re.escape(states[0]))
        if re.search(begins, text, re.IGNORECASE):
            yield line, states[0]


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
    match = NULL.match(text)
    name = pointer.rpartition("/")[2]
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
