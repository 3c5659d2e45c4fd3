"""Two schemas walked side by side: where they differ, and what each difference does to callers.

Who sends is held to what is documented, who receives is not: callers send the members that the
old page names, and a server answers with those that the new one names. A change breaks when
the sender's body may be one that the receiver's schema refuses.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from contracts.diff import witnesses
from contracts.diff.model import Change, Effect, Witness
from contracts.diff.witnesses import Bodies, spoken
from contracts.model import ABSENT, Schema
from contracts.schema import algebra
from contracts.schema import keywords as schema_keywords
from contracts.schema.algebra import Covers
from contracts.schema.jsontext import escape, show
from contracts.schema.vocabulary import closed, is_readable, readable

# keywords that say one thing together, by the name that a change of them has
TOGETHER = (
    ("type", "enum", "const"),
    ("minimum", "exclusiveMinimum"),
    ("maximum", "exclusiveMaximum"),
)
ALONE = tuple(
    (name,)
    for name in schema_keywords.ASSERTIONS
    if name != "required" and not any(name in group for group in TOGETHER)
)
GROUPS: tuple[tuple[str, ...], ...] = (*TOGETHER, *ALONE)
UNREAD = "the suite can't read what is said here, so nothing is known of what it admits"
UNPROVEN = "the algebra of schemas doesn't decide it, and no body was found that shows a difference"
UNNAMED = "the new page does not name it: whether it is still {} is not said"


def compare(bodies: Bodies) -> Iterator[Change]:
    """Yield every change of a part; nothing when both sides say the same."""
    changes = list(_walk(bodies, bodies.old, bodies.new, ()))
    yield from changes
    admits, refuses = bodies.sides(bodies.old, bodies.new)
    if any(change.effect is Effect.BREAKING for change in changes):
        return
    if algebra.covers(readable(refuses), closed(admits)) is Covers.NO:
        body = witnesses.find(closed(admits), readable(refuses))
        if body is ABSENT:
            body = witnesses.of_remainder(closed(admits), readable(refuses))
        if body is not ABSENT or not any(change.effect is Effect.UNDECIDED for change in changes):
            words = "what changed in several places narrows the whole"
            change = bodies.change((), "schema", Effect.UNDECIDED, words, lines_of="type")
            witness = None if body is ABSENT else Witness(body, bodies.sender)
            yield _shown_by(change, witness)


def _walk(bodies: Bodies, old: Schema, new: Schema, path: witnesses.Path) -> Iterator[Change]:
    """Yield the changes at a path, then those of members, items and members of other names."""
    for keywords in GROUPS:
        if any(old.get(keyword, ABSENT) != new.get(keyword, ABSENT) for keyword in keywords):
            yield _keyword_change(bodies, old, new, path, keywords)
    if old.get("default", ABSENT) != new.get("default", ABSENT):
        yield _default_change(bodies, old, new, path)
    if old.get("deprecated", False) != new.get("deprecated", False):
        words = "deprecated" if new.get("deprecated") else "not deprecated any more"
        statement = f"{spoken(path)} is {words}"
        yield bodies.change(path, "deprecated", Effect.COMPATIBLE, statement)
    before = old.get("properties", {})
    after = new.get("properties", {})
    for member in dict.fromkeys([*before, *after]):
        yield from _required_change(bodies, old, new, path, member)
        if member in before and member in after:
            yield from _walk(bodies, before[member], after[member], (*path, member))
        else:
            yield from _member_change(bodies, old, new, path, member)
    for member in dict.fromkeys([*old.get("required", ()), *new.get("required", ())]):
        if member not in before and member not in after:
            yield from _required_change(bodies, old, new, path, member)
    if "items" in old or "items" in new:
        yield from _walk(bodies, old.get("items", {}), new.get("items", {}), (*path, "[]"))
    yield from _others_change(bodies, old, new, path)


def _keyword_change(
    bodies: Bodies, old: Schema, new: Schema, path: witnesses.Path, keywords: tuple[str, ...]
) -> Change:
    """Return the change of keywords that say one thing together, decided by the algebra."""
    sent, received = bodies.sides(old, new)
    differing = tuple(key for key in keywords if old.get(key, ABSENT) != new.get(key, ABSENT))
    statement = f"{spoken(path)} was {_words(old, differing)}, is {_words(new, differing)}"
    change = bodies.change(path, differing[0], Effect.UNDECIDED, statement)
    both = [(key, side[key]) for key in keywords for side in (old, new) if key in side]
    if not all(is_readable(key, value) for key, value in both):
        return replace(change, why=UNREAD)
    context = {
        key: value
        for key, value in readable(sent).items()
        if key in schema_keywords.ASSERTIONS and key != "required"
    }
    edited = {key: value for key, value in context.items() if key not in keywords}
    edited |= {key: received[key] for key in keywords if key in received}
    return _decided(bodies, change, algebra.covers(edited, context), path, keywords)


def _decided(
    bodies: Bodies, change: Change, covered: Covers, path: witnesses.Path, keywords: tuple[str, ...]
) -> Change:
    """Return a change with its effect: none where all that is sent is taken, else by a witness."""
    if covered is Covers.YES:
        return replace(change, effect=Effect.COMPATIBLE)
    return _shown_by(change, bodies.witness(path, keywords))


def _shown_by(change: Change, witness: Witness | None) -> Change:
    """Return a change that breaks where a body shows it, and is undecided where none was found."""
    if witness is None:
        return replace(change, effect=Effect.UNDECIDED, why=UNPROVEN)
    return replace(change, effect=Effect.BREAKING, witness=witness)


def _default_change(bodies: Bodies, old: Schema, new: Schema, path: witnesses.Path) -> Change:
    """Return the change of a default, which matters to requests that leave the member out."""
    before = old.get("default", ABSENT)
    after = new.get("default", ABSENT)
    statement = f"{spoken(path)} had {_named(before)}, has {_named(after)}"
    if bodies.part == "response":
        effect = Effect.COMPATIBLE
        why = "the response may hold the same values"
    elif ABSENT not in (before, after):
        effect = Effect.BREAKING
        why = "a request that leaves it out means something else now"
    else:
        why = "what a request without it meant, or means, is stated on one side only"
        effect = Effect.UNDECIDED
    return replace(bodies.change(path, "default", effect, statement), why=why)


def _required_change(
    bodies: Bodies, old: Schema, new: Schema, path: witnesses.Path, member: str
) -> Iterator[Change]:
    """Yield the change of a member that only one side requires."""
    was = member in old.get("required", ())
    now = member in new.get("required", ())
    if was == now:
        return
    old_says, new_says = bodies.stated(path, f"required/{escape(member)}")
    place = (*path, member)
    before, after = ("required" if side else "not required" for side in (was, now))
    fresh = "" if member in old.get("properties", {}) else ", and is new"
    unnamed = "" if member in new.get("properties", {}) else ", and is not named any more"
    words = f"{spoken(place)} was {before}, is {after}{fresh}{unnamed}"
    sides = replace(old_says, value=was), replace(new_says, value=now)
    where = schema_keywords.dotted(place)
    change = Change(bodies.part, where, "required", Effect.COMPATIBLE, words, *sides)
    demanded = now if bodies.part == "request" else was
    yield _shown_by(change, bodies.witness(path, ("required",), member)) if demanded else change


def _member_change(
    bodies: Bodies, old: Schema, new: Schema, path: witnesses.Path, member: str
) -> Iterator[Change]:
    """Yield the change of a member of one side, unless the change of `required` has said it."""
    is_gone = member in old.get("properties", {})
    sent, received = bodies.sides(old, new)
    is_sent = member in sent.get("properties", {})
    others = received.get("additionalProperties", True)
    required = member in (sent if is_sent else received).get("required", ())
    if required and (not is_sent or (bodies.part == "response" and others is True)):
        return
    place = (*path, member)
    words = f"{spoken(place)} is {'not named any more' if is_gone else 'new'}"
    change = bodies.change(place, "properties", Effect.COMPATIBLE, words, lines_of="type")
    if others is True or not is_sent:
        why = UNNAMED.format("taken" if is_sent else "sent") if is_gone else None
        yield replace(change, effect=Effect.UNDECIDED if is_gone else Effect.COMPATIBLE, why=why)
        return
    child = closed(schema_keywords.subschema(sent, (member,)))
    covered = algebra.covers(readable(others), child) if isinstance(others, Mapping) else Covers.NO
    yield _decided(bodies, change, covered, place, ())


def _others_change(
    bodies: Bodies, old: Schema, new: Schema, path: witnesses.Path
) -> Iterator[Change]:
    """Yield what differs in members that are not named."""
    before, after = (_others(side) for side in (old, new))
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _walk(bodies, before, after, (*path, "{}"))
        return
    words = f"were {_allowed(before)}, are {_allowed(after)}"
    statement = f"members of other names in {spoken(path)} {words}"
    change = bodies.change(path, "additionalProperties", Effect.COMPATIBLE, statement)
    change = replace(change, place=schema_keywords.dotted((*path, "{}")))
    sent, received = (before, after) if bodies.part == "request" else (after, before)
    if sent == NOT_DOCUMENTED or received != FORBIDDEN:
        yield change  # nothing undocumented is sent, or whatever is sent is taken
        return
    yield _decided(bodies, change, Covers.NO, path, ("additionalProperties",))


FORBIDDEN = "forbidden"
NOT_DOCUMENTED = "not documented"


def _others(schema: Schema) -> Schema | str:
    """Return the schema of members of other names, or a word: forbidden or not documented."""
    others = schema.get("additionalProperties", NOT_DOCUMENTED if "properties" in schema else True)
    if others is True:
        return {}
    return FORBIDDEN if others is False else others


def _allowed(others: Schema | str) -> str:
    return others if isinstance(others, str) else "allowed"


def _words(schema: Schema, keywords: tuple[str, ...]) -> str:
    """Return what a schema asks for by some keywords: ``at least 1, at most 9``."""
    words = [
        schema_keywords.expectation(schema_keywords.Keyword((), "", key, schema[key], schema))
        for key in keywords
        if key in schema
    ]
    return ", ".join(words) or "not limited in this way"


def _named(default: Any) -> str:
    return "no default" if default is ABSENT else f"the default {show(default)}"
