"""Relations between members, the names in their sentences resolved to members."""

from collections.abc import Iterator

from contracts.derive.language.words import stems
from contracts.derive.model import Derived, Json, Node, Note, Relation


def relations(derived: Derived) -> Iterator[dict[str, Json]]:
    """Yield each relation whose names are all members beside the one described."""
    for place, relation in derived.relations:
        of = _arguments(derived, place, relation)
        if of is not None:
            yield {"at": place, "operator": relation.operator, "of": of, "line": relation.line}


def unresolved(derived: Derived) -> Iterator[Note]:
    """Yield a note for each relation that names something that is no member beside the one described."""  # noqa: E501
    for place, relation in derived.relations:
        if _arguments(derived, place, relation) is None:
            yield Note(
                relation.line, f"no members beside {place} are called {' and '.join(relation.of)}"
            )


def _arguments(derived: Derived, place: str, relation: Relation) -> list[Json] | None:
    parent = place.rpartition("/")[0]
    siblings = _members(derived, parent)
    of = [_named(name, siblings) for name in relation.of]
    return [f"{parent}/{name}" for name in of] if all(of) else None


def _members(derived: Derived, pointer: str) -> tuple[str, ...]:
    body, *parts = pointer.strip("/").split("/")
    node: Node | None = derived.request if body == "request" else derived.response
    for part in parts:
        if node is None:
            break
        node = (node.items or node.additional) if part == "*" else node.child(_plain(part))
    return tuple(name for name, _ in node.properties) if node else ()


def _plain(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")


def _named(name: str, siblings: tuple[str, ...]) -> str | None:
    """Return the member that a sentence names, in whatever case it writes it."""
    same = [sibling for sibling in siblings if sibling.lower() == name.lower()]
    close = [sibling for sibling in siblings if stems(sibling) == stems(name)]
    return next(iter(same or close), None)
