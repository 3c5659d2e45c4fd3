"""The sentences of a page: of the operation, and of each member of its bodies."""

from collections.abc import Iterator

from contracts.derive.model import Derived, Json, Node
from contracts.derive.operation import SAID


def said_of(derived: Derived) -> dict[str, Json]:
    """Return (line, text) of all sentences: of the operation a list, of members by their place.

    Example: ``{"operation": [[9, "Newest first."]], "request": {"/name": [14, "As sent"]}, ...}``.
    """
    facts = {fact.keyword: fact.value for fact in derived.operation}
    return {
        "operation": facts.get(SAID, []),
        "request": dict(_descriptions("", derived.request)),
        "response": dict(_descriptions("", derived.response)),
    }


def _descriptions(place: str, node: Node | None) -> Iterator[tuple[str, Json]]:
    """Yield (place, (line, text)) of a member and of those in it."""
    if node is None:
        return
    if said := node.get("description"):
        yield place, [said.span.first, said.value]
    for name, child in node.properties:
        yield from _descriptions(f"{place}/{name}", child)
    yield from _descriptions(f"{place}/*", node.items)
