"""What differs around the bodies: address, credential, media type, status, parameters."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from contracts.diff import comparing, witnesses
from contracts.diff.comparing import UNPROVEN
from contracts.diff.model import Change, Effect, Stated, Witness
from contracts.diff.witnesses import Bodies, stated
from contracts.model import ABSENT, Schema
from contracts.schema import algebra
from contracts.schema.algebra import Covers
from contracts.schema.jsontext import show
from contracts.schema.vocabulary import closed, readable

BREAKING, UNDECIDED, COMPATIBLE = Effect
SILENT = "one of the pages does not say"
NONE_REQUIRED = "none of its members is required: whether no body at all is still taken is not said"
# what -> what its being added, removed or another does to callers
EFFECTS = {
    "method": (UNDECIDED, UNDECIDED, BREAKING),
    "path": (UNDECIDED, UNDECIDED, BREAKING),
    "server": (COMPATIBLE, UNDECIDED, BREAKING),
    "authorization": (BREAKING, UNDECIDED, BREAKING),
    "permission": (BREAKING, COMPATIBLE, BREAKING),
    "answer_media_type": (COMPATIBLE, UNDECIDED, BREAKING),
    "media_type": (COMPATIBLE, UNDECIDED, BREAKING),
    "success_status": (COMPATIBLE, UNDECIDED, BREAKING),
}


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """Yield the changes of an operation, as `contracts derive` prints it."""
    for name, (added, removed, other) in EFFECTS.items():
        before = _value(old, name)
        after = _value(new, name)
        unsaid = name == "answer_media_type" and name not in {*old, *new}
        if before == after or unsaid:
            continue
        if name == "path" and before and after and _on_the_wire(before) == _on_the_wire(after):
            yield from _renamed(old, new)
            continue
        effect = added if before is None else removed if after is None else other
        was, now = ("not stated" if value is None else show(value) for value in (before, after))
        words = f"the {name.replace('_', ' ')} was {was}, is {now}"
        why = SILENT if effect is UNDECIDED else None
        yield _change(name, effect, words, _sides(old, new, name), why=why)
    yield from _statuses(old, new)
    if old.get("deprecated") != new.get("deprecated"):
        words = "is deprecated" if new.get("deprecated") else "is not deprecated any more"
        sides = _sides(old, new, "deprecated")
        yield _change("deprecated", COMPATIBLE, f"the operation {words}", sides)
    yield from _parameters(old, new)


def _change(
    keyword: str, effect: Effect, statement: str, sides: tuple[Stated, Stated], **more: Any
) -> Change:
    """Return a change of the operation itself; `more` are other members of the record."""
    place = more.pop("place", "")
    return Change("operation", place, keyword, effect, statement, *sides, **more)


def _sides(
    old: Mapping[str, Any] | None, new: Mapping[str, Any] | None, name: str
) -> tuple[Stated, Stated]:
    """Return what both sides say, with their lines."""
    return _stated(old or {}, name), _stated(new or {}, name)


def _statuses(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """Yield the statuses of a success that came and went beside the first one."""
    before, after = (
        {*side.get("success_statuses", ()), side.get("success_status")} for side in (old, new)
    )
    firsts = {old.get("success_status"), new.get("success_status")}
    sides = _sides(old, new, "success_statuses")
    for status in sorted((before ^ after) - firsts, key=str):
        effect = BREAKING if status in after else COMPATIBLE
        words = f"a success may {'' if status in after else 'not '}be {status}"
        yield _change("success_statuses", effect, words, sides)


def _value(side: Mapping[str, Any], name: str) -> Any:
    """Return what a side says; an answer has the media type of requests where it has no other."""
    if name == "answer_media_type" and side.get(name) is None:
        return side.get("media_type")
    return side.get(name)


def _on_the_wire(path: str) -> str:
    """Return a path without the names of its parameters, which no request shows."""
    return re.sub(r"\{[^{}]*\}", "{}", path)


def _renamed(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """Yield a change for each path parameter that has another name."""
    names = [re.findall(r"\{([^{}]*)\}", side["path"]) for side in (old, new)]
    for was, now in zip(*names, strict=True):
        if was != now:
            words = f"the path parameter {was} is called {now}; requests look the same"
            yield _change("parameter", COMPATIBLE, words, _sides(old, new, "path"), place=now)


def address(method: str, path: str) -> tuple[str, str]:
    """Return what goes over the wire of an address: no names of parameters, no query."""
    return method, _on_the_wire(path.partition("?")[0])


def presence(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Change:
    """Return the change of an operation that only one side has."""
    title = "{method} {path}".format_map(old or new or {})
    effect, words = (BREAKING, "is gone") if old else (COMPATIBLE, "is new")
    return _change("method", effect, f"{title} {words}", _sides(old, new, "method"))


def compare_refusals(
    old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]
) -> Iterator[Change]:
    """Yield the changes of the answers that are documented for requests that fail, by status."""
    before, after = ({row["status"]: row for row in side} for side in (old, new))
    for status in sorted(before.keys() | after.keys(), key=str):
        part = f"refusal {status or 'without a number'}"
        was = before.get(status)
        now = after.get(status)
        says = _stated_status(was), _stated_status(now)
        if now is None:
            why = "whether it is still answered is not said"
            words = "it is not documented any more"
            yield Change(part, "", "status", UNDECIDED, words, *says, why=why)
        elif was is None:
            yield Change(part, "", "status", COMPATIBLE, "it is documented now", *says)
        else:
            if None not in (types := (was["media_type"], now["media_type"])) and len({*types}) > 1:
                words = f"its media type was {show(types[0])}, is {show(types[1])}"
                yield Change(part, "", "media_type", BREAKING, words, *says)
            if was["schema"] and now["schema"]:
                bodies = Bodies("response", was["schema"], now["schema"])
                for change in comparing.compare(bodies):
                    yield replace(change, part=part)


def _stated_status(row: Mapping[str, Any] | None) -> Stated:
    """Return the status of a documented refusal with its lines; nothing where there is none."""
    return Stated() if row is None else Stated(row["status"] or ABSENT, tuple(row["lines"]))


def compare_presence(old: Schema | None, new: Schema | None, part: str) -> Iterator[Change]:
    """Yield the change of a body that only one side documents."""
    old_says, new_says = (
        replace(stated(schema or {}, "type"), value=ABSENT if schema is None else "a body")
        for schema in (old, new)
    )
    change = Change(part, "", "body", UNDECIDED, "", old_says, new_says)
    if part == "request" and new is not None and new.get("required"):
        words = f"a request had no body, has one, with {', '.join(new['required'])} required"
        witness = Witness(ABSENT, "old")
        yield replace(change, effect=BREAKING, statement=words, witness=witness)
    elif part == "request" and new is not None:
        words = "a request had no body, has one"
        yield replace(change, statement=words, why=NONE_REQUIRED)
    elif old is not None:
        words = f"the {part} had a body, none is documented any more"
        yield replace(change, statement=words, why=SILENT)
    else:
        words = "the response had no documented body, has one"
        yield replace(change, effect=COMPATIBLE, statement=words)


def _parameters(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """Yield the changes of query and header parameters, which are not those of the path."""
    before, after = (
        {(p["in"], p["name"]): p for p in side.get("parameters") or ()} for side in (old, new)
    )
    for key in sorted(before.keys() | after.keys()):
        if key[0] == "path" and not (key in before and key in after):
            continue
        yield from _parameter(key, before.get(key), after.get(key), old, new)


def _parameter(
    key: tuple[str, str], was: Any, now: Any, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Change]:
    """Yield what changed of a query or header parameter: whether it is needed, and its values."""
    spoken = f"the {key[0]} parameter {key[1]}"
    old_says = replace(_stated(old, "parameters"), value=was or ABSENT)
    new_says = replace(_stated(new, "parameters"), value=now or ABSENT)
    required = [bool(side and side["required"]) for side in (was, now)]

    def change(effect: Effect, words: str, **more: Any) -> Change:
        sides = old_says, new_says
        return _change("parameter", effect, f"{spoken} {words}", sides, place=key[1], **more)

    if now is None:
        why = "whether it is still taken is not said"
        yield change(UNDECIDED, "is not named any more", why=why)
    elif required == [False, True]:
        yield change(BREAKING, "is required" if was else "is new and required")
    elif was is None:
        yield change(COMPATIBLE, "is new and optional")
    elif required == [True, False]:
        yield change(COMPATIBLE, "is not required any more")
    if was and now and was["schema"] != now["schema"]:
        sent = closed(was["schema"])
        accepted = readable(now["schema"])
        if algebra.assertions(sent) == algebra.assertions(accepted):
            return
        if algebra.covers(accepted, sent) is Covers.YES:
            yield change(COMPATIBLE, "takes more values, or the same")
            return
        value = witnesses.find(sent, accepted)
        if value is ABSENT:
            yield change(UNDECIDED, "takes other values", why=UNPROVEN)
        else:
            words = f"does not take {show(value)} any more"
            yield change(BREAKING, words, witness=Witness(value, "old"))


def _stated(side: Mapping[str, Any], name: str) -> Stated:
    value = side.get(name)
    return replace(stated(side, name), value=ABSENT if value is None else value)
