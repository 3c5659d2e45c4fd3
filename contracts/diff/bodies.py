"""The bodies of one part on both sides: who sends them, and what each side says of a place."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from contracts.diff import witnesses
from contracts.diff.model import Change, Effect, Stated, Witness
from contracts.model import ABSENT, Schema
from contracts.schema.keywords import child, dotted
from contracts.schema.rewriting import closed, readable


@dataclass(frozen=True, slots=True)
class Bodies:
    """The schemas of one part on both sides, and which of them the sender is held to."""

    part: str  # "request" or "response"
    old: Schema
    new: Schema

    @property
    def sender(self) -> str:
        """The side whose documented bodies are sent."""
        return "old" if self.part == "request" else "new"

    def sides(self, old: Schema, new: Schema) -> tuple[Schema, Schema]:
        """Put two parts of the schemas in the order of sender and receiver."""
        return (old, new) if self.part == "request" else (new, old)

    def stated(self, path: witnesses.Path, key: str) -> tuple[Stated, Stated]:
        """Return what both sides say of a keyword at a path."""
        return _stated(self.old, path, key), _stated(self.new, path, key)

    def change(
        self,
        path: witnesses.Path,
        keyword: str,
        effect: Effect,
        statement: str,
        lines_of: str | None = None,
    ) -> Change:
        """Return a change at a path, with the lines of its keyword or of another."""
        sides = self.stated(path, lines_of or keyword)
        return Change(self.part, dotted(path), keyword, effect, statement, *sides)

    def witness(
        self, path: witnesses.Path, keywords: tuple[str, ...], member: str = ""
    ) -> Witness | None:
        """Return a body that the sender may send and the receiver refuses for these keywords."""
        admits, refuses = self.sides(self.old, self.new)
        body = witnesses.find(closed(admits), readable(refuses), path, keywords, member)
        return None if body is ABSENT else Witness(body, self.sender)


def _stated(root: Schema, path: witnesses.Path, key: str) -> Stated:
    """Return what a schema says of a keyword at a path, with its lines or those of a type above."""
    part: Schema | None = root
    known = Stated()
    for step in (None, *path):
        part = part if step is None or part is None else child(part, step)
        if part is None:
            return known
        known = stated(part, "type", known)
    return replace(stated(part or {}, key, known), value=(part or {}).get(key, ABSENT))


def stated(schema: Mapping[str, Any], key: str, otherwise: Stated = Stated()) -> Stated:  # noqa: B008 - frozen
    """Return the lines that a keyword of a schema was read from, without its value."""
    entry = schema.get("x-source", {}).get(key)
    if entry is None:
        return otherwise
    row = entry if isinstance(entry, Mapping) else {"lines": entry}
    return Stated(ABSENT, (row["lines"][0], row["lines"][1]), row.get("document"))


def spoken(path: witnesses.Path) -> str:
    """Return a path as a sentence has it."""
    return dotted(path) or "the whole"
