"""What differs around the bodies: address, credential, media type, status, parameters."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from contracts.diff import comparing, witnesses
from contracts.diff.bodies import Bodies, stated
from contracts.diff.comparing import UNPROVEN
from contracts.diff.model import Change, Effect, Stated, Witness
from contracts.model import ABSENT, Schema
from contracts.schema import algebra
from contracts.schema.algebra import Covers
from contracts.schema.jsontext import show
from contracts.schema.rewriting import closed, readable

ADDED, REMOVED, OTHER = "added", "removed", "other"
SILENT = "one of the pages does not say"
NONE_REQUIRED = "none of its members is required: whether no body at all is still taken is not said"
# what -> what its being added, removed or another does to callers
EFFECTS: Mapping[str, Mapping[str, Effect]] = {
    "method": {ADDED: Effect.UNDECIDED, REMOVED: Effect.UNDECIDED, OTHER: Effect.BREAKING},
    "path": {ADDED: Effect.UNDECIDED, REMOVED: Effect.UNDECIDED, OTHER: Effect.BREAKING},
    "server": {ADDED: Effect.COMPATIBLE, REMOVED: Effect.UNDECIDED, OTHER: Effect.BREAKING},
    "authorization": {ADDED: Effect.BREAKING, REMOVED: Effect.UNDECIDED, OTHER: Effect.BREAKING},
    "permission": {ADDED: Effect.BREAKING, REMOVED: Effect.COMPATIBLE, OTHER: Effect.BREAKING},
    "answer_media_type": {
        ADDED: Effect.COMPATIBLE,
        REMOVED: Effect.UNDECIDED,
        OTHER: Effect.BREAKING,
    },
    "media_type": {ADDED: Effect.COMPATIBLE, REMOVED: Effect.UNDECIDED, OTHER: Effect.BREAKING},
    "success_status": {ADDED: Effect.COMPATIBLE, REMOVED: Effect.UNDECIDED, OTHER: Effect.BREAKING},
}


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """Yield the changes of an operation, as `contracts derive` prints it."""
    for name, effects in EFFECTS.items():
        before, after = _value(old, name), _value(new, name)
        unsaid = name == "answer_media_type" and name not in {*old, *new}
        if before == after or unsaid:
            continue
        if name == "path" and before and after and _on_the_wire(before) == _on_the_wire(after):
            yield from _renamed(old, new)
            continue
        kind = ADDED if before is None else REMOVED if after is None else OTHER
        values = [show(value) if value is not None else "not stated" for value in (before, after)]
        effect = effects[kind]
        yield Change(
            "operation",
            "",
            name,
            effect,
            f"the {name.replace('_', ' ')} was {values[0]}, is {values[1]}",
            _stated(old, name),
            _stated(new, name),
            why=SILENT if effect is Effect.UNDECIDED else None,
        )
    yield from _statuses(old, new)
    if old.get("deprecated") != new.get("deprecated"):
        words = "is deprecated" if new.get("deprecated") else "is not deprecated any more"
        sides = _stated(old, "deprecated"), _stated(new, "deprecated")
        yield Change(
            "operation", "", "deprecated", Effect.COMPATIBLE, f"the operation {words}", *sides
        )
    yield from _parameters(old, new)


def _statuses(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """Yield the statuses of a success that came and went beside the first one."""
    before, after = (
        {*side.get("success_statuses", ()), side.get("success_status")} for side in (old, new)
    )
    firsts = {old.get("success_status"), new.get("success_status")}
    sides = _stated(old, "success_statuses"), _stated(new, "success_statuses")
    for status in sorted((before ^ after) - firsts, key=str):
        effect = Effect.BREAKING if status in after else Effect.COMPATIBLE
        words = f"a success may {'' if status in after else 'not '}be {status}"
        yield Change("operation", "", "success_statuses", effect, words, *sides)


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
            sides = _stated(old, "path"), _stated(new, "path")
            yield Change("operation", now, "parameter", Effect.COMPATIBLE, words, *sides)


def address(method: str, path: str) -> tuple[str, str]:
    """Return what goes over the wire of an address: no names of parameters, no query."""
    return method, _on_the_wire(path.partition("?")[0])


def presence(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Change:
    """Return the change of an operation that only one side has."""
    title = "{method} {path}".format_map(old or new or {})
    effect, words = (Effect.BREAKING, "is gone") if old else (Effect.COMPATIBLE, "is new")
    sides = _stated(old or {}, "method"), _stated(new or {}, "method")
    return Change("operation", "", "method", effect, f"{title} {words}", *sides)


def compare_refusals(
    old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]
) -> Iterator[Change]:
    """Yield the changes of the answers that are documented for requests that fail, by status."""
    before, after = ({row["status"]: row for row in side} for side in (old, new))
    for status in sorted(before.keys() | after.keys(), key=str):
        part = f"refusal {status or 'without a number'}"
        was, now = before.get(status), after.get(status)
        says = _stated_status(was), _stated_status(now)
        if now is None:
            why = "whether it is still answered is not said"
            words = "it is not documented any more"
            yield Change(part, "", "status", Effect.UNDECIDED, words, *says, why=why)
        elif was is None:
            yield Change(part, "", "status", Effect.COMPATIBLE, "it is documented now", *says)
        else:
            if None not in (types := (was["media_type"], now["media_type"])) and len({*types}) > 1:
                words = f"its media type was {show(types[0])}, is {show(types[1])}"
                yield Change(part, "", "media_type", Effect.BREAKING, words, *says)
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
    change = Change(part, "", "body", Effect.UNDECIDED, "", old_says, new_says)
    if part == "request" and new is not None and new.get("required"):
        words = f"a request had no body, has one, with {', '.join(new['required'])} required"
        witness = Witness(ABSENT, "old")
        yield replace(change, effect=Effect.BREAKING, statement=words, witness=witness)
    elif part == "request" and new is not None:
        words = "a request had no body, has one"
        yield replace(change, statement=words, why=NONE_REQUIRED)
    elif old is not None:
        words = f"the {part} had a body, none is documented any more"
        yield replace(change, statement=words, why=SILENT)
    else:
        words = "the response had no documented body, has one"
        yield replace(change, effect=Effect.COMPATIBLE, statement=words)


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
    spoken = f"the {key[0]} parameter {key[1]}"
    old_says = replace(_stated(old, "parameters"), value=was or ABSENT)
    new_says = replace(_stated(new, "parameters"), value=now or ABSENT)
    required = [bool(side and side["required"]) for side in (was, now)]

    def change(
        effect: Effect, words: str, witness: Witness | None = None, why: str | None = None
    ) -> Change:
        statement, sides = f"{spoken} {words}", (old_says, new_says)
        return Change("operation", key[1], "parameter", effect, statement, *sides, witness, why)

    if now is None:
        yield change(
            Effect.UNDECIDED, "is not named any more", why="whether it is still taken is not said"
        )
    elif required == [False, True]:
        yield change(Effect.BREAKING, "is required" if was else "is new and required")
    elif was is None:
        yield change(Effect.COMPATIBLE, "is new and optional")
    elif required == [True, False]:
        yield change(Effect.COMPATIBLE, "is not required any more")
    if was and now and was["schema"] != now["schema"]:
        sent, taken = closed(was["schema"]), readable(now["schema"])
        if algebra.assertions(sent) == algebra.assertions(taken):
            return
        if algebra.covers(taken, sent) is Covers.YES:
            yield change(Effect.COMPATIBLE, "takes more values, or the same")
            return
        value = witnesses.find(sent, taken)
        if value is ABSENT:
            yield change(Effect.UNDECIDED, "takes other values", why=UNPROVEN)
        else:
            yield change(
                Effect.BREAKING, f"does not take {show(value)} any more", Witness(value, "old")
            )


def _stated(side: Mapping[str, Any], name: str) -> Stated:
    value = side.get(name)
    return replace(stated(side, name), value=ABSENT if value is None else value)
