"""What a new revision of an operation, or of a whole API, does to those who call it."""

from contracts.diff.apis import difference, difference_of_apis
from contracts.diff.model import Difference, Effect
from contracts.diff.sides import Side, read, read_all

__all__ = ["Difference", "Effect", "Side", "difference", "difference_of_apis", "read", "read_all"]
