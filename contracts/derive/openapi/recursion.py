"""Which schemas hold themselves, through any number of references."""

from __future__ import annotations

from collections.abc import Iterator

from contracts.derive.marked import Array, Object, Part
from contracts.derive.openapi.document import Document


class Recursion:
    """Answers for one document whether a schema leads back to itself.

    Each answer is worked out once.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._targets: dict[int, tuple[Part, ...]] = {}
        self._answers: dict[int, bool] = {}

    def holds_itself(self, schema: Part) -> bool:
        """Whether following the references in a schema leads to the same schema again."""
        key = id(schema.value)
        if key not in self._answers:
            self._answers[key] = self._leads_to(schema, key)
        return self._answers[key]

    def _leads_to(self, schema: Part, key: int) -> bool:
        seen: set[int] = set()
        waiting = [schema]
        while waiting:
            for target in self._references(waiting.pop()):
                if id(target.value) == key:
                    return True
                if id(target.value) not in seen:
                    seen.add(id(target.value))
                    waiting.append(target)
        return False

    def _references(self, schema: Part) -> tuple[Part, ...]:
        """Return the schemas that a schema refers to."""
        key = id(schema.value)
        if key not in self._targets:
            targets = (
                self._document.resolve(Part.of(part), []) for part in _referring(schema.value)
            )
            self._targets[key] = tuple(target for target in targets if target is not None)
        return self._targets[key]


def _referring(value: object) -> Iterator[Object]:
    """Yield the objects with a reference inside a value; what aliases repeat is visited once."""
    seen: set[int] = set()
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if id(part) in seen or not isinstance(part, Object | Array):
            continue
        seen.add(id(part))
        if isinstance(part, Object) and isinstance(part.get("$ref"), str):
            yield part
        waiting += part.values() if isinstance(part, Object) else part
