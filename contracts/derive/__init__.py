"""From a docs page to an operation and its schemas, every keyword with its lines.

What is not understood is listed with its line; UsageError says from what nothing is derived.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from contracts.derive.language.phrases import stems
from contracts.derive.model import Derived, Json, Node, Note, Refusal, schema
from contracts.derive.operation import operation_dict
from contracts.derive.recognise import reader, recognise
from contracts.derive.said import said_of
from contracts.errors import UsageError

__all__ = ["Reading", "choose", "derive", "readings"]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_MOST_LISTED = 20


@dataclass(frozen=True, slots=True)
class Reading:
    """One operation as it was read from an input, which has a kind, a name and a checksum."""

    derived: Derived
    kind: str
    name: str
    sha256: str

    @property
    def title(self) -> str:
        """The method and the path of the operation, as ``POST /orders``."""
        return f"{self.fact('method') or '?'} {self.fact('path') or '?'}"

    def fact(self, keyword: str) -> Json:
        """Return what is known of the operation by a keyword, such as ``server``, or None."""
        facts = self.derived.operation
        return next((fact.value for fact in facts if fact.keyword == keyword), None)

    def json(self) -> dict[str, Json]:
        """Return the operation with the schemas of its bodies, as `derive` does."""
        document: dict[str, Json] = {"name": self.name, "sha256": self.sha256}
        rendering = self.derived.rendering or self.kind
        return _written(self.derived, rendering, document)


def derive(text: bytes | str, *, name: str, operation: str | None = None) -> dict[str, Json]:
    """Return the operation of an input with the schemas of its bodies.

    `text` is the input and `name` the name under which the output refers to it; `operation`
    chooses one of several, as ``POST /orders``. The keys are `rendering`, `operation`, `request`
    and `response` (a schema or None), `relations` between members, `not_understood` (a list of
    ``{"line": number, "text": why and what}``), where the page documents answers that refuse
    `refusals`, and where a body was seen and nothing of it was read `unread`, with its line.
    """
    return choose(readings(text, name), operation, name).json()


def readings(text: bytes | str, name: str) -> tuple[Reading, ...]:
    """Return every operation that an input holds, each once; UsageError where it holds none."""
    raw = text.encode() if isinstance(text, str) else text
    kind, content = recognise(raw, name)
    digest = hashlib.sha256(raw).hexdigest()
    read = [Reading(derived, kind, name, digest) for derived in reader(kind)(content, name)]
    if not read:
        raise UsageError(f"{name} is {kind}, but no operation was found in it")
    return tuple({each.title: each for each in reversed(read)}.values())[::-1]


def _comparable(title: str) -> str:
    """Return a title without what may be written in several ways: case, parameters, last slash."""
    method, _, path = title.strip().partition(" ")
    return f"{method.upper()} {re.sub(r'{[^{}]*}', '{}', path.strip()).rstrip('/')}"


def choose(
    read: Sequence[Reading], operation: str | None, holder: str, otherwise: str = ""
) -> Reading:
    """Return the operation asked for, or the only one; UsageError says what `holder` holds."""
    titles = [reading.title for reading in read]
    shown = ", ".join(titles[:_MOST_LISTED])
    if len(titles) > _MOST_LISTED:
        shown += f" and {len(titles) - _MOST_LISTED} more"
    if operation is None:
        if len(read) > 1:
            raise UsageError(
                f"{holder} holds {len(read)} operations: {shown}; "
                f"choose one: --operation '{titles[0]}'{otherwise}"
            )
        return read[0]
    exact = [each for each in read if each.title == operation]
    same = [each for each in read if _comparable(each.title) == _comparable(operation)]
    if not (exact or same):
        raise UsageError(f"{holder} holds no operation {operation}; it holds {shown}")
    return (exact or same)[0]


def _written(derived: Derived, rendering: str, document: dict[str, Json]) -> dict[str, Json]:
    """Return the output for an operation."""
    related, unrelated = relations(derived)
    unread = [note for _, note in derived.unread]
    noted = dict.fromkeys((*unread, *derived.notes, *unrelated))
    notes = sorted(noted, key=lambda note: (note.line, note.text))

    def body(node: Node | None) -> Json:
        if node is None:
            return None
        return {"$schema": _DIALECT, "x-document": document, **schema(node)}

    out: dict[str, Json] = {
        "rendering": rendering,
        "operation": {"x-document": document, **operation_dict(derived.operation)},
        "said": said_of(derived),
        "request": body(derived.request),
        "response": body(derived.response),
        "relations": related,
        "not_understood": [{"line": note.line, "text": note.text} for note in notes],
    }
    if derived.refusals:
        out["refusals"] = [_refusal(refusal, body(refusal.body)) for refusal in derived.refusals]
    if derived.unread:
        out["unread"] = {part: note.line for part, note in derived.unread}
    return out


def _refusal(refusal: Refusal, body: Json) -> dict[str, Json]:
    """Return a documented refusal as the output has it."""
    lines: list[Json] = [refusal.span.first, refusal.span.last]
    return {
        "status": refusal.status,
        "media_type": refusal.media_type,
        "schema": body,
        "lines": lines,
    }


def relations(derived: Derived) -> tuple[list[Json], list[Note]]:
    """Return the relations between members of one object, and a note for each other one."""
    rows: list[Json] = []
    notes: list[Note] = []
    for place, relation in derived.relations:
        parent = place.rpartition("/")[0]
        siblings = _members(derived, parent)
        names = [name for said in relation.of if (name := _named(said, siblings))]
        if len(names) == len(relation.of):
            of: list[Json] = [f"{parent}/{name}" for name in names]
            row: dict[str, Json] = {"at": place, "operator": relation.operator, "of": of}
            rows.append({**row, "line": relation.line})
        else:
            text = f"no members beside {place} are called {' and '.join(relation.of)}"
            notes.append(Note(relation.line, text))
    return rows, notes


def _members(derived: Derived, pointer: str) -> tuple[str, ...]:
    """Return the names of the members at a place, such as ``/response/items/*``."""
    body, *parts = pointer.strip("/").split("/")
    node = derived.request if body == "request" else derived.response
    for part in parts:
        inside = node or Node()
        name = part.replace("~1", "/").replace("~0", "~")
        node = (inside.items or inside.additional) if part == "*" else inside.child(name)
    return tuple(name for name, _ in node.properties) if node else ()


def _named(name: str, siblings: tuple[str, ...]) -> str | None:
    """Return the member that a sentence names, in whatever case it writes it."""
    same = [sibling for sibling in siblings if sibling.lower() == name.lower()]
    close = [sibling for sibling in siblings if stems(sibling) == stems(name)]
    return next(iter(same or close), None)
