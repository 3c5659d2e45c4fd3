"""Variables of a collection.

``{{base}}`` stands for what the collection itself says, where it does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from contracts.derive.marked import Part
from contracts.derive.samples import VARIABLE

_MOST_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Variables:
    """The variables that a collection fills in."""

    values: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, collection: Part) -> Variables:
        """Return the variables of a collection; one without a value stays unknown."""
        return cls().with_those_of(collection)

    def with_those_of(self, folder: Part) -> Variables:
        """Return these variables with those of a folder, which come first."""
        values = dict(self.values)
        listed = folder.get("variable")
        for part in listed.elements() if listed is not None else ():
            name, value = part.text("key") or part.text("id"), part.get("value")
            if (
                name
                and value is not None
                and isinstance(value.value, str | int | float)
                and value.value != ""
            ):
                values[name] = str(value.value)
        return Variables(values)

    def fill(self, text: str) -> str:
        """Return a text with the variables filled in that are known.

        A value may name further ones.
        """
        for _ in range(_MOST_ROUNDS):
            filled = VARIABLE.sub(lambda match: self.values.get(match[1].strip(), match[0]), text)
            if filled == text:
                return filled
            text = filled
        return text
