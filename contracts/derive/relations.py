"""Relations between members, the names in their sentences resolved to members."""

from contracts.derive.language.words import stems
from contracts.derive.model import Derived, Json, Node, Note, Relation


def relations(derived: Derived) -> tuple[list[Json], list[Note]]:
    """Return the relations whose names are all members beside the one described.

    Of the others notes: they name something that is no such member.
    """
    rows: list[Json] = []
    notes: list[Note] = []
    for place, relation in derived.relations:
        of = _arguments(derived, place, relation)
        if of is None:
            names = " and ".join(relation.of)
            notes.append(Note(relation.line, f"no members beside {place} are called {names}"))
        else:
            row: dict[str, Json] = {
                "at": place,
                "operator": relation.operator,
                "of": of,
                "line": relation.line,
            }
            rows.append(row)
    return rows, notes


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
