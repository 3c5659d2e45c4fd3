"""What a described server does so that the relations of its contract hold, on values by pointer.

A relation is a row of the contract as data: an operator by its name (``op``) and its
arguments.
"""

import json
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from contracts.sandbox.http import Refusal

NOTHING = object()  # what is at a place that there is not


def copied(value: Any) -> Any:
    """Return a copy of a JSON value, however deep it is."""
    return json.loads(json.dumps(value))


def at(value: Any, pointer: str) -> Any:
    """Return what is at a pointer; NOTHING where there is nothing."""
    for token in _tokens(pointer):
        if isinstance(value, list) and token.isdecimal() and int(token) < len(value):
            value = value[int(token)]
        elif isinstance(value, dict) and token in value:
            value = value[token]
        else:
            return NOTHING
    return value


def put(value: Any, pointer: str, part: Any) -> Any:
    """Return a value with a part in its place; as it was where there is no such object."""
    if not pointer:
        return part
    parent, _, name = pointer.rpartition("/")
    home = at(value, parent)
    if isinstance(home, list) and name.isdecimal() and int(name) < len(home):
        home[int(name)] = part
    elif isinstance(home, dict):
        home[name.replace("~1", "/").replace("~0", "~")] = part
    return value


def spread(value: Any, pointer: str, others: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield a pointer with an index for each ``*``, and other pointers with the same ones."""
    head, star, rest = pointer.partition("/*")
    if not star:
        yield (pointer, *others)
        return
    items = at(value, head)
    for index in range(len(items) if isinstance(items, list) else 0):
        filled = tuple(other.replace("/*", f"/{index}", 1) for other in others)
        yield from spread(value, f"{head}/{index}{rest}", filled)


def homes(value: Any, kind: type, pointer: str = "", depth: int = 0) -> Iterator[str]:
    """Yield the places of objects, or arrays, near the root of a value; nearest first."""
    if isinstance(value, kind):
        yield pointer
    if isinstance(value, dict) and depth < 2:
        for name, part in value.items():
            yield from homes(part, kind, f"{pointer}/{_token(name)}", depth + 1)


def nearest_home(value: Any, members: dict[str, Any], likely: str | None = None) -> str:
    """Return the place of the object that has most of the members; the likely if it has any.

    Example: the root, ``""``, of ``{"data": {"id": 1}}`` for ``{"data": {}}``.
    """
    if likely is not None and _names(at(value, likely)) & members.keys():
        return likely
    places = list(homes(value, dict)) or [""]
    return max(places, key=lambda place: len(_names(at(value, place)) & members.keys()))


def carry(value: Any, pointer: str, source: Any, fits: Callable[[Any], bool]) -> Any:
    """Return a value into which a source was copied at a pointer, as far as the whole still fits.

    An object takes the members of the source that it has itself, each by the same rule; an array
    takes the source's items. Any other part that would not fit stays as it was. Example: with
    ``{"note": "hi", "age": 7}`` carried to the root, ``{"note": "", "id": 1}`` becomes
    ``{"note": "hi", "id": 1}``.
    """
    before = at(value, pointer)
    if before is NOTHING:
        return value
    changed = put(copied(value), pointer, copied(source))
    if not isinstance(before, dict) or not isinstance(source, dict):
        if fits(changed):
            return changed
        if isinstance(before, list) and isinstance(source, list) and before:
            if len(before) != len(source):
                value = put(value, pointer, [copied(before[0]) for _ in source])
            for index, item in enumerate(source):
                value = carry(value, f"{pointer}/{index}", item, fits)
        return value
    if not before and fits(changed):
        return changed
    for name, part in source.items():
        if name in before:
            value = carry(value, f"{pointer}/{_token(name)}", part, fits)
    return value


def _names(value: Any) -> set[str]:
    return set(value) if isinstance(value, dict) else set()


def _token(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _tokens(pointer: str) -> Iterator[str]:
    return (token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:])


Row = Mapping[str, Any]
Parameters = Mapping[str, str]


def hold(
    rows: Iterable[Row], value: Any, sent: Any, parameters: Parameters, fits: Callable[[Any], bool]
) -> Any:
    """Return an answer with what its relations ask for, as far as it `fits`."""
    for row in rows:
        if row["op"] in HOLD:
            changed = HOLD[row["op"]](row, copied(value), sent, parameters)
            value = changed if row["op"] != "echo" or fits(changed) else value
    return value


def check_echoes(rows: Iterable[Row], value: Any, sent: Any) -> None:
    """Refuse (400) a member that has to come back as it was sent, where the answer has another."""
    for row in rows:
        part = at(sent, row["request"]) if row["op"] == "echo" else None
        if part not in (NOTHING, None) and at(value, row["response"]) not in (NOTHING, part):
            raise Refusal(400, f"{row['request'][1:]} is not taken")


def _echo(row: Row, value: Any, sent: Any, _: Parameters) -> Any:
    part = at(sent, row["request"])
    if part is NOTHING or part is None or at(value, row["response"]) is NOTHING:
        return value
    return put(value, row["response"], part)


def _default(row: Row, value: Any, sent: Any, _: Parameters) -> Any:
    if at(sent, row["request"]) is NOTHING and at(value, row["response"]) is not NOTHING:
        return put(value, row["response"], row.get("value"))
    return value


def _product(row: Row, value: Any, _: Any, __: Parameters) -> Any:
    for place, *factors in list(spread(value, row["equals"], tuple(row["of"]))):
        numbers = [at(value, factor) for factor in factors]
        if all(type(number) in (int, float) for number in numbers):
            product = math.prod(Decimal(str(number)) for number in numbers)
            whole = product == int(product)
            value = put(value, place, int(product) if whole else float(product))
    return value


def _equal(row: Row, value: Any, _: Any, __: Parameters) -> Any:
    for left, right in list(spread(value, row["left"], (row["right"],))):
        part = at(value, right)
        value = value if part is NOTHING else put(value, left, part)
    return value


def _parameter(row: Row, value: Any, _: Any, parameters: Parameters) -> Any:
    text = parameters.get(row["parameter"], row.get("default"))
    for (place,) in list(spread(value, row.get("response", row.get("item", "")))):
        if text is not None and at(value, place) is not NOTHING:
            number = isinstance(at(value, place), int) and text.lstrip("-").isdecimal()
            value = put(value, place, int(text) if number else text)
    return value


def _not_before(row: Row, value: Any, _: Any, __: Parameters) -> Any:
    earlier = at(value, row["earlier"])
    if earlier in (NOTHING, None) or at(value, row["later"]) in (NOTHING, None):
        return value
    return put(value, row["later"], earlier)


def _fixed_amount(row: Row, value: Any, _: Any, __: Parameters) -> Any:
    place = row["percentage"]
    return value if at(value, place) is NOTHING else put(value, place, None)


HOLD: Mapping[str, Callable[[Row, Any, Any, Parameters], Any]] = {
    "echo": _echo,
    "echo_members": _echo,
    "default": _default,
    "is": lambda row, value, _, __: put(value, row["response"], row["value"]),
    "product": _product,
    "equal": _equal,
    "parameter": _parameter,
    "filtered": _parameter,
    "not_before": _not_before,
    "fixed_amount": _fixed_amount,
}


def asked(
    rows: Sequence[Row], items: Sequence[Any], query: Mapping[str, str], lacks: Collection[str]
) -> tuple[list[Any], str | None]:
    """Return the items that a query asks for, in its order: all of them where it asks nothing.

    And what asks for the next page, None behind the last. Of what the server lacks, filters and
    sizes are passed over.
    """
    chosen = list(items)
    for row in rows:
        text = query.get(row.get("parameter", ""))
        if row["op"] == "filtered" and "items" in row and "filtered" not in lacks:
            chosen = _filtered(row, chosen, text)
        elif row["op"] == "ordered":
            chosen = _ordered(row, chosen, text, is_turned="ordered" in lacks)
    return (chosen, None) if "sized" in lacks else _page(rows, chosen, query)


def _filtered(row: Row, items: list[Any], text: str | None) -> list[Any]:
    """Return the items that have the value which a query's text asks for."""
    if text is None or row.get("asked", text) != text:
        return items
    wanted = _text(row.get("value", text))
    return [item for item in items if _text(at(item, row["item"])) == wanted]


def _ordered(row: Row, items: list[Any], text: str | None, *, is_turned: bool) -> list[Any]:
    """Return items in the order that a query's text asks for; `is_turned` turns it round."""
    is_usual = text is None and row.get("default")
    if not is_usual and text not in (row["ascending"], row["descending"]):
        return items
    values = [at(item, row["by"]) for item in items]
    if NOTHING in values or len({type(value) for value in values} - {int, float}) > 1:
        return items  # which can't be compared
    descends = not row.get("ascends") if text is None else text == row["descending"]
    downwards = descends != is_turned
    return sorted(items, key=partial(at, pointer=row["by"]), reverse=downwards)


def _page(
    rows: Sequence[Row], items: list[Any], query: Mapping[str, str]
) -> tuple[list[Any], str | None]:
    """Return the page of items that a query asks for, and what asks for the next one."""
    sizes = [row["default"] for row in rows if row["op"] == "sized" and "default" in row]
    usual = str(sizes[0]) if sizes else ""
    for row in sorted(rows, key=lambda row: row["op"] != "paged"):
        size = query.get(row.get("take", row.get("parameter", "")), usual)
        if row["op"] in ("paged", "sized") and size.isdecimal():
            begin = _first_of_page(row, items, query.get(row.get("skip", ""), "0"), int(size))
            end = begin + int(size)
            return items[begin:end], str(end) if end < len(items) else None
    return items, None


def _first_of_page(row: Row, items: list[Any], text: str, size: int) -> int:
    """Return the place of a page's first item: behind an id, of a numbered page, or a count."""
    if "/*" in row.get("following", ""):  # the id of the last item
        place = row["following"].rpartition("/*")[2]
        names = [_text(at(item, place)) for item in items]
        return names.index(text) + 1 if text in names else 0
    count = int(text) if text.isdecimal() else 0
    if "first_page" in row:
        count = (count - row["first_page"]) * size
    return max(count, 0)


def led_on(
    rows: Iterable[Row], value: Any, following: str | None, fits: Callable[[Any], bool]
) -> Any:
    """Return a list that says what asks for its next page; nothing, or no text, behind the last."""
    for row in rows:
        if "/*" not in row.get("following", "/*"):
            ended = put(copied(value), row["following"], following)
            value = ended if fits(ended) else put(value, row["following"], following or "")
    return value


def _text(value: Any) -> str:
    """Return a value as an address has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
