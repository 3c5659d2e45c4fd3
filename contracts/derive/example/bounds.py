"""What the generator shows for a number with bounds, and what its value therefore tells."""

import math

from contracts.derive.example.squashed import Bounds
from contracts.derive.language.constraints import number
from contracts.derive.model import Json, is_number
from contracts.derive.page.placeholders import NUMBER


def explained(bounds: Bounds, value: Json) -> bool:
    """Whether a generator shows this value for these bounds: their middle, or one beside one."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    low, high = ends(bounds)
    if low is not None and high is not None:
        middle = (low + high) / 2
        return math.isclose(value, middle, rel_tol=1e-9) or value == math.floor(middle)
    if low is not None:
        return (
            value in {low + 1, low} if bounds.lop == "<" or bounds.hop == ">" else value == low + 1
        )
    return high is not None and value in {high - 1, high, NUMBER}


def ends(bounds: Bounds) -> tuple[float | None, float | None]:
    """Return the lower and the upper end of a range."""
    low = number(bounds.low) if bounds.low is not None else None
    high = number(bounds.high) if bounds.high is not None else None
    if bounds.hop in {">", ">=", "≥"}:
        return high, None
    return low, high


def whole(bounds: Bounds, value: Json) -> bool:
    """Whether a value shows that a number is an integer: the middle was rounded down to it."""
    low, high = ends(bounds)
    if low is None or high is None or not isinstance(value, int | float):
        return False
    middle = (low + high) / 2
    return not middle.is_integer() and value == math.floor(middle)


def parted(bounds: Bounds, value: Json) -> tuple[Bounds, bool]:
    """Part the last bound from an example that is squashed behind it.

    Where the sample shows that example. `x >= 135000` with 35000 in the sample is at least 1, for
    example 35000.
    """
    text = bounds.high or ""
    shown = str(value)
    if not (bounds.last and is_number(value)) or explained(bounds, value):
        return bounds, False
    head = text.removesuffix(shown)
    if len(shown) == 1 or head in {text, "", "-"} or not _is_number(head):
        return bounds, False
    return Bounds(bounds.low, bounds.lop, bounds.hop, head), True


def headed(bounds: Bounds, value: Json) -> tuple[str | None, Bounds]:
    """Part the first bound from an array length that is squashed in front of it.

    Where the sample shows so. `31 <= x <= 60` with 30 in the sample is at most 3 items between 1
    and 60.
    """
    text = bounds.low or ""
    if explained(bounds, value):
        return None, bounds
    for cut in range(1, len(text)):
        rest = Bounds(text[cut:], bounds.lop, bounds.hop, bounds.high, bounds.last)
        if text[:cut].isdigit() and _is_number(text[cut:]) and explained(rest, value):
            return text[:cut], rest
    return None, bounds


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return not text.endswith(".")
