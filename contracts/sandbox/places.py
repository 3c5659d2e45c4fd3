"""JSON values by pointer: read, written, filled with members of others."""

import json
from collections.abc import Callable, Iterator
from typing import Any

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


def nearest_home(value: Any, members: dict[str, Any]) -> str:
    """Return the place of the object that has most of the members in common with others."""
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
